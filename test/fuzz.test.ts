import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { randomFrom } from '../fuzz/random.ts';
import { elfSampleNames, largeElfSampleNames } from '../fuzz/samples.ts';
import { expectNothingCleared, withoutEachPart } from '../fuzz/subjects/elf.ts';
import { subjects } from '../fuzz/subjects.ts';
import { repositoryRoot } from './support/repository.ts';

/** Enough to notice a broken invariant in a minute; `npm run fuzz` does the rest. */
const runs = 60;

/** Inputs that once broke a promise, kept by `test/fuzz/inputs/SUBJECT/NAME`; `damaged-ORIGIN-…` are parts of a sound one. */
const inputs = join(repositoryRoot, 'test', 'fuzz', 'inputs');

describe('invariants under random changes', { timeout: 300_000 }, () => {
  for (const subject of subjects) {
    it(`${subject.name}: ${runs} seeds`, async () => {
      for (let seed = 0; seed < runs; seed += 1)
        await subject.check(await subject.make(randomFrom(seed)));
    });

    const folder = join(inputs, subject.name);
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      it(`${subject.name}: ${name}`, async () => {
        const bytes = readFileSync(join(folder, name));
        const origin = /^damaged-([^-]+)-/.exec(name)?.[1] ?? '';
        await subject.check({ bytes, origin, isDamaged: origin !== '' });
      });
    }
  }

  it('no table, segment or section of an ELF sample can be lost and clear the file of a failure', () => {
    for (const name of [...elfSampleNames(), ...largeElfSampleNames()])
      for (const bytes of withoutEachPart(name)) expectNothingCleared(bytes, name);
  });

  it('makes the same input of the same seed', async () => {
    for (const { name, make } of subjects) {
      const [first, second] = [await make(randomFrom(7)), await make(randomFrom(7))];
      assert.deepEqual(first, second, name);
    }
  });
});
