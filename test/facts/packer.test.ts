import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOf } from '../../src/elf/bytes.ts';
import { ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import packer from '../../src/facts/packer.ts';
import { buildElf } from '../support/elf-builder.ts';

const notice = '$Info: This file is packed with the UPX executable packer $';

interface Case {
  readonly name: string;
  /** Bytes from the end of the program headers on. */
  readonly behindHeaders: string;
  readonly tail?: string;
  readonly packed: boolean;
}

const cases: readonly Case[] = [
  { name: 'the magic in its place', behindHeaders: 'sum.UPX!', packed: true },
  {
    name: 'the magic near the start, and the trailer',
    behindHeaders: 'elsewhere UPX!',
    tail: 'UPX!',
    packed: true,
  },
  {
    name: 'the magic near the start, and the notice',
    behindHeaders: `elsewhere UPX! ${notice}`,
    packed: true,
  },
  { name: 'the word near the start alone', behindHeaders: 'elsewhere UPX!', packed: false },
  { name: 'a trailer that was appended', behindHeaders: 'code', tail: 'UPX!', packed: false },
  { name: 'the notice alone, as unpackers hold it', behindHeaders: notice, packed: false },
];

function program({ behindHeaders, tail = '' }: Case) {
  const { buffer, elf } = buildElf({ type: ET.EXEC, isDynamic: false, code: Buffer.alloc(256) });
  const { programHeaderOffset, programHeaderCount, programHeaderSize } = elf.header;
  buffer.write(behindHeaders, Number(programHeaderOffset) + programHeaderCount * programHeaderSize);
  return readElf(bytesOf(Buffer.concat([buffer, Buffer.from(tail)])));
}

describe('packer', () => {
  for (const packing of cases) {
    it(`is ${packing.packed ? 'UPX' : 'none'} by ${packing.name}`, () => {
      const found = packer(program(packing));
      assert.equal(found?.name ?? null, packing.packed ? 'UPX' : null);
      if (packing.packed) assert.ok(found?.evidence.every(({ offset }) => offset !== undefined));
    });
  }
});
