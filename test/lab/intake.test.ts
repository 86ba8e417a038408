import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { intakeCases } from '../../lab/intake/cases.ts';
import { repositoryRoot } from '../support/repository.ts';

/** Running them requires root and runtimes: lab/compare-intake.ts. */
describe('differences from runtimes', () => {
  const text = readFileSync(join(repositoryRoot, 'docs/sources.md'), 'utf8').replace(/\s+/g, ' ');
  for (const { name, differs } of intakeCases)
    if (differs !== undefined)
      it(`docs/sources.md has the reason of "${name}"`, () => {
        assert.ok(text.includes(`- ${differs.because}`), differs.because);
      });
});

it('no two cases have one name', () => {
  const names = intakeCases.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  );
});
