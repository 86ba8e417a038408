import { DT, NT, PT, SHT } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import type { Section, Segment } from '../../src/elf/records.ts';

/** Tables of an ELF file that can break one by one, as documents call them, in the order of documents. */
export const tableNames = [
  'notes',
  'GNU property',
  'build ID',
  'interpreter',
  'dynamic symbols',
  'dynamic names',
  'DT_HASH',
  'DT_GNU_HASH',
  'DT_VERSYM',
  'DT_VERNEED',
  'DT_VERDEF',
  'DT_REL, DT_RELA',
  'DT_JMPREL',
  'DT_RELR',
  'init and fini arrays',
  '.eh_frame_hdr',
  '.eh_frame',
  '.gcc_except_table',
  'section headers',
  'section names',
  '.symtab',
  '.strtab',
  '.comment',
  'debug information',
  'build records',
] as const;

export type TableName = (typeof tableNames)[number];

export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** A number in the file, of the class and byte order of its header. */
export interface Field {
  readonly offset: number;
  readonly size: 2 | 4 | 8;
}

/** One table of one file. */
export interface TablePlace {
  readonly name: TableName;
  readonly parts: readonly Range[];
  /** The numbers that say where it lies, and how large it is. */
  readonly pointers: readonly Field[];
  readonly sizes: readonly Field[];
}

/** Those that the file has, by its section headers and what loaders read: only for sound files with section headers. */
export function tablePlaces(buffer: Buffer): readonly TablePlace[] {
  const elf = readElf(bytesOf(buffer));
  return [
    ...segmentTables(elf),
    ...buildId(elf),
    ...dynamicTables(elf),
    ...ehFrame(elf),
    ...sectionTables(elf),
    sectionHeaders(elf),
  ].filter(({ parts }) => parts.length > 0);
}

function segmentTables(elf: Elf): readonly TablePlace[] {
  const of = (name: TableName, type: number): TablePlace => {
    const segments = elf.segments.filter((one) => one.type === type && one.fileSize > 0n);
    const word = elf.header.bits === 64 ? 8 : 4;
    const field = (segment: Segment, in64: number, in32: number): Field => ({
      offset:
        Number(elf.header.programHeaderOffset) +
        segment.index * elf.header.programHeaderSize +
        (word === 8 ? in64 : in32),
      size: word,
    });
    return {
      name,
      parts: segments.map(({ offset, fileSize }) => range(offset, fileSize)),
      // Some readers go by offset, others by address.
      pointers: segments.flatMap((one) => [field(one, 8, 4), field(one, 16, 8)]),
      sizes: segments.flatMap((one) => [field(one, 32, 16), field(one, 40, 20)]),
    };
  };
  return [
    of('notes', PT.NOTE),
    of('GNU property', PT.GNU_PROPERTY),
    of('interpreter', PT.INTERP),
    of('.eh_frame_hdr', PT.GNU_EH_FRAME),
  ];
}

/** The head of its note: sizes and type. */
function buildId(elf: Elf): readonly TablePlace[] {
  const note = elf.notes.find(({ owner, type }) => owner === 'GNU' && type === NT.GNU_BUILD_ID);
  if (note === undefined) return [];
  const parts = [{ offset: note.offset, size: 12 }];
  return [{ name: 'build ID', parts, pointers: [], sizes: [{ offset: note.offset + 4, size: 4 }] }];
}

interface DynamicTable {
  readonly name: TableName;
  /** Each with the tag of its size, where there is one. */
  readonly tags: readonly (readonly [address: number, size: number | null])[];
  readonly sectionTypes: readonly number[];
}

const dynamicDescriptions: readonly DynamicTable[] = [
  { name: 'dynamic symbols', tags: [[DT.SYMTAB, null]], sectionTypes: [SHT.DYNSYM] },
  { name: 'dynamic names', tags: [[DT.STRTAB, DT.STRSZ]], sectionTypes: [] },
  { name: 'DT_HASH', tags: [[DT.HASH, null]], sectionTypes: [SHT.HASH] },
  { name: 'DT_GNU_HASH', tags: [[DT.GNU_HASH, null]], sectionTypes: [SHT.GNU_HASH] },
  { name: 'DT_VERSYM', tags: [[DT.VERSYM, null]], sectionTypes: [SHT.GNU_VERSYM] },
  { name: 'DT_VERNEED', tags: [[DT.VERNEED, null]], sectionTypes: [SHT.GNU_VERNEED] },
  { name: 'DT_VERDEF', tags: [[DT.VERDEF, null]], sectionTypes: [SHT.GNU_VERDEF] },
  {
    name: 'DT_REL, DT_RELA',
    tags: [
      [DT.REL, DT.RELSZ],
      [DT.RELA, DT.RELASZ],
    ],
    sectionTypes: [],
  },
  { name: 'DT_JMPREL', tags: [[DT.JMPREL, DT.PLTRELSZ]], sectionTypes: [] },
  { name: 'DT_RELR', tags: [[DT.RELR, DT.RELRSZ]], sectionTypes: [] },
  {
    name: 'init and fini arrays',
    tags: [
      [DT.INIT_ARRAY, DT.INIT_ARRAYSZ],
      [DT.FINI_ARRAY, DT.FINI_ARRAYSZ],
    ],
    sectionTypes: [],
  },
];

function dynamicTables(elf: Elf): readonly TablePlace[] {
  const { dynamic } = elf;
  if (dynamic === null) return [];
  const start = Number(elf.segments.find(({ type }) => type === PT.DYNAMIC)?.offset ?? 0n);
  const word = elf.header.bits === 64 ? 8 : 4;
  const fieldsOf = (tag: number | null): Field[] => {
    const index = dynamic.findIndex((entry) => entry.tag === tag);
    return index < 0 ? [] : [{ offset: start + (2 * index + 1) * word, size: word }];
  };
  return dynamicDescriptions.map(({ name, tags, sectionTypes }) => {
    const bySize = tags.flatMap(([address, size]): Range[] => {
      const at = elf.dynamicValue(address);
      const length = size === null ? null : elf.dynamicValue(size);
      if (at === null || length === null || length === 0n) return [];
      const offset = elf.fileOffset(at, Number(length));
      return offset === null ? [] : [{ offset, size: Number(length) }];
    });
    const bySection = elf.sections.filter(({ type }) => sectionTypes.includes(type)).map(rangeOf);
    return {
      name,
      parts: [...bySize, ...bySection],
      pointers: tags.flatMap(([address]) => fieldsOf(address)),
      sizes: tags.flatMap(([, size]) => fieldsOf(size)),
    };
  });
}

function ehFrame(elf: Elf): readonly TablePlace[] {
  const sections = elf.sections.filter(({ name }) => name === '.eh_frame');
  return [{ ...sectionPlace(elf, '.eh_frame', sections), pointers: [], sizes: [] }];
}

const sectionDescriptions: readonly {
  readonly name: TableName;
  readonly is: (section: Section, elf: Elf) => boolean;
}[] = [
  { name: '.gcc_except_table', is: ({ name }) => name === '.gcc_except_table' },
  { name: 'section names', is: ({ index }, { header }) => index === header.sectionNameIndex },
  { name: '.symtab', is: ({ type }) => type === SHT.SYMTAB },
  { name: '.strtab', is: ({ name }) => name === '.strtab' },
  { name: '.comment', is: ({ name }) => name === '.comment' },
  { name: 'debug information', is: ({ name }) => /^\.z?debug_|^\.gnu_debug/.test(name) },
  { name: 'build records', is: ({ name }) => /^\.GCC\.command|^\.gnu\.build\.attr/.test(name) },
];

function sectionTables(elf: Elf): readonly TablePlace[] {
  return sectionDescriptions.map(({ name, is }) => {
    const sections = elf.sections.filter((section) => is(section, elf));
    return sectionPlace(elf, name, sections);
  });
}

function sectionPlace({ header }: Elf, name: TableName, all: readonly Section[]): TablePlace {
  const sections = all.filter(({ type, size }) => type !== SHT.NOBITS && size > 0n);
  const word = header.bits === 64 ? 8 : 4;
  const field = ({ index }: Section, at: number): Field => ({
    offset: Number(header.sectionHeaderOffset) + index * header.sectionHeaderSize + at,
    size: word,
  });
  return {
    name,
    parts: sections.map(rangeOf),
    pointers: sections.map((section) => field(section, word === 8 ? 24 : 16)),
    sizes: sections.map((section) => field(section, word === 8 ? 32 : 20)),
  };
}

function sectionHeaders({ header }: Elf): TablePlace {
  const { sectionHeaderOffset, sectionHeaderCount, sectionHeaderSize, bits } = header;
  const size = sectionHeaderCount * sectionHeaderSize;
  return {
    name: 'section headers',
    parts: size === 0 ? [] : [{ offset: Number(sectionHeaderOffset), size }],
    pointers: [bits === 64 ? { offset: 0x28, size: 8 } : { offset: 0x20, size: 4 }],
    sizes: [{ offset: bits === 64 ? 0x3a : 0x2e, size: 2 }],
  };
}

function rangeOf({ offset, size }: Section): Range {
  return range(offset, size);
}

function range(offset: bigint, size: bigint): Range {
  return { offset: Number(offset), size: Number(size) };
}
