import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PF, PT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { staticSlots } from '../../src/facts/link-tables/static-slots.ts';
import { repositoryRoot } from '../support/repository.ts';

const irelative = 37;
const codeAddress = 0x401000n;
const dataAddress = 0x404000n;
const tableOffset = 64 + 2 * 56;

interface Entry {
  readonly slot: bigint;
  readonly type?: bigint;
  readonly resolver?: bigint;
}

const cases: readonly {
  readonly name: string;
  readonly input: readonly Entry[];
  readonly want: readonly bigint[];
}[] = [
  { name: 'finds nothing in a program without a table', input: [], want: [] },
  {
    name: 'finds each slot',
    input: [{ slot: dataAddress }, { slot: dataAddress + 8n }],
    want: [dataAddress, dataAddress + 8n],
  },
  { name: 'ignores other relocations', input: [{ slot: dataAddress, type: 6n }], want: [] },
  {
    name: 'ignores one that names a symbol',
    input: [{ slot: dataAddress, type: (3n << 32n) | 37n }],
    want: [],
  },
  { name: 'ignores a slot in code', input: [{ slot: codeAddress }], want: [] },
  { name: 'ignores a slot that is not aligned', input: [{ slot: dataAddress + 1n }], want: [] },
  {
    name: 'ignores a resolver in data',
    input: [{ slot: dataAddress, resolver: dataAddress }],
    want: [],
  },
];

describe('slots of static programs', () => {
  for (const { name, input, want } of cases) {
    it(name, () => {
      assert.deepEqual(staticSlots(readElf(bytesOf(staticProgram(input))), irelative), want);
    });
  }

  for (const [name, count] of [
    ['x86_64-glibc-gcc-static-none-stripped', 25],
    ['x86_64-none-gcc-static-tiny', 0],
  ] as const) {
    it(`finds ${count} in ${name}`, () => {
      const buffer = readFileSync(join(repositoryRoot, 'samples/elf', name));
      assert.equal(staticSlots(readElf(bytesOf(buffer)), irelative).length, count);
    });
  }

  for (const { name, lost, message } of [
    { name: 'its table is zeros', lost: [0x2d8, 0x258], message: /^\.rela\.plt holds nothing but/ },
    {
      name: 'its table and the section headers are zeros',
      lost: [0x2d8, 0x258, 0xa74a8, 28 * 64],
      message: /^the section header table holds nothing but zeros/,
    },
  ] as const) {
    it(`does not call a program free of slots when ${name}`, () => {
      const buffer = readFileSync(
        join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-static-none-stripped'),
      );
      for (let index = 0; index < lost.length; index += 2)
        buffer.fill(0, lost[index], (lost[index] ?? 0) + (lost[index + 1] ?? 0));
      assert.throws(() => staticSlots(readElf(bytesOf(buffer)), irelative), {
        name: 'MalformedElf',
        message,
      });
    });
  }
});

/** An executable segment with headers and the table, and a writable one. */
function staticProgram(entries: readonly Entry[]): Buffer {
  const table = entries.flatMap(({ slot, type = 37n, resolver = codeAddress }) => [
    slot,
    type,
    resolver,
  ]);
  const size = BigInt(tableOffset + table.length * 8 + 64);
  const buffer = Buffer.alloc(Number(size) + 64);
  buffer.write('\x7fELF\x02\x01\x01', 'latin1');
  buffer.writeUInt16LE(2, 16);
  buffer.writeUInt16LE(62, 18);
  buffer.writeUInt32LE(1, 20);
  buffer.writeBigUInt64LE(64n, 32);
  for (const [at, value] of [
    [52, 64],
    [54, 56],
    [56, 2],
    [58, 64],
  ] as const)
    buffer.writeUInt16LE(value, at);
  programHeader(buffer, 64, PF.R | PF.X, 0n, codeAddress, size);
  programHeader(buffer, 120, PF.R | PF.W, size, dataAddress, 64n);
  table.forEach((word, index) => {
    buffer.writeBigUInt64LE(word, tableOffset + index * 8);
  });
  return buffer;
}

function programHeader(
  buffer: Buffer,
  at: number,
  flags: number,
  offset: bigint,
  address: bigint,
  size: bigint,
) {
  buffer.writeUInt32LE(PT.LOAD, at);
  buffer.writeUInt32LE(flags, at + 4);
  [offset, address, address, size, size, 1n].forEach((word, index) => {
    buffer.writeBigUInt64LE(word, at + 8 + index * 8);
  });
}
