import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOf } from '../../src/elf/bytes.ts';
import { ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import packer from '../../src/facts/packer.ts';
import { buildElf } from '../support/elf-builder.ts';

const notice = '$Info: This file is packed with the UPX executable packer $';

/** A static program whose code begins right behind the program headers, with a tail. */
function program(code: string, tail = '') {
  const { buffer } = buildElf({ type: ET.EXEC, isDynamic: false, code: Buffer.from(code) });
  return readElf(bytesOf(Buffer.concat([buffer, Buffer.from(tail)])));
}

const cases = [
  { name: 'the magic in its place', code: `\0\0\0\0UPX!`, tail: '', packed: true },
  {
    name: 'the magic near the start, and the trailer',
    code: `............UPX!`,
    tail: 'UPX!',
    packed: true,
  },
  {
    name: 'the magic near the start, and the notice',
    code: `............UPX!${notice}`,
    tail: '',
    packed: true,
  },
  { name: 'the word near the start alone', code: `............UPX!`, tail: '', packed: false },
  { name: 'a trailer that was appended', code: 'code', tail: 'UPX!', packed: false },
  {
    name: 'the notice alone, as unpackers hold it',
    code: `code ${notice}`,
    tail: '',
    packed: false,
  },
];

describe('packer', () => {
  for (const { name, code, tail, packed } of cases) {
    it(`${packed ? 'is UPX' : 'is none'} by ${name}`, () => {
      const found = packer(program(code, tail));
      assert.equal(found?.name ?? null, packed ? 'UPX' : null);
      if (packed) assert.ok(found?.evidence.every(({ offset }) => offset !== undefined));
    });
  }
});
