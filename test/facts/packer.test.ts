import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bytesOf } from '../../src/elf/bytes.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import packer from '../../src/facts/packer.ts';
import { changedElf } from '../support/elf-edits.ts';
import { repositoryRoot } from '../support/repository.ts';

const notice = '$Info: This file is packed with the UPX executable packer $';
const packed = [
  'x86_64-musl-gcc-static-packed',
  'x86_64-musl-gcc-staticpie-packed',
  'aarch64-musl-gcc-static-packed',
];

function sample(name: string): Buffer {
  return readFileSync(join(repositoryRoot, 'samples/elf', name));
}

function packerOf(file: Buffer) {
  return packer(readElf(bytesOf(file)));
}

describe('packer', () => {
  for (const name of packed) {
    it(`is UPX in ${name}, with the places that show it`, () => {
      const found = packerOf(sample(name));
      assert.equal(found?.name, 'UPX');
      assert.ok(found?.evidence.every(({ offset }) => offset !== undefined));
    });
  }

  /** Behind the program headers: l_info, p_info and the first b_info of a sample. */
  const headersEnd = 0xe8;
  const firstBlock = headersEnd + 24;
  const broken: Readonly<Record<string, (file: Buffer) => void>> = {
    'the magic is missing': (file) => file.fill(0, headersEnd + 4, headersEnd + 8),
    'a block is larger than what it unpacks to': (file) =>
      file.writeUInt32LE(0xffff, firstBlock + 4),
    'a block has no size': (file) => file.writeUInt32LE(0, firstBlock + 4),
    'a block has a method that UPX does not have': (file) => file.writeUInt8(77, firstBlock + 8),
    'the program is entered before the stub': (file) =>
      file.writeBigUInt64LE(file.readBigUInt64LE(24) - 0x400n, 24),
    'the program is entered far behind the blocks': (file) =>
      file.writeBigUInt64LE(file.readBigUInt64LE(24) + 0x100n, 24),
  };
  for (const [name, change] of Object.entries(broken)) {
    it(`is none where ${name}`, () => {
      const file = sample('x86_64-musl-gcc-static-packed');
      change(file);
      assert.equal(packerOf(file), null);
    });
  }

  it('is none where the blocks hold what is not compressed', () => {
    const file = sample('x86_64-musl-gcc-static-packed');
    const third = 0x1e3 + 12;
    for (let at = third; at < third + 0x28fc; at += 1) file[at] = at & 0x1f;
    assert.equal(packerOf(file), null);
  });

  it('is none where more code follows than a stub has', () => {
    const file = sample('x86_64-musl-gcc-static-packed');
    const longer = Buffer.concat([file, Buffer.alloc(64 * 1024, 0x90)]);
    const grown = changedElf(longer, (edit) => {
      for (const segment of edit.segments()) {
        if ((segment.get('flags') & 1n) !== 0n) segment.set('filesz', BigInt(longer.length));
      }
    });
    assert.equal(packerOf(grown), null);
  });

  const marked: Readonly<Record<string, (file: Buffer) => Buffer>> = {
    'the magic behind the program headers': (file) => {
      file.write('sum.UPX!', 64 + 56 * file.readUInt16LE(56));
      return file;
    },
    'the magic near the start, and a pack header': (file) => {
      file.write('UPX!', 0x300);
      return Buffer.concat([file, Buffer.from('UPX!')]);
    },
    'the magic and the notice': (file) => {
      file.write('UPX!', 0x300);
      return Buffer.concat([file, Buffer.from(notice)]);
    },
  };
  const programs = ['x86_64-glibc-gcc-nopie-bare', 'x86_64-musl-gcc-static-none-stripped'];
  for (const [name, mark] of Object.entries(marked)) {
    it(`is none by ${name}`, () => {
      for (const program of programs) assert.equal(packerOf(mark(sample(program))), null);
    });
  }
});
