import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import processorCode from '../../src/facts/processor-code.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const codeOf = (sample: string) =>
  processorCode(readElf(bytesOf(readFileSync(join(repositoryRoot, 'samples/elf', sample)))));

describe('what code needs of the processor', () => {
  it('is certain where main and what it calls straight get there on all paths', () => {
    const { certain, choosesBy } = codeOf('x86_64-glibc-gcc-pie-avx') ?? assert.fail();
    assert.equal(certain?.level, 'x86-64-v3');
    assert.equal(choosesBy, null);
    assert.equal(codeOf('x86_64-glibc-gcc-pie-sse4')?.certain?.level, 'x86-64-v2');
  });

  it('is chosen at run time where an IFUNC asks by CPUID', () => {
    const { certain, choosesBy, instructions } =
      codeOf('x86_64-glibc-gcc-pie-clones') ?? assert.fail();
    assert.equal(certain, null);
    assert.match(choosesBy ?? '', /^(CPUID|IFUNC|__cpu)/);
    assert.ok(instructions.some(({ level }) => level === 'x86-64-v3'));
  });

  it('is nothing beyond the first level in usual builds, and not asked of other machines', () => {
    assert.deepEqual(codeOf('x86_64-glibc-gcc-pie-hardened')?.instructions, []);
    assert.equal(codeOf('aarch64-glibc-gcc-pie-hardened'), null);
  });

  it('is not certain behind a branch, and behind a jump that leads anywhere', () => {
    // vzeroupper
    const avx = 'c5f877';
    const certainOf = (code: string) => {
      // Without a system call it would be boot code.
      const bytes = Buffer.from(`${code}0f05`, 'hex');
      const described = { machine: EM.X86_64, type: ET.EXEC, isDynamic: false, code: bytes };
      const first = buildElf(described);
      const entry = first.region('code').address;
      return processorCode(buildElf({ ...described, entry: Number(entry) }).elf)?.certain ?? null;
    };
    assert.equal(certainOf(`${avx}c3`)?.level, 'x86-64-v3');
    // je over it
    assert.equal(certainOf(`7403${avx}c3`), null);
    // jmp *%rax
    assert.equal(certainOf(`ffe0${avx}c3`), null);
    // A function that is called, and one that is not.
    assert.equal(certainOf(`e801000000c3${avx}c3`)?.level, 'x86-64-v3');
    assert.equal(certainOf(`c3${avx}c3`), null);
  });
});
