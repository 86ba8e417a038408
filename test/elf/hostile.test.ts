import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LimitExceeded } from '../../src/base/errors.ts';
import { DT, ET, NT, PF, PT, SHT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { readEverything } from '../support/elf/read-everything.ts';

const everything: ElfDescription = {
  interpreter: '/lib/ld-musl.so.1',
  needed: ['libc.so'],
  soname: 'libx.so',
  hash: 'both',
  symbols: [
    { name: 'puts', version: 'V1', library: 'libc.so' },
    { name: 'gets', version: 'V2', library: 'libc.so' },
    { name: 'own', defined: true, version: 'OWN_1' },
  ],
  relocations: [
    { type: 6, symbol: 'puts', at: { word: 0 } },
    { type: 7, symbol: 'gets', at: { word: 1 }, plt: true },
  ],
  relr: [0x1000, 0b10101],
  notes: [
    { owner: 'GNU', type: NT.GNU_BUILD_ID, description: Buffer.alloc(20) },
    { owner: 'GNU', type: NT.GNU_PROPERTY_TYPE_0, description: Buffer.alloc(16), alignment: 8 },
  ],
  segments: [{ type: PT.GNU_PROPERTY, flags: PF.R, region: 'notes8', alignment: 8 }],
  relroWords: 2,
  staticSymbols: [{ name: 'main', defined: true }],
  comments: ['GCC'],
};

const object: ElfDescription = {
  type: ET.REL,
  staticSymbols: [{ name: 'puts' }],
  relocations: [{ type: 4, symbol: 'puts', at: 0 }],
  comments: ['GCC'],
};

for (const layout of layouts) {
  describe(`${layout.bits}-bit ${layout.byteOrder} endian`, { timeout: 300_000 }, () => {
    for (const [name, input] of Object.entries({ everything, object })) {
      const { buffer } = buildElf({ ...layout, ...input });

      test(`${name}: whole, it reads without an error`, () => {
        assert.deepEqual(readEverything(buffer), []);
      });

      test(`${name}: cut at each byte, it ends in errors of its own`, () => {
        for (let length = 0; length < buffer.length; length++)
          readEverything(buffer.subarray(0, length));
      });

      test(`${name}: with random changes, it ends in errors of its own`, () => {
        const random = seeded(layout.bits + (layout.byteOrder === 'big' ? 1 : 0));
        for (let round = 0; round < 1000; round++) readEverything(mutated(buffer, random));
      });
    }
  });
}

describe('files that claim more than they hold', () => {
  const symbols = Array.from({ length: 20_000 }, (_, index) => ({
    name: `s${index}`,
    defined: true,
  }));

  test('2,000 sections over the same relocations', () => {
    const entries = Buffer.alloc(24 * 50_000);
    const sections = Array.from({ length: 2000 }, () => ({
      name: '.rela',
      type: SHT.RELA,
      content: { region: 'section:.data' },
    }));
    const { elf } = buildElf({
      type: ET.REL,
      sections: [{ name: '.data', content: entries }, ...sections],
    });
    assert.throws(() => elf.visitRelocations(() => {}), LimitExceeded);
  });

  test('1,000 PT_NOTE segments over the same notes', () => {
    const note = { owner: 'GNU', type: 1, description: Buffer.alloc(0) };
    const { elf } = buildElf({
      notes: Array.from({ length: 1000 }, () => note),
      segments: Array.from({ length: 1000 }, () => ({
        type: PT.NOTE,
        flags: PF.R,
        region: 'notes4',
      })),
    });
    // The same place is read once.
    assert.equal(elf.notes.length, 1000);
  });

  test('1,000 PT_NOTE segments over parts of the same 100,000 notes', () => {
    const built = buildElf({
      sections: [{ name: '.note', content: Buffer.alloc(1_600_000, 'Go\0\0\0\0\0\0\0\0\0\0') }],
      segments: Array.from({ length: 1000 }, () => ({
        type: PT.NOTE,
        flags: PF.R,
        region: 'section:.note',
      })),
    });
    const { buffer } = built;
    for (let index = 0; index < 1000; index++) {
      const at = 64 + 56 * (3 + index);
      buffer.writeBigUInt64LE(buffer.readBigUInt64LE(at + 32) - BigInt(index * 12), at + 32);
    }
    assert.ok(built.elf.notes.length <= 100_000);
    assert.match(built.elf.noteDamage.at(-1)?.message ?? '', /^is not read: /);
    assert.equal(built.elf.dynamicSymbols.length, 0);
  });

  test('65,535 program headers', () => {
    const { elf } = buildElf({
      segments: Array.from({ length: 65_530 }, () => ({
        type: PT.LOAD,
        flags: PF.R,
        region: 'code',
      })),
    });
    assert.equal(elf.segments.length, 65_533);
    assert.throws(() => elf.dynamic, LimitExceeded);
  });

  test('a symbol count larger than the file', () => {
    const built = buildElf({ symbols, hash: 'sysv' });
    built.buffer.writeUInt32LE(0xffffffff, built.region('hash').offset + 4);
    assert.equal(built.elf.dynamicSymbols.length, symbols.length);
  });

  test('a relocation that names symbol 2^32 - 1', () => {
    const { elf } = buildElf({
      symbols,
      dynamic: [
        [DT.RELA, 0],
        [DT.RELASZ, 24],
      ],
    });
    // Address 0 is the file header, whose bytes 12 to 15 would be the symbol index.
    const buffer = Buffer.from(elf.bytes.read(0, elf.bytes.size));
    buffer.writeUInt32LE(0xffffffff, 12);
    assert.equal(readElf(bytesOf(buffer)).dynamicSymbols.length, symbols.length);
  });

  test('version needs of which each one is also a version of all before it', () => {
    const built = buildElf({
      symbols: [{ name: 'puts', version: 'V', library: 'a name beyond offset 16' }],
      code: Buffer.alloc(64 * 1024),
    });
    const start = built.region('version needs').offset;
    const end = start + 64 * 1024;
    for (let at = start; at < end; at += 16) {
      const next = at + 16 < end ? 16 : 0;
      [0x00010001, 1, 16, next].forEach((word, index) => {
        built.buffer.writeUInt32LE(word, at + index * 4);
      });
    }
    assert.throws(() => built.elf.versionNeeds, LimitExceeded);
  });

  test('a GNU hash chain without an end', () => {
    const built = buildElf({ symbols });
    const { offset, size } = built.region('gnu hash');
    for (let at = offset + 24; at + 4 <= offset + size; at += 4) {
      built.buffer.writeUInt32LE((built.buffer.readUInt32LE(at) & ~1) >>> 0, at);
    }
    built.buffer.writeUInt32LE(1, offset + 24);
    assert.equal(built.elf.dynamicSymbols.length, symbols.length);
  });
});

const interesting = [0, 1, 0x7f, 0x80, 0xff];

/** One to four bytes or words changed to values that break parsers. */
function mutated(original: Buffer, random: () => number): Buffer {
  const buffer = Buffer.from(original);
  for (let change = 0; change < 1 + random() * 3; change++) {
    // Half of the changes hit the headers, where they do most.
    const reach = random() < 0.5 ? Math.min(buffer.length, 600) : buffer.length;
    const at = Math.floor(random() * (reach - 4));
    const value = interesting[Math.floor(random() * interesting.length)] ?? 0;
    buffer.fill(value, at, at + (random() < 0.5 ? 1 : 4));
  }
  return buffer;
}

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
