/** An ELF file as marks are put into it: its numbers by name, of either class and byte order. Changes go into `bytes`. */

export type SegmentField = 'type' | 'flags' | 'offset' | 'address' | 'filesz' | 'memsz' | 'align';
export type SectionField =
  | 'name'
  | 'type'
  | 'flags'
  | 'address'
  | 'offset'
  | 'size'
  | 'link'
  | 'info'
  | 'align'
  | 'entsize';

const segmentFields = {
  64: { type: 0, flags: 4, offset: 8, address: 16, filesz: 32, memsz: 40, align: 48 },
  32: { type: 0, offset: 4, address: 8, filesz: 16, memsz: 20, flags: 24, align: 28 },
} as const;
const sectionFields = {
  64: {
    ...{ name: 0, type: 4, flags: 8, address: 16, offset: 24 },
    ...{ size: 32, link: 40, info: 44, align: 48, entsize: 56 },
  },
  32: {
    ...{ name: 0, type: 4, flags: 8, address: 12, offset: 16 },
    ...{ size: 20, link: 24, info: 28, align: 32, entsize: 36 },
  },
} as const;
const headerFields = {
  64: {
    entry: 24,
    phoff: 32,
    shoff: 40,
    flags: 48,
    phnum: 56,
    shentsize: 58,
    shnum: 60,
    names: 62,
  },
  32: {
    entry: 24,
    phoff: 28,
    shoff: 32,
    flags: 36,
    phnum: 44,
    shentsize: 46,
    shnum: 48,
    names: 50,
  },
} as const;
/** Four bytes in both classes. */
const always32 = new Set<string>(['type', 'link', 'info', 'name']);

export const sizes = {
  64: { segment: 56, section: 64, symbol: 24 },
  32: { segment: 32, section: 40, symbol: 16 },
} as const;

export interface SegmentNumbers {
  readonly index: number;
  get(field: SegmentField): number;
  set(field: SegmentField, value: number): void;
}

export interface ElfFile {
  bytes: Buffer;
  readonly bits: 32 | 64;
  readonly little: boolean;
  header(field: keyof (typeof headerFields)[64]): number;
  setHeader(field: keyof (typeof headerFields)[64], value: number): void;
  segments(): readonly SegmentNumbers[];
  /** Header records as they stand in the file; [] without a table. */
  sectionRecords(): Buffer[];
  /** A number into a record or into the file. */
  put(into: Buffer, at: number, width: 1 | 2 | 4 | 8, value: number | bigint): void;
  take(from: Buffer, at: number, width: 2 | 4 | 8): number;
  section(record: Buffer, field: SectionField): number;
  setSection(record: Buffer, field: SectionField, value: number): void;
}

export function openElf(file: Buffer): ElfFile {
  const bytes = Buffer.from(file);
  const bits = bytes[4] === 2 ? 64 : 32;
  const little = bytes[5] === 1;
  const word = bits === 64 ? 8 : 4;
  const take = (from: Buffer, at: number, width: 2 | 4 | 8): number => {
    if (width === 8) return Number(little ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));
    return little ? from.readUIntLE(at, width) : from.readUIntBE(at, width);
  };
  const put = (into: Buffer, at: number, width: 1 | 2 | 4 | 8, value: number | bigint): void => {
    const number = BigInt.asUintN(width * 8, BigInt(value));
    if (width === 8) into[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](number, at);
    else into[little ? 'writeUIntLE' : 'writeUIntBE'](Number(number), at, width);
  };
  const widthOf = (field: string, isSegment: boolean): 4 | 8 =>
    always32.has(field) || (isSegment && field === 'flags') ? 4 : word;
  const headerWidth = (field: string): 2 | 4 | 8 =>
    field === 'flags' ? 4 : ['phnum', 'shentsize', 'shnum', 'names'].includes(field) ? 2 : word;
  const elf: ElfFile = {
    bytes,
    bits,
    little,
    take,
    put,
    header: (field) => take(elf.bytes, headerFields[bits][field], headerWidth(field)),
    setHeader: (field, value) =>
      put(elf.bytes, headerFields[bits][field], headerWidth(field), value),
    segments: () =>
      Array.from({ length: elf.header('phnum') }, (_, index) => {
        const start = elf.header('phoff') + index * sizes[bits].segment;
        const at = (field: SegmentField) => start + segmentFields[bits][field];
        return {
          index,
          get: (field) => take(elf.bytes, at(field), widthOf(field, true)),
          set: (field, value) => put(elf.bytes, at(field), widthOf(field, true), value),
        };
      }),
    sectionRecords: () =>
      elf.header('shoff') === 0
        ? []
        : Array.from({ length: elf.header('shnum') }, (_, index) => {
            const start = elf.header('shoff') + index * sizes[bits].section;
            return Buffer.from(elf.bytes.subarray(start, start + sizes[bits].section));
          }),
    section: (record, field) => take(record, sectionFields[bits][field], widthOf(field, false)),
    setSection: (record, field, value) =>
      put(record, sectionFields[bits][field], widthOf(field, false), value),
  };
  return elf;
}

/** Appends bytes, aligned to 16; gives where they are. */
export function append(elf: ElfFile, content: Buffer, alignment = 16): number {
  const start = Math.ceil(elf.bytes.length / alignment) * alignment;
  elf.bytes = Buffer.concat([elf.bytes, Buffer.alloc(start - elf.bytes.length), content]);
  return start;
}
