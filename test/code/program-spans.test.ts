import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { canaryCode } from '../../src/code/canaries/canary.ts';
import { executableRanges } from '../../src/code/functions/executable-ranges.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { repositoryRoot } from '../support/repository.ts';

const sample = (name: string): Elf =>
  readElf(bytesOf(readFileSync(join(repositoryRoot, 'samples/elf', name))));

describe('the program in a static executable', () => {
  it('has no canaries where only libc was built with them', () => {
    const code = canaryCode(sample('x86_64-glibc-gcc-static-none-stripped'));
    assert.deepEqual(
      [code?.whole.found, code?.program?.found, code?.program?.instructions, code?.programHasMain],
      [true, false, 0, true],
    );
  });

  it('is not looked for where the start code is not that of a C library', () => {
    assert.equal(canaryCode(sample('x86_64-none-go-static-stripped'))?.program, null);
  });
});

describe('executable ranges', () => {
  const names = ['x86_64-glibc-gcc-pie-hardened', 'aarch64-glibc-gcc-pie-hardened'];
  for (const name of names) {
    it(`of ${name} are the same code with and without section headers`, () => {
      const count = (elf: Elf) => canaryCode(elf)?.whole.instructions;
      assert.equal(count(sample(`${name}-nosections`)), count(sample(name)));
    });
  }

  it('never overlap and never exceed the file', () => {
    const elf = sample('x86_64-glibc-gcc-pie-overlapping');
    let end = 0;
    for (const range of executableRanges(elf)) {
      assert.ok(range.offset >= end && range.end <= elf.bytes.size);
      end = range.end;
    }
  });

  it('ignore section headers that leave the entry point out', () => {
    const lying = executableRanges(sample('x86_64-glibc-gcc-pie-liesinsections'));
    assert.ok(lying.reduce((sum, { offset, end }) => sum + end - offset, 0) > 0);
  });
});
