import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { descriptionReader } from '../../src/byte-scan/descriptions.ts';
import {
  addFrameRules,
  addUsualRules,
  type FrameRules,
  usualLengths,
} from '../../src/code/frames/call-frame.ts';
import { Cursor } from '../../src/code/frames/cursor.ts';
import { type EhFrame, visitFunctions } from '../../src/code/frames/eh-frame.ts';
import { locateEhFrame } from '../../src/code/frames/eh-frame-location.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { randomNumbers } from '../support/random.ts';
import { repositoryRoot } from '../support/repository.ts';

const address = 0x402000n;
const def_cfa_offset = 0x0e;
const advance = 0x41;

/** length, id, then the body, padded with nops as assemblers do. */
function entry(id: number, body: readonly number[]): Buffer {
  const padded = [...body, ...new Array<number>((4 - (body.length % 4)) % 4).fill(0)];
  const bytes = Buffer.alloc(8 + padded.length);
  bytes.writeUInt32LE(4 + padded.length, 0);
  bytes.writeUInt32LE(id, 4);
  bytes.set(padded, 8);
  return bytes;
}

/** Version 1, "zR" with pc-relative 4-byte pointers, CFA = register 7 + 8. */
const cie = entry(0, [1, 0x7a, 0x52, 0, 1, 0x78, 16, 1, 0x1b, 0x0c, 7, 8]);

/** A function of `size` bytes at `target`, an address; the entry itself begins at offset `at` of the table. */
function fde(at: number, target: bigint, size: number, program: readonly number[]): Buffer {
  const place = Buffer.alloc(8);
  place.writeInt32LE(Number(target - (address + BigInt(at + 8))), 0);
  place.writeUInt32LE(size, 4);
  return entry(at + 4, [...place, 0, ...program]);
}

const table = (...parts: readonly Buffer[]): EhFrame => ({
  bytes: Buffer.concat(parts),
  address,
  byteOrder: 'little',
  pointerSize: 8,
  listed: 0,
});

const first = fde(cie.length, 0x401000n, 0x20, [advance, def_cfa_offset, 0x90, 0x20]);
const second = fde(cie.length + first.length, 0x401020n, 0x10, []);
const terminator = Buffer.alloc(4);
const whole = table(cie, first, second, terminator, Buffer.from('behind the table'));

const wanted = [
  { distance: -0x1000, size: 0x20, frame: { size: 0x1010, bases: 1 << 7, personality: 0 } },
  { distance: -0xfe0, size: 0x10, frame: { size: 8, bases: 1 << 7, personality: 0 } },
];

/** All functions of the table, or the reason where it makes no sense. */
function frameDescriptions(input: EhFrame) {
  const found: { distance: number; size: number; frame: FrameRules }[] = [];
  const damage = visitFunctions(input, (distance, size, frame) => {
    found.push({ distance, size, frame: { ...frame } });
  });
  return damage ?? found;
}

/** null where the header is damaged, as of some samples. */
function elfOrNull(bytes: Buffer): Elf | null {
  try {
    return readElf(bytesOf(bytes));
  } catch (error) {
    if (error instanceof MalformedElf) return null;
    throw error;
  }
}

/** All that is visited, and how it ends, whether or not the byte scanner reads what is usual; how many that reads. */
function readBothWays(input: EhFrame): number {
  let native = 0;
  const reader = descriptionReader(input.bytes, usualLengths);
  const counting: typeof reader = (at, commons) => {
    const read = reader?.(at, commons) ?? assert.fail();
    native += read.count;
    return read;
  };
  const [plain, scanned] = [null, counting].map((read) => {
    const visited: unknown[] = [];
    const damage = visitFunctions(
      input,
      (distance, size, frame, program, end) =>
        visited.push([distance, size, { ...frame }, program, end]),
      read,
    );
    return { visited, damage };
  });
  assert.deepEqual(scanned, plain);
  return native;
}

/** Descriptions of all kinds, that refer to one of two common informations. */
function randomTable(random: (bound: number) => number): EhFrame {
  const opcodes = [0x0e, 0x0d, 0x0c, 0x02, 0x03, 0x2e, 0x0a, 0x0b, 0x2d, 0x41, 0x86, 0xc6, 0, 0x07];
  const plain = entry(0, [1, 0, 1, 0x78, 16, 0x0c, 7, 8]);
  const parts = [cie, plain];
  let at = cie.length + plain.length;
  for (let count = 0; count < 40; count += 1) {
    const program = Array.from({ length: random(12) }, (_, place) =>
      place % 2 === 0
        ? (opcodes[random(opcodes.length)] ?? 0)
        : random(random(9) === 0 ? 160 : 128),
    );
    const description = fde(at, address - BigInt(random(9000)), random(900), program);
    if (random(8) === 0) description.writeUInt32LE(at + 4 - cie.length, 4);
    parts.push(description);
    at += description.length;
  }
  return { ...table(...parts, Buffer.alloc(random(6))), listed: random(50) };
}

describe('.eh_frame', () => {
  it('gives place, size and frame of each function, up to its terminator', () => {
    assert.deepEqual(frameDescriptions(whole), wanted);
  });

  it('gives the address by which the personality routine is known', () => {
    // Version 1, "zPR": the routine through a slot 0x100 behind its pointer.
    const pointer = [0x9b, 0, 1, 0, 0];
    const withRoutine = entry(0, [1, 0x7a, 0x50, 0x52, 0, 1, 0x78, 16, 6, ...pointer, 0x1b]);
    const found = frameDescriptions(table(withRoutine, fde(withRoutine.length, 0x401000n, 4, [])));
    assert.ok(Array.isArray(found));
    assert.equal(found[0]?.frame.personality, Number(address) + 18 + 0x100);
  });

  it('ends where its bytes end when there is no terminator', () => {
    assert.deepEqual(frameDescriptions(table(cie, first, second)), wanted);
  });

  const endings = [
    { name: 'all that are listed were read', listed: 2, isWhole: true },
    { name: 'one of those listed was not read', listed: 3, isWhole: false },
    { name: 'nothing is listed', listed: 0, isWhole: false },
  ];
  for (const { name, listed, isWhole } of endings) {
    it(`${isWhole ? 'ends' : 'is damaged'} where another section follows without a terminator, and ${name}`, () => {
      const input = { ...table(cie, first, second, Buffer.alloc(64, 0xff)), listed };
      assert.deepEqual(Array.isArray(frameDescriptions(input)), isWhole);
    });
  }

  it('reads absolute pointers, big-endian', () => {
    const bytes = Buffer.from(
      [
        '00000010 00000000 01 00 01 7c 0e 0c0fa001 000000', // CIE without augmentation: CFA = register 15 + 160
        '00000010 00000018 00001000 00000040 410ea003', // FDE: 64 bytes at 0x1000, CFA offset 416 behind its first instruction
      ]
        .join('')
        .replaceAll(' ', ''),
      'hex',
    );
    const found = frameDescriptions({
      bytes,
      address: 0n,
      byteOrder: 'big',
      pointerSize: 4,
      listed: 0,
    });
    assert.deepEqual(found, [
      { distance: 0x1000, size: 0x40, frame: { size: 416, bases: 1 << 15, personality: 0 } },
    ]);
  });

  const damaged: readonly (readonly [name: string, table: EhFrame])[] = [
    ['a record that is longer than the table', table(cie, first.subarray(0, 12))],
    ['a description without its common information', table(first)],
    ['an augmentation without an end', table(entry(0, [1, ...new Array<number>(20).fill(0x7a)]))],
    ['a block that is longer than its record', table(cie, fde(cie.length, 0n, 1, [0x0f, 0x7f]))],
  ];
  for (const [name, input] of damaged) {
    it(`says where it makes no sense: ${name}`, () => {
      const found = frameDescriptions(input);
      assert.ok(!Array.isArray(found));
      assert.match(found.because, /\.eh_frame makes no sense at address 0x4020[0-9a-f]{2}$/);
    });
  }

  it('sees the same in usual instructions as one by one', () => {
    const random = randomNumbers(11);
    const common = [0x0e, 0x0d, 0x0c, 0x02, 0x03, 0x2e, 0x0a, 0x0b, 0x41, 0x86, 0xc6, 0x00];
    let usual = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(
        Array.from({ length: random(12) }, (_, at) =>
          at % 2 === 0 ? (common[random(common.length)] ?? 0) : random(round % 3 === 0 ? 256 : 160),
        ),
      );
      const quick = { size: 8, bases: 1, personality: 0 };
      if (!addUsualRules(bytes, 0, bytes.length, quick)) continue;
      usual += 1;
      const cursor = new Cursor(bytes, 'little');
      const slow = { size: 8, bases: 1, personality: 0 };
      addFrameRules(cursor, slow, 0x1b, 8);
      assert.ok(cursor.ok && cursor.left === 0);
      assert.deepEqual(quick, slow);
    }
    assert.ok(usual > 2000);
  });

  const entered = [
    {
      name: 'a cold part adds nothing to the frame that it is entered with',
      program: [def_cfa_offset, 0x90, 0x20, 0x86, 2, advance, def_cfa_offset, 8],
      size: 8,
    },
    {
      name: 'only what it adds counts',
      program: [def_cfa_offset, 0x90, 0x20, advance, def_cfa_offset, 0x90, 0x40],
      size: 0x1008,
    },
    {
      name: 'the last distance before its second row is that of its entry',
      program: [def_cfa_offset, 0x90, 0x40, def_cfa_offset, 8, advance, def_cfa_offset, 0x90, 0x20],
      size: 0x2010,
    },
    {
      name: 'neither does one whose registers are described in an unusual way',
      program: [0x0a, 0x07, 3, 0x0c, 7, 0x90, 0x20, 0x16, 6, 1, 0x50, 0x04, 1, 0, 0, 0],
      size: 8,
    },
    {
      name: 'a frame that begins behind its first instruction is its own',
      program: [0x02, 4, def_cfa_offset, 0x90, 0x20],
      size: 0x1010,
    },
  ];
  for (const { name, program, size } of entered) {
    it(`gives the frame that the code makes: ${name}`, () => {
      const found = frameDescriptions(table(cie, fde(cie.length, 0x401000n, 0x20, program)));
      assert.ok(Array.isArray(found));
      assert.equal(found[0]?.frame.size, size);
    });
  }

  it('reads frames with instructions that are not usual', () => {
    const program = [advance, 0x04, 0, 1, 0, 0, def_cfa_offset, 0x80, 0x80, 0x01];
    const only = fde(cie.length, 0x401000n, 0x20, program);
    assert.deepEqual(frameDescriptions(table(cie, only)), [
      { distance: -0x1000, size: 0x20, frame: { size: 0x4000, bases: 1 << 7, personality: 0 } },
    ]);
  });

  it('gives the same when the byte scanner reads what is usual', () => {
    const random = randomNumbers(13);
    let native = readBothWays(whole);
    assert.equal(native, 2);
    for (let round = 0; round < 400; round += 1) {
      const input = randomTable(random);
      native += readBothWays(input);
      readBothWays({ ...input, bytes: input.bytes.subarray(0, random(input.bytes.length)) });
      const bytes = Buffer.from(input.bytes);
      for (let change = 0; change < 3; change += 1) bytes[random(bytes.length)] = random(256);
      readBothWays({ ...input, bytes, byteOrder: round % 9 === 0 ? 'big' : 'little' });
    }
    assert.ok(native > 1000, `${native} were read`);
  });

  it('gives the same for the tables of all samples', () => {
    let native = 0;
    const folder = join(repositoryRoot, 'samples', 'elf');
    for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((each) =>
      each.isFile(),
    )) {
      const elf = elfOrNull(readFileSync(join(folder, name)));
      const location = elf === null ? null : locateEhFrame(elf);
      if (elf === null || location === null) continue;
      native += readBothWays({
        bytes: elf.bytes.read(location.offset, location.end - location.offset),
        address: location.address,
        byteOrder: elf.header.byteOrder,
        pointerSize: elf.header.bits === 64 ? 8 : 4,
        listed: location.listed,
      });
    }
    assert.ok(native > 1000);
  });

  it('does not throw or hang, wherever it is cut', () => {
    for (let length = 0; length < whole.bytes.length; length += 1) {
      frameDescriptions({ ...whole, bytes: whole.bytes.subarray(0, length) });
    }
  });

  it('does not throw or hang on random bytes', { timeout: 300_000 }, () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Buffer.from(whole.bytes);
      for (let change = 0; change < 4; change += 1) bytes[random(bytes.length)] = random(256);
      frameDescriptions({ ...whole, bytes, byteOrder: round % 2 === 0 ? 'little' : 'big' });
    }
  });
});
