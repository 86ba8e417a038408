/** Changes numbers of an ELF file of either class and byte order, in a copy of it. */

type Name = 'type' | 'flags' | 'offset' | 'address' | 'physical' | 'filesz' | 'memsz' | 'align';
type SectionName = 'name' | 'type' | 'flags' | 'address' | 'offset' | 'size' | 'link';

export interface Numbers<Field extends string> {
  get(field: Field): bigint;
  set(field: Field, value: bigint): void;
}

export interface ElfEdit {
  readonly bytes: Buffer;
  segments(): readonly Numbers<Name>[];
  sections(): readonly (Numbers<SectionName> & { readonly name: string })[];
}

const segmentFields = {
  64: { type: 0, flags: 4, offset: 8, address: 16, physical: 24, filesz: 32, memsz: 40, align: 48 },
  32: { type: 0, offset: 4, address: 8, physical: 12, filesz: 16, memsz: 20, flags: 24, align: 28 },
} as const;
const sectionFields = {
  64: { name: 0, type: 4, flags: 8, address: 16, offset: 24, size: 32, link: 40 },
  32: { name: 0, type: 4, flags: 8, address: 12, offset: 16, size: 20, link: 24 },
} as const;
/** Four bytes in both classes. */
const narrow = { segment: ['type', 'flags'], section: ['name', 'type', 'link'] };

export function changedElf(file: Buffer, change: (edit: ElfEdit) => void): Buffer {
  const bytes = Buffer.from(file);
  const bits = bytes[4] === 2 ? 64 : 32;
  const little = bytes[5] === 1;
  const wide = bits === 64;
  const half = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const read = (at: number, long: boolean): bigint => {
    if (long) return little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
    return BigInt(little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  };
  const write = (at: number, long: boolean, value: bigint): void => {
    if (long)
      bytes[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt.asUintN(64, value), at);
    else bytes[little ? 'writeUInt32LE' : 'writeUInt32BE'](Number(BigInt.asUintN(32, value)), at);
  };
  const numbers = <Field extends string>(
    start: number,
    fields: Readonly<Record<Field, number>>,
    short: readonly string[],
  ): Numbers<Field> => ({
    get: (field) => read(start + fields[field], wide && !short.includes(field)),
    set: (field, value) => write(start + fields[field], wide && !short.includes(field), value),
  });
  const table = (at: readonly [start: number, size: number, count: number]): number[] =>
    Array.from(
      { length: half(at[2]) },
      (_, index) => Number(read(at[0], wide)) + index * half(at[1]),
    );
  change({
    bytes,
    segments: () =>
      table(wide ? [32, 54, 56] : [28, 42, 44]).map((start) =>
        numbers<Name>(start, segmentFields[bits], narrow.segment),
      ),
    sections() {
      const starts = table(wide ? [40, 58, 60] : [32, 46, 48]);
      const all = starts.map((start) =>
        numbers<SectionName>(start, sectionFields[bits], narrow.section),
      );
      const names = Number(all[half(wide ? 62 : 50)]?.get('offset') ?? 0n);
      return all.map((section) => {
        const at = names + Number(section.get('name'));
        return { ...section, name: bytes.toString('latin1', at, bytes.indexOf(0, at)) };
      });
    },
  });
  return bytes;
}
