import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET, PF, PT, SHF } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { wordSize } from '../../src/elf/reading/layout.ts';
import wellFormedness from '../../src/facts/well-formedness.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { BuiltElf, ElfDescription } from '../support/elf/elf-description.ts';
import { layouts } from '../support/elf/elf-layouts.ts';

type Field = 'offset' | 'address' | 'fileSize' | 'memorySize' | 'alignment';

/** Places of the fields in Elf64_Phdr and Elf32_Phdr. */
const fields: Readonly<Record<Field, readonly [in64: number, in32: number]>> = {
  offset: [8, 4],
  address: [16, 8],
  fileSize: [32, 16],
  memorySize: [40, 20],
  alignment: [48, 28],
};

interface Change {
  /** p_type of the segment, and which of its kind. */
  readonly segment: readonly [type: number, which: number];
  readonly field: Field;
  readonly to: (old: bigint) => bigint;
}

const cases: readonly {
  readonly name: string;
  readonly input?: ElfDescription;
  readonly change?: Change;
  readonly want: readonly RegExp[];
}[] = [
  { name: 'finds nothing in a plain file', want: [] },
  {
    name: 'characters that turn the name of a symbol around',
    input: { symbols: [{ name: 'a\u202eb', defined: true }] },
    want: [/^a name of the dynamic section holds a character that is not visible/],
  },
  {
    name: 'a character that is not visible in the name of a library',
    input: { needed: ['libc\u200b.so.6'] },
    want: [/^a name of the dynamic section holds/],
  },
  {
    name: 'other characters than ASCII in names are plain',
    input: { symbols: [{ name: 'main\u00b7init' }, { name: 'größe' }, { name: '名\u2024' }] },
    want: [],
  },
  {
    name: 'characters that are not visible in names of sections',
    input: { sections: [{ name: '.te\u2060xt', content: Buffer.of(1) }] },
    want: [/^a name in \.shstrtab holds/],
  },
  {
    name: 'finds nothing in a program with sections',
    input: { interpreter: '/lib/ld.so', sections: [] },
    want: [],
  },
  {
    name: 'more bytes in the file than in memory',
    change: { segment: [PT.LOAD, 1], field: 'memorySize', to: () => 8n },
    want: [/^PT_LOAD segment \d has more bytes in the file than in memory$/],
  },
  {
    name: 'beyond the end of the file',
    change: { segment: [PT.LOAD, 1], field: 'fileSize', to: (size) => size + 0x10000n },
    want: [/more bytes in the file/, /reaches beyond the end of the file$/],
  },
  {
    name: 'not congruent',
    change: { segment: [PT.LOAD, 1], field: 'alignment', to: () => 0x1000n },
    input: { base: 0x800 },
    want: [/is not congruent/],
  },
  {
    name: 'alignment not a power of two',
    change: { segment: [PT.LOAD, 0], field: 'alignment', to: () => 0x1001n },
    want: [/not a power of two$/],
  },
  {
    name: 'overlap',
    change: { segment: [PT.LOAD, 0], field: 'memorySize', to: (size) => size + 0x20000n },
    want: [/^PT_LOAD segments \d and \d overlap in memory$/],
  },
  {
    name: 'not sorted',
    input: { base: 0x10000 },
    change: { segment: [PT.LOAD, 0], field: 'address', to: () => 0x90000n },
    want: [/are not sorted by address$/],
  },
  {
    name: 'beyond the address space',
    change: { segment: [PT.LOAD, 1], field: 'memorySize', to: () => 0xfffffffffffffff0n },
    want: [/reaches beyond the address space$/],
  },
  {
    name: 'two PT_DYNAMIC',
    input: { segments: [{ type: PT.DYNAMIC, flags: PF.R, region: 'dynamic' }] },
    want: [/^there are 2 PT_DYNAMIC segments, where one is allowed$/],
  },
  {
    name: 'two PT_GNU_STACK',
    input: {
      segments: [
        { type: PT.GNU_STACK, flags: 6 },
        { type: PT.GNU_STACK, flags: 7 },
      ],
    },
    want: [/^there are 2 PT_GNU_STACK segments/],
  },
  {
    name: 'PT_DYNAMIC in two places',
    change: { segment: [PT.DYNAMIC, 0], field: 'offset', to: (offset) => offset + 16n },
    want: [/^PT_DYNAMIC names one place by file offset and another by address$/],
  },
  {
    name: 'PT_INTERP that is not loaded',
    input: { interpreter: '/lib/ld.so' },
    change: { segment: [PT.INTERP, 0], field: 'address', to: () => 0x80000n },
    want: [/^PT_INTERP is at an address that no PT_LOAD segment fills from the file$/],
  },
  {
    name: 'entry point outside code',
    input: { interpreter: '/lib/ld.so', entry: 0x70000 },
    want: [/^the entry point lies outside every executable segment$/],
  },
  {
    name: 'section executable in a segment that is not',
    input: { sections: [], loadFlags: [4, 6] },
    want: [/^section \.text is marked executable in a segment that is not$/],
  },
  {
    name: 'section writable in a segment that is not',
    input: {
      sections: [{ name: '.rw', flags: SHF.ALLOC | SHF.WRITE, content: { region: 'symbols' } }],
      symbols: [{ name: 'puts' }],
    },
    want: [/^section \.rw is marked writable in a segment that is not$/],
  },
  {
    name: 'more program headers than Linux accepts',
    input: { segments: Array.from({ length: 2100 }, () => ({ type: PT.LOAD, flags: PF.R })) },
    want: [/^the program header table is larger than Linux accepts$/],
  },
  {
    name: 'nothing said of object files',
    input: { type: ET.REL },
    want: [],
  },
];

for (const layout of layouts) {
  describe(`contradictions in ${layout.bits}-bit ${layout.byteOrder}-endian files`, () => {
    for (const { name, input, change, want } of cases) {
      it(name, () => {
        const built = buildElf({ ...layout, ...input });
        if (change !== undefined) apply(built, change);
        const found = messages(built.buffer);
        assert.equal(found.length >= want.length, true, found.join('; '));
        for (const pattern of want)
          assert.ok(
            found.some((message) => pattern.test(message)),
            found.join('; '),
          );
        if (want.length === 0) assert.deepEqual(found, []);
      });
    }

    it('a section table that lies outside the file', () => {
      const { buffer } = buildElf({ ...layout, sections: [] });
      const at = layout.bits === 64 ? 0x28 : 0x20;
      write(buffer, at, 0x100000n, layout.bits, layout.byteOrder);
      assert.deepEqual(messages(buffer), ['the section header table cannot be read']);
    });
  });
}

function messages(buffer: Buffer): readonly string[] {
  return wellFormedness(readElf(bytesOf(buffer))).contradictions.map(({ message }) => message);
}

function apply({ elf, buffer }: BuiltElf, { segment: [type, which], field, to }: Change): void {
  const segment = elf.segments.filter((one) => one.type === type)[which];
  assert.ok(segment !== undefined);
  const { header } = elf;
  const within = fields[field][header.bits === 64 ? 0 : 1];
  const at = Number(header.programHeaderOffset) + segment.index * header.programHeaderSize + within;
  write(buffer, at, to(segment[field]), header.bits, header.byteOrder);
}

function write(
  buffer: Buffer,
  at: number,
  value: bigint,
  bits: 32 | 64,
  byteOrder: 'little' | 'big',
): void {
  const bytes = Buffer.alloc(wordSize({ bits, byteOrder }));
  if (bits === 64) bytes.writeBigUInt64BE(value);
  else bytes.writeUInt32BE(Number(value & 0xffffffffn));
  if (byteOrder === 'little') bytes.reverse();
  bytes.copy(buffer, at);
}
