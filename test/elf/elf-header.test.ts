import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedElf } from '../../src/base/errors.ts';
import { EM, ET, PF, PT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import type { Layout } from '../../src/elf/reading/layout.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { writeInteger } from '../support/elf/elf-encoding.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

/** Where the fields of the file header are, by class. */
const fields = {
  32: {
    phentsize: 42,
    phnum: 44,
    shentsize: 46,
    shnum: 48,
    shstrndx: 50,
    section0Info: 28,
    section0Size: 20,
  },
  64: {
    phentsize: 54,
    phnum: 56,
    shentsize: 58,
    shnum: 60,
    shstrndx: 62,
    section0Info: 44,
    section0Size: 32,
  },
} as const;

function change(buffer: Buffer, layout: Layout, at: number, size: number, value: bigint): void {
  writeInteger(buffer, at, size, value, layout);
}

test('counts that do not fit the file header come from section 0', () => {
  for (const layout of layouts) {
    const built = buildElf({ ...layout, comments: ['GCC'] });
    const { programHeaderCount, sectionHeaderCount, sectionNameIndex } = built.elf.header;
    const at = fields[layout.bits];
    const section0 = built.region('section headers').offset;
    change(built.buffer, layout, at.phnum, 2, 0xffffn);
    change(built.buffer, layout, at.shnum, 2, 0n);
    change(built.buffer, layout, at.shstrndx, 2, 0xffffn);
    change(built.buffer, layout, section0 + at.section0Info, 4, BigInt(programHeaderCount));
    change(built.buffer, layout, section0 + at.section0Info - 4, 4, BigInt(sectionNameIndex));
    change(
      built.buffer,
      layout,
      section0 + at.section0Size,
      layout.bits / 8,
      BigInt(sectionHeaderCount),
    );
    const { header, segments, comments } = built.elf;
    assert.deepEqual(
      [header.programHeaderCount, header.sectionHeaderCount, header.sectionNameIndex],
      [programHeaderCount, sectionHeaderCount, sectionNameIndex],
    );
    assert.equal(segments.length, programHeaderCount);
    assert.deepEqual(comments, ['GCC']);
  }
});

test('an unreadable section 0 does not keep program headers from being read', () => {
  const built = buildElf({ comments: ['GCC'] });
  change(built.buffer, built.elf.header, fields[64].shnum, 2, 0n);
  const cut = built.buffer.subarray(0, built.region('section headers').offset);
  const elf = readElf(bytesOf(cut));
  assert.equal(elf.segments.length, 3);
  assert.deepEqual(elf.sections, []);
});

test('64-bit values above 2^53 are exact', () => {
  for (const byteOrder of ['little', 'big'] as const) {
    const layout: Layout = { bits: 64, byteOrder };
    const built = buildElf({ ...layout, segments: [{ type: PT.GNU_STACK, flags: PF.R }] });
    const address = 0xffffffff81000001n;
    change(built.buffer, layout, 24, 8, address);
    // The fourth program header, of which p_vaddr is the fourth field of 8 bytes.
    for (const at of [16, 24, 40]) change(built.buffer, layout, 64 + 3 * 56 + at, 8, address);
    const { header, segments } = built.elf;
    assert.equal(header.entry, address);
    assert.equal(segments[3]?.address, address);
    assert.equal(segments[3]?.physicalAddress, address);
    assert.equal(segments[3]?.memorySize, address);
  }
});

const damaged: readonly {
  readonly name: string;
  readonly at: number;
  readonly value: number;
  readonly machine?: number;
  readonly message: RegExp;
}[] = [
  {
    name: 'another magic',
    at: 0,
    value: 0x7e,
    message: /first 4 bytes are 7e454c46, expected 7f454c46/,
  },
  {
    name: 'EI_CLASS 3 of an unknown machine',
    at: 4,
    value: 3,
    machine: 0x1234,
    message: /EI_CLASS is 3 at 0x4/,
  },
  {
    name: 'EI_DATA 3 of an unknown machine',
    at: 5,
    value: 3,
    machine: 0x1234,
    message: /EI_DATA is 3 at 0x5/,
  },
  {
    name: 'an odd e_phentsize',
    at: 54,
    value: 57,
    message: /program header size is 57, expected 56/,
  },
  { name: 'e_phoff outside the file', at: 34, value: 0xff, message: /expected at offset 0xff0040/ },
];

for (const { name, at, value, machine = EM.X86_64, message } of damaged) {
  test(`${name} is an error that says what was expected`, () => {
    const { buffer } = buildElf({ machine, comments: ['GCC'] });
    buffer[at] = value;
    assert.throws(
      () => readElf(bytesOf(buffer)).segments,
      (error: unknown) => error instanceof MalformedElf && message.test(error.message),
    );
  });
}

const damagedSections: typeof damaged = [
  {
    name: 'an odd e_shentsize',
    at: 58,
    value: 65,
    message: /section header size is 65, expected 64/,
  },
  { name: 'e_shstrndx outside the table', at: 62, value: 99, message: /e_shstrndx/ },
];

for (const { name, at, value, message } of damagedSections) {
  test(`${name} costs a linked file its sections only, and an object file everything`, () => {
    const linked = buildElf({ comments: ['GCC'] });
    linked.buffer[at] = value;
    const elf = readElf(bytesOf(linked.buffer));
    assert.deepEqual(elf.sections, []);
    assert.match(elf.sectionDamage ?? '', message);
    const object = buildElf({ type: ET.REL, comments: ['GCC'] });
    object.buffer[at] = value;
    assert.throws(() => readElf(bytesOf(object.buffer)).sections, MalformedElf);
  });
}

test('a file without program headers has no segments, whatever e_phentsize says', () => {
  const { buffer } = buildElf({ type: ET.REL });
  buffer[54] = 0;
  assert.deepEqual(readElf(bytesOf(buffer)).segments, []);
});
