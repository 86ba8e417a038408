import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { betterVerdicts, judgeFile } from '../../lab/marks/judge-marks.ts';
import { marked, marks } from '../../lab/marks/marks.ts';
import { repositoryRoot } from '../support/repository.ts';

/** Programs that fail something; `check-marks` takes all of them. */
const programs = [
  'x86_64-glibc-gcc-nopie-bare',
  'x86_64-glibc-gcc-pie-execstack',
  'x86_64-glibc-gcc-pie-ssp-none',
  'x86_64-musl-gcc-nopie-bare',
  'x86_64-musl-gcc-staticpie-none-stripped',
  'x86_64-glibc-gcc-static-none-stripped',
  'x86_64-none-gcc-static-tiny',
  'i386-glibc-gcc-nopie-bare',
  'aarch64-glibc-gcc-nopie-bare-nosections',
  'mips-glibc-gcc-nopie-bare',
  'mips-glibc-gcc-lib-plain',
  'aarch64-glibc-gcc-pie-clash-none',
  'aarch64-glibc-gcc-pie-overlapping',
  'x86_64-glibc-gcc-pie-asan',
  'aarch64-glibc-gcc-pie-cxxplain',
].map((name) => {
  const file = readFileSync(join(repositoryRoot, 'samples/elf', name));
  return { name, file, before: judgeFile(file) };
});

describe('marks', () => {
  it('are many, each under a name of its own', () => {
    assert.ok(marks.length >= 90, `${marks.length} marks`);
    assert.equal(new Set(marks.map(({ name }) => name)).size, marks.length);
  });

  for (const mark of marks) {
    it(`make no verdict better: ${mark.name}`, () => {
      const tried = programs.flatMap(({ name, file, before }) => {
        const changed = marked(mark, file);
        return changed === null ? [] : [{ name, before, after: judgeFile(changed) }];
      });
      assert.notDeepEqual(tried, [], 'some program has room for it');
      const better = tried.flatMap(({ name, before, after }) =>
        betterVerdicts(mark, before, after).map((each) => `${name}: ${each}`),
      );
      assert.deepEqual(better, []);
      for (const { before, after } of tried) assert.equal(after.takenBy, before.takenBy);
    });
  }
});
