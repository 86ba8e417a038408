import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import { extractFacts } from '../../src/extraction/extract-facts.ts';
import type { Taker } from '../../src/facts/acceptance.ts';
import { buildElf } from '../support/elf-builder.ts';
import { sampleBinary, verdictsOf } from '../support/verdicts-of.ts';

const program = sampleBinary('x86_64-glibc-gcc-pie-hardened');
const object = sampleBinary('x86_64-glibc-gcc-object-hardened');

function edited(buffer: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(buffer);
  copy.set(bytes, at);
  return copy;
}

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
