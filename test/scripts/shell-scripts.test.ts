import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { repositoryRoot } from '../support/repository.ts';

const recipes = 'samples/elf/recipes';
const scripts = ['scripts', 'lab', recipes].flatMap((folder) =>
  readdirSync(join(repositoryRoot, folder))
    .filter((name) => name.endsWith('.sh'))
    .map((name) => join(folder, name)),
);
const contentOf = (script: string) => readFileSync(join(repositoryRoot, script), 'utf8');

/** Where build-samples.sh says that the tools of its recipes lie, seen from the folder that it works in. */
function toolsFolder(): string {
  const [, folder] = /^tools=(\S+)/m.exec(contentOf('scripts/build-samples.sh')) ?? [];
  assert.ok(folder, 'build-samples.sh names no tools');
  return join('samples/elf/sources', folder);
}

/** Files that a script runs or reads by their place. */
function namedBy(script: string): string[] {
  const named = [...contentOf(script).matchAll(/\$(here|tools)\/([\w./-]+\.(?:sh|mjs|py))\b/g)];
  return named.map(([, start, name = '']) =>
    join(start === 'here' ? dirname(script) : toolsFolder(), name),
  );
}

describe('scripts', () => {
  for (const script of scripts) {
    if (contentOf(script).startsWith('#!'))
      it(`${script} names its shell, so it can be executed`, () => {
        const { mode } = statSync(join(repositoryRoot, script));
        assert.notEqual(mode & 0o100, 0);
      });
    if (namedBy(script).length > 0)
      it(`${script} names scripts that are there`, () => {
        const gone = namedBy(script).filter((each) => !existsSync(join(repositoryRoot, each)));
        assert.deepEqual(gone, []);
      });
  }
});
