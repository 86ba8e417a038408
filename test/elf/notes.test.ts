import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET, PF, PT, SHT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { BuiltElf } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { noteTable } from '../support/elf/elf-tables.ts';

const layout = { bits: 64, byteOrder: 'little' } as const;
const property = { owner: 'GNU', type: 5, description: Buffer.alloc(16, 1), alignment: 8 } as const;
const buildId = { owner: 'GNU', type: 3, description: Buffer.alloc(20, 2) };
const abiTag = { owner: 'GNU', type: 1, description: Buffer.alloc(16, 3) };
const stamp = { owner: 'FDO', type: 0xcafe1a7e, description: Buffer.from('{"type":"deb"}') };

function table(...notes: Parameters<typeof noteTable>[1]): Buffer {
  return noteTable(layout, notes);
}

/** One PT_NOTE over `content`, and the sections that a linker would have joined to it. */
function file(content: Buffer, alignment: number, sections: readonly Buffer[] = []): BuiltElf {
  const parts = sections.map((part, index) => ({ name: `.note.${index}`, type: SHT.NOTE, part }));
  return buildElf({
    sections: [
      { name: '.joined', content },
      ...parts.map(({ part, ...one }) => ({ ...one, content: part })),
    ],
    segments: [{ type: PT.NOTE, flags: PF.R, region: 'section:.joined', alignment }],
  });
}

function types(elf: Elf): number[] {
  return elf.notes.map(({ type }) => type);
}

const readable: readonly {
  readonly name: string;
  readonly content: Buffer;
  readonly alignment: number;
  readonly want: readonly number[];
}[] = [
  {
    name: 'of 4 under a header of 8, as mold joins them',
    content: table(property, buildId, abiTag),
    alignment: 8,
    want: [5, 3, 1],
  },
  {
    name: 'of 4 alone under a header of 8',
    content: table(buildId, abiTag),
    alignment: 8,
    want: [3, 1],
  },
  {
    name: 'whose owner is shorter',
    content: table(stamp, buildId),
    alignment: 8,
    want: [0xcafe1a7e, 3],
  },
  {
    name: 'of 8 under a header of 4',
    content: table(property, buildId),
    alignment: 4,
    want: [5, 3],
  },
  {
    name: 'of 4 under a header of 16',
    content: table(buildId, abiTag),
    alignment: 16,
    want: [3, 1],
  },
  { name: 'of 4 under a header of 0', content: table(buildId), alignment: 0, want: [3] },
  {
    name: 'of 8 with an owner that both paddings fit',
    content: noteTable(layout, [
      { owner: 'LINUX', type: 7, description: Buffer.alloc(5, 1), alignment: 8 },
      property,
    ]),
    alignment: 8,
    want: [7, 5],
  },
  { name: 'none where all was wiped', content: Buffer.alloc(64), alignment: 4, want: [] },
  { name: 'none in less than a header', content: Buffer.alloc(8, 1), alignment: 4, want: [] },
];

describe('notes are read', () => {
  for (const { name, content, alignment, want } of readable) {
    it(name, () => {
      const { elf } = file(content, alignment);
      assert.deepEqual(types(elf), want);
      assert.deepEqual(elf.noteDamage, []);
    });
  }
});

const sentence = Buffer.from('A sentence for people, in a section that is called a note.\n\0\0\0');
const filler = Buffer.alloc(32, 'X');
const tooLong = changed(table(property), 4, 0x7fffffff);
const longOwner = changed(table(property), 0, 0x7fffffff);

function changed(buffer: Buffer, at: number, value: number): Buffer {
  buffer.writeUInt32LE(value, at);
  return buffer;
}

const broken: readonly {
  readonly name: string;
  readonly elf: Elf;
  readonly want: readonly number[];
  readonly says: RegExp;
  readonly text?: string;
}[] = [
  {
    name: 'a sentence',
    elf: file(sentence, 32).elf,
    want: [],
    says: /^holds text, not notes$/,
    text: 'A sentence for people, in a section that is called a note.\n',
  },
  { name: 'a filler', elf: file(filler, 8).elf, want: [], says: /^holds a filler \(0x58\)/ },
  {
    name: 'a description without end',
    elf: file(tooLong, 8).elf,
    want: [],
    says: /does not end in it/,
  },
  {
    name: 'an owner without end',
    elf: file(longOwner, 8).elf,
    want: [],
    says: /does not end in it/,
  },
  {
    name: 'a note behind a sound one',
    elf: file(Buffer.concat([table(buildId), tooLong]), 4).elf,
    want: [3],
    says: /does not end in it/,
  },
  {
    name: 'one section among those that were joined',
    elf: joined([table(buildId), sentence, table(abiTag)]),
    want: [3, 1],
    says: /^holds text/,
    text: 'A sentence for people, in a section that is called a note.\n',
  },
];

/** The sections lie in the segment, one behind the other. */
function joined(parts: readonly Buffer[]): Elf {
  const built = file(Buffer.concat(parts), 4, parts);
  const joint = built.region('section:.joined').offset;
  let at = joint;
  for (const [index, part] of parts.entries()) {
    moveSection(built, `section:.note.${index}`, at);
    at += part.length;
  }
  return built.elf;
}

/** Changes sh_offset of the section that lies at a region. */
function moveSection({ buffer, region }: BuiltElf, name: string, to: number): void {
  const headers = Number(buffer.readBigUInt64LE(0x28));
  const from = BigInt(region(name).offset);
  for (let at = headers; at + 64 <= buffer.length; at += 64) {
    if (buffer.readBigUInt64LE(at + 24) === from && buffer.readUInt32LE(at + 4) === SHT.NOTE) {
      buffer.writeBigUInt64LE(BigInt(to), at + 24);
    }
  }
}

describe('what is not a note ends its table, and says so', () => {
  for (const { name, elf, want, says, text } of broken) {
    it(name, () => {
      assert.deepEqual(types(elf), want);
      assert.equal(elf.noteDamage.length, 1);
      assert.match(elf.noteDamage[0]?.message ?? '', says);
      assert.equal(elf.noteDamage[0]?.text, text);
    });
  }

  it('and no other table', () => {
    const { elf } = buildElf({
      notes: [buildId],
      sections: [{ name: '.note.text', content: sentence }],
      segments: [{ type: PT.NOTE, flags: PF.R, region: 'section:.note.text', alignment: 32 }],
    });
    assert.deepEqual(types(elf), [3]);
    assert.equal(elf.noteDamage.length, 1);
  });
});

for (const shape of layouts) {
  describe(`notes of a ${shape.bits}-bit ${shape.byteOrder}-endian file`, () => {
    const built = () => buildElf({ ...shape, notes: [buildId, property] });

    it('throw nothing wherever they are cut', () => {
      const { region, buffer } = built();
      const { offset, size } = region('notes4');
      const header = headerOf(buffer, shape, offset);
      for (let length = 0; length < size; length++) {
        const cut = built();
        writeSize(cut.buffer, shape, header, BigInt(length));
        assert.ok(cut.elf.notes.length <= 2);
        const isWhole = length === 0 || length < 12;
        assert.equal(cut.elf.noteDamage.length, isWhole ? 0 : 1);
      }
    });

    it('beyond the end of the file are damage of that header', () => {
      for (const size of [0x100000n, shape.bits === 64 ? 2n ** 64n - 1n : 2n ** 32n - 1n]) {
        const { buffer, region, elf } = built();
        writeSize(buffer, shape, headerOf(buffer, shape, region('notes4').offset), size);
        assert.deepEqual(types(elf), [5]);
        assert.deepEqual(
          elf.noteDamage.map(({ message }) => message),
          ['reaches beyond the end of the file'],
        );
      }
    });
  });
}

/** The program header over a place: where it stands in the file. */
function headerOf(buffer: Buffer, shape: (typeof layouts)[number], place: number): number {
  const little = shape.byteOrder === 'little';
  const word = (at: number) =>
    shape.bits === 32
      ? BigInt(little ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at))
      : little
        ? buffer.readBigUInt64LE(at)
        : buffer.readBigUInt64BE(at);
  const half = (at: number) => (little ? buffer.readUInt16LE(at) : buffer.readUInt16BE(at));
  const [table, count, size, offset] =
    shape.bits === 64 ? [0x20, 0x38, 56, 8] : [0x1c, 0x2c, 32, 4];
  for (let index = half(count) - 1; index >= 0; index--) {
    const at = Number(word(table)) + index * size;
    if (word(at + offset) === BigInt(place)) return at;
  }
  throw new Error('no program header there');
}

function writeSize(
  buffer: Buffer,
  shape: (typeof layouts)[number],
  header: number,
  size: bigint,
): void {
  const little = shape.byteOrder === 'little';
  if (shape.bits === 32) {
    if (little) buffer.writeUInt32LE(Number(size), header + 16);
    else buffer.writeUInt32BE(Number(size), header + 16);
  } else if (little) buffer.writeBigUInt64LE(size, header + 32);
  else buffer.writeBigUInt64BE(size, header + 32);
}

describe('notes of an object file', () => {
  it('are read by sections, each for itself', () => {
    const { elf } = buildElf({
      type: ET.REL,
      sections: [
        { name: '.note.text', type: SHT.NOTE, content: sentence },
        { name: '.note.id', type: SHT.NOTE, content: table(buildId), alignment: 4 },
      ],
    });
    assert.deepEqual(types(elf), [3]);
    assert.deepEqual(
      elf.noteDamage.map(({ title }) => title),
      ['section .note.text'],
    );
  });
});
