import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import packer, { packedBy } from '../../src/facts/packer.ts';
import { changedElf } from '../support/elf/elf-edits.ts';
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

/** It is said, and excuses nothing. */
function expectDamage(file: Buffer): void {
  assert.throws(() => packerOf(file), MalformedElf);
  assert.equal(packedBy(readElf(bytesOf(file))), null);
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
  const secondBlock = firstBlock + 12 + 0xa7;
  it('is UPX without its magic, which the stub does not read', () => {
    for (const name of packed) {
      const file = sample(name);
      file.fill(0, file.indexOf('UPX!'), file.indexOf('UPX!') + 4);
      assert.equal(packerOf(file)?.name, 'UPX', name);
    }
  });

  const broken: Readonly<Record<string, (file: Buffer) => Buffer | undefined>> = {
    'a later block is larger than what it unpacks to': (file) =>
      void file.writeUInt32LE(0x7fffffff, secondBlock + 4),
    'a later block has no size': (file) => void file.writeUInt32LE(0, secondBlock + 4),
    'a later block has a method that UPX does not have': (file) =>
      void file.writeUInt8(77, secondBlock + 8),
    'the program is entered before the stub': (file) =>
      void file.writeBigUInt64LE(file.readBigUInt64LE(24) - 0x400n, 24),
    'the program is entered far behind the blocks': (file) =>
      void file.writeBigUInt64LE(file.readBigUInt64LE(24) + 0x100n, 24),
    'the program is entered where nothing is': (file) => void file.writeBigUInt64LE(0n, 24),
    'the file ends within the first block': (file) => file.subarray(0, firstBlock + 100),
    'the file ends within a later block': (file) => file.subarray(0, 9000),
    'the file ends before the stub': (file) => file.subarray(0, 0x2b00),
    'nothing is executable': (file) => void file.writeUInt32LE(4, 64 + 56 + 4),
    'the magic is missing and the file ends before the stub': (file) => {
      file.fill(0, headersEnd + 4, headersEnd + 8);
      return file.subarray(0, 0x2b00);
    },
  };
  for (const [name, change] of Object.entries(broken)) {
    it(`is damage where ${name}`, () => {
      const file = sample('x86_64-musl-gcc-static-packed');
      expectDamage(change(file) ?? file);
    });
  }

  it('is damage where the blocks hold what is not compressed', () => {
    const file = sample('x86_64-musl-gcc-static-packed');
    const third = 0x1e3 + 12;
    for (let at = third; at < third + 0x28fc; at += 1) file[at] = at & 0x1f;
    expectDamage(file);
  });

  it('is damage where more code follows than a stub has', () => {
    const file = sample('x86_64-musl-gcc-static-packed');
    const longer = Buffer.concat([file, Buffer.alloc(64 * 1024, 0x90)]);
    const grown = changedElf(longer, (edit) => {
      for (const segment of edit.segments()) {
        if ((segment.get('flags') & 1n) !== 0n) segment.set('filesz', BigInt(longer.length));
      }
    });
    expectDamage(grown);
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
