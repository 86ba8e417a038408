import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { DT, PF, PT, SHT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { type BuiltElf, buildElf } from '../support/elf/elf-builder.ts';

/** Offsets in a 64-bit program header. */
const field = { type: 0, flags: 4, offset: 8, address: 16, fileSize: 32, memorySize: 40 } as const;

/** Changes a field of the first program header of that type, in a 64-bit little-endian file. */
function changeSegment(built: BuiltElf, type: number, at: number, value: bigint): Elf {
  const buffer = Buffer.from(built.buffer);
  const index = built.elf.segments.findIndex((segment) => segment.type === type);
  assert.notEqual(index, -1);
  buffer.writeBigUInt64LE(value, 64 + index * 56 + at);
  return readElf(bytesOf(buffer));
}

test('PT_DYNAMIC is found by its address, as loaders do, not by p_offset and p_filesz', () => {
  const built = buildElf({ needed: ['libc.so'] });
  for (const at of [field.offset, field.fileSize, field.memorySize]) {
    assert.deepEqual(changeSegment(built, PT.DYNAMIC, at, 0n).dynamicStrings(DT.NEEDED), [
      'libc.so',
    ]);
  }
});

test('PT_DYNAMIC is found by p_offset where no PT_LOAD holds its address', () => {
  const built = buildElf({ needed: ['libc.so'] });
  const elf = changeSegment(built, PT.DYNAMIC, field.address, 0x7000_0000n);
  assert.deepEqual(elf.dynamicStrings(DT.NEEDED), ['libc.so']);
});

test('a debug-only file, whose segments have no bytes, reads without an error', () => {
  const built = buildElf({
    interpreter: '/lib/ld.so',
    needed: ['libc.so'],
    staticSymbols: [{ name: 'main', defined: true }],
    sections: [{ name: '.bss', type: SHT.NOBITS, content: { region: 'data' } }],
  });
  const buffer = Buffer.from(built.buffer);
  built.elf.segments.forEach((_, index) => {
    buffer.writeBigUInt64LE(0n, 64 + index * 56 + field.fileSize);
  });
  const elf = readElf(bytesOf(buffer));
  assert.equal(elf.dynamic, null);
  assert.equal(elf.interpreter, null);
  assert.deepEqual(elf.dynamicSymbols, []);
  assert.deepEqual(
    elf.staticSymbols.map(({ name }) => name),
    ['main'],
  );
  assert.deepEqual(elf.notes, []);
  const bss = elf.sections.find(({ name }) => name === '.bss');
  assert.ok(bss !== undefined);
  assert.equal(elf.sectionBytes(bss).length, 0);
});

test('a dynamic section without DT_NULL is an error', () => {
  const built = buildElf({ needed: ['libc.so'] });
  const { offset, size } = built.region('dynamic');
  const data = built.region('data');
  built.buffer.fill(1, offset + size - 16, data.offset + data.size);
  assert.throws(() => built.elf.dynamic, MalformedElf);
});

test('zeros that the loader appends end the dynamic section', () => {
  const built = buildElf({ needed: ['libc.so'], dataWords: 0 });
  const { offset, size } = built.region('dynamic');
  const index = built.elf.segments.findLastIndex(({ type }) => type === PT.LOAD);
  built.buffer.writeBigUInt64LE(BigInt(size - 16), 64 + index * 56 + field.fileSize);
  built.buffer.fill(1, offset + size - 16, offset + size);
  assert.deepEqual(built.elf.dynamicStrings(DT.NEEDED), ['libc.so']);
});

test('of two PT_LOAD segments over one address the later counts', () => {
  const built = buildElf({ segments: [{ type: PT.LOAD, flags: PF.R, region: 'strings' }] });
  const { address, offset } = built.region('strings');
  assert.equal(built.elf.fileOffset(address, 1), offset);
  const last = built.elf.segments.length - 1;
  built.buffer.writeBigUInt64LE(0n, 64 + last * 56 + field.offset);
  assert.equal(built.elf.fileOffset(address, 1), 0);
});

test('an address whose segment ends behind the end of the file has no bytes there', () => {
  const built = buildElf({});
  const { address, offset, size } = built.region('data');
  const elf = readElf(bytesOf(built.buffer.subarray(0, offset + size - 1)));
  assert.equal(elf.fileOffset(address, size - 1), offset);
  assert.equal(elf.fileOffset(address, size), null);
});

const interpreters: readonly {
  readonly name: string;
  readonly size: bigint;
  readonly message: RegExp;
}[] = [
  { name: 'without a NUL at its end', size: 5n, message: /does not end with NUL/ },
  { name: 'longer than Linux accepts', size: 4097n, message: /4097 bytes/ },
];

for (const { name, size, message } of interpreters) {
  test(`an interpreter ${name} is an error`, () => {
    const elf = changeSegment(
      buildElf({ interpreter: '/lib/ld.so' }),
      PT.INTERP,
      field.fileSize,
      size,
    );
    assert.throws(
      () => elf.interpreter,
      (error: unknown) => error instanceof MalformedElf && message.test(error.message),
    );
  });
}

test('a note that PT_GNU_PROPERTY repeats comes once', () => {
  const { elf } = buildElf({
    notes: [{ owner: 'GNU', type: 5, description: Buffer.alloc(16), alignment: 8 }],
    segments: [{ type: PT.GNU_PROPERTY, flags: PF.R, region: 'notes8', alignment: 8 }],
  });
  assert.equal(elf.notes.length, 1);
});

test('errors of a table come back each time it is read', () => {
  const { elf } = buildElf({ dynamic: [[DT.VERNEED, 0x7000_0000]] });
  for (let round = 0; round < 2; round++) assert.throws(() => elf.versionNeeds, MalformedElf);
});
