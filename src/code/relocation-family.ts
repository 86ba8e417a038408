import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { isLittleEndian, viewOf } from '../elf/reading/layout.ts';
import { entrySizeOf } from '../elf/relocations/relocations.ts';
import type { CodeFamily } from './code-family.ts';

/** Types that dynamic loaders know, by family and class (<elf.h>). Of MIPS one word holds three. */
const loaderTypes: readonly {
  readonly family: CodeFamily;
  readonly bits: 32 | 64;
  readonly isBig?: true;
  readonly types: ReadonlySet<number>;
}[] = [
  { family: 'x86', bits: 64, types: numbers('1-2 5-8 10 16-18 24 32-33 36-38') },
  { family: 'x86', bits: 32, types: numbers('1-2 5-8 10 14-18 33-37 38 41-42') },
  { family: 'AArch64', bits: 64, types: numbers('257 1024-1032') },
  { family: 'ARM', bits: 32, types: numbers('1-3 13 17-23 160') },
  { family: 'RISC-V', bits: 64, types: numbers('1-5 7 9 11-12 58') },
  { family: 'RISC-V', bits: 32, types: numbers('1 3-6 8 10 12 58') },
  { family: 'PowerPC', bits: 64, types: numbers('1-6 10-14 19-22 26 38 43 51 67-78 107 247-248') },
  { family: 'PowerPC', bits: 32, types: numbers('1-6 10 19-22 24 26 67-78 248') },
  { family: 'S/390', bits: 64, isBig: true, types: numbers('1-5 9-12 16 19 22-23 54-57 61') },
  { family: 'S/390', bits: 32, isBig: true, types: numbers('1-5 9-12 16 19 54-57 61') },
  { family: 'LoongArch', bits: 64, types: numbers('1-5 7 9 11-14') },
];

function numbers(ranges: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const range of ranges.split(' ')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let number = first; number <= last; number += 1) found.add(number);
  }
  return found;
}

/** Each table begins with what there is most of. R_*_NONE does nothing. */
const enough = 64;
const mostLookedAt = 65_536;

/**
 * The family whose loaders know all types among the first of each table, where those of the stated one do not. A loader stops
 * at a type that it does not know, so that these cannot be written as one likes.
 */
export function familyOfRelocations(elf: Elf, stated: CodeFamily): CodeFamily | null {
  const { bits, byteOrder } = elf.header;
  const fits = loaderTypes.filter((each) => each.bits === bits);
  const own = fits.find(({ family }) => family === stated);
  if (own === undefined || elf.dynamic === null) return null;
  const used = [...firstTypes(elf, DT.RELA, DT.RELASZ), ...firstTypes(elf, DT.REL, DT.RELSZ)];
  used.push(...firstTypes(elf, DT.JMPREL, DT.PLTRELSZ));
  if (used.every((type) => own.types.has(type))) return null;
  const other = fits.find(
    ({ family, types, isBig }) =>
      family !== stated &&
      (isBig === true) === (byteOrder === 'big') &&
      used.every((type) => types.has(type)),
  );
  return other?.family ?? null;
}

function firstTypes(elf: Elf, table: number, sizeTag: number): readonly number[] {
  const { header } = elf;
  const address = elf.dynamicValue(table);
  const isAddend =
    table === DT.JMPREL ? elf.dynamicValue(DT.PLTREL) === BigInt(DT.RELA) : table === DT.RELA;
  const entry = entrySizeOf(header, isAddend);
  const count = Math.min(mostLookedAt, Number((elf.dynamicValue(sizeTag) ?? 0n) / BigInt(entry)));
  const at = address === null || count === 0 ? null : elf.fileOffset(address, count * entry);
  if (at === null) return [];
  const little = isLittleEndian(header);
  const found: number[] = [];
  for (let from = 0; from < count && found.length < enough; from += enough) {
    const size = Math.min(enough, count - from) * entry;
    const view = viewOf(elf.bytes.read(at + from * entry, size));
    for (let offset = 0; offset < size; offset += entry) {
      const type = typeOf(view, offset, header.bits, little);
      if (type !== 0) found.push(type);
    }
  }
  return found;
}

function typeOf(view: DataView, at: number, bits: 32 | 64, little: boolean): number {
  if (bits === 32) return view.getUint32(at + 4, little) & 0xff;
  return view.getUint32(little ? at + 8 : at + 12, little);
}
