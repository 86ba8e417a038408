import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import { extractFacts } from '../../src/extraction/extract-facts.ts';
import type { Taker } from '../../src/facts/acceptance.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { sampleBinary, verdictsOf } from '../support/verdicts/verdicts-of.ts';

const program = sampleBinary('x86_64-glibc-gcc-pie-hardened');
const object = sampleBinary('x86_64-glibc-gcc-object-hardened');

function edited(buffer: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(buffer);
  copy.set(bytes, at);
  return copy;
}

/** p_memsz of its last PT_LOAD is p_filesz, so that Linux starts it whatever is cut. */
const withoutZeros = edited(program, 0x180, 0x98);

/** Behind the magic, the same in every run. */
const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919 + 131) % 251));
const randomBytes = Buffer.concat([Buffer.from('\x7fELF'), noise]);

const cases: readonly {
  readonly name: string;
  readonly input: Buffer;
  readonly by: Taker;
  readonly refusal?: RegExp;
}[] = [
  { name: 'a program', input: program, by: 'kernel' },
  { name: 'a static program', input: sampleBinary('i386-glibc-gcc-nopie-bare'), by: 'kernel' },
  { name: 'a program with a false class', input: edited(program, 4, 7), by: 'kernel' },
  { name: 'a program with a false byte order', input: edited(program, 5, 9), by: 'kernel' },
  {
    name: 'a program of a machine whose kernels ask the class',
    input: edited(sampleBinary('riscv64-glibc-gcc-pie-hardened'), 4, 7),
    by: 'loader',
    refusal: /^EI_CLASS is 7 at 0x4, expected 2$/,
  },
  {
    name: 'more bytes in the file than in memory',
    input: sampleBinary('x86_64-glibc-gcc-pie-filesizeovermemory'),
    by: 'loader',
    refusal: /more bytes in the file than in memory$/,
  },
  { name: 'an object file', input: object, by: 'linker', refusal: /^e_type/ },
  {
    name: 'a kernel module',
    input: sampleBinary('x86_64-none-gcc-module-bare'),
    by: 'module-loader',
    refusal: /^e_type/,
  },
  { name: 'a core file', input: sampleBinary('x86_64-none-core'), by: 'core-reader' },
  {
    name: 'a machine that Linux does not run',
    input: buildElf({ type: ET.EXEC, machine: EM.BPF, isDynamic: false }).buffer,
    by: 'boot-loader',
    refusal: /^e_machine is 247/,
  },
  { name: 'random bytes', input: randomBytes, by: 'nothing', refusal: /EI_CLASS is 131/ },
  { name: 'four bytes', input: program.subarray(0, 4), by: 'nothing', refusal: /file ends at 0x4/ },
  { name: 'half a header', input: program.subarray(0, 40), by: 'nothing' },
  {
    name: 'a program cut before its program headers',
    input: program.subarray(0, 64),
    by: 'nothing',
    refusal: /^the program headers cannot be read/,
  },
  {
    name: 'a program cut within its program headers',
    input: program.subarray(0, 200),
    by: 'nothing',
    refusal: /^the program headers cannot be read/,
  },
  {
    name: 'a program cut before its dynamic section, which its loader reads first',
    input: program.subarray(0, 0x2000),
    by: 'nothing',
    refusal: /^PT_DYNAMIC is at address 0x3d88, in a page behind the end of the file at 0x2000$/,
  },
  {
    name: 'a program cut behind its dynamic section',
    input: program.subarray(0, 0x3008),
    by: 'kernel',
  },
  {
    name: 'a program cut before its dynamic section, with a loader of its own',
    input: edited(withoutZeros.subarray(0, 0x2000), 0x318, ...Buffer.from('/opt/loader\0')),
    by: 'kernel',
  },
  {
    name: 'a program that Linux starts, cut before its dynamic section, with a loader of a usual name alone',
    input: withoutZeros.subarray(0, 0x2000),
    by: 'kernel',
  },
  {
    name: 'a static PIE cut before its dynamic section, which it does without',
    input: sampleBinary('x86_64-none-gcc-staticpie-cut'),
    by: 'kernel',
  },
  {
    name: 'a static program cut before its first instruction',
    input: sampleBinary('x86_64-none-gcc-static-tiny').subarray(0, 0x1000),
    by: 'nothing',
    refusal: /^the entry point is at address 0x[\da-f]+, in a page behind the end of the file/,
  },
  {
    name: 'a library cut before its dynamic section',
    input: sampleBinary('x86_64-glibc-gcc-lib-hardened').subarray(0, 0x2000),
    by: 'nothing',
    refusal: /^PT_DYNAMIC/,
  },
  {
    name: 'a program of a machine with pages of 64 KiB, where zeros stand for what was cut',
    input: sampleBinary('aarch64-glibc-gcc-pie-truncated'),
    by: 'loader',
  },
  {
    name: 'debug information, which lost its bytes on purpose',
    input: sampleBinary('x86_64-glibc-gcc-debugonly'),
    by: 'loader',
  },
  {
    name: 'an object file without the section headers at its end',
    input: object.subarray(0, -64),
    by: 'nothing',
    refusal: /expected at offset/,
  },
];

describe('acceptance', () => {
  for (const { name, input, by, refusal } of cases) {
    it(`${name}: ${by}`, () => {
      const { acceptance } = extractFacts(input, new Set(['acceptance']));
      assert.ok(acceptance.known);
      assert.equal(acceptance.value.by, by);
      if (by === 'kernel') assert.equal(acceptance.value.refusal, null);
      if (refusal !== undefined) assert.match(acceptance.value.refusal ?? '', refusal);
    });
  }

  for (const { name, input } of cases.filter(({ by }) => by === 'nothing')) {
    it(`${name}: no rule applies`, () => {
      assert.deepEqual([...new Set(verdictsOf(input).values())], ['not-applicable']);
    });
  }
});
