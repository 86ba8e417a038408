import type { Budget } from './budget.ts';
import { demandContent } from './demand-content.ts';
import { isLittleEndian, type Layout, viewOf } from './layout.ts';
import type { ElfSymbol } from './model.ts';
import type { StringTable } from './string-table.ts';

export const symbolSize = { 32: 16, 64: 24 } as const;
/** What an ElfSymbol weighs once decoded, beside its name. */
const decodedSize = 144;

export type VersionOf = (index: number) => ElfSymbol['version'];

/** The symbols of a whole number of entries in `table`, without index 0. */
export function readSymbols(
  table: Buffer,
  layout: Layout,
  names: StringTable,
  versionOf: VersionOf,
  budget: Budget,
): readonly ElfSymbol[] {
  const count = table.length / symbolSize[layout.bits];
  budget.count('symbols', count);
  budget.spend(count * decodedSize);
  demandContent(table.subarray(symbolSize[layout.bits]), 'the symbol table');
  const decode = layout.bits === 64 ? symbol64 : symbol32;
  const view = viewOf(table);
  const little = isLittleEndian(layout);
  const symbols: ElfSymbol[] = [];
  for (let index = 1; index < count; index++) {
    symbols.push(decode(view, index, little, names, versionOf));
  }
  return symbols;
}

/** For tables without versions. */
export const unversioned: VersionOf = () => null;

function symbol64(
  view: DataView,
  index: number,
  little: boolean,
  names: StringTable,
  versionOf: VersionOf,
): ElfSymbol {
  const at = index * symbolSize[64];
  const information = view.getUint8(at + 4);
  const sectionIndex = view.getUint16(at + 6, little);
  return {
    index,
    name: names.at(view.getUint32(at, little)),
    value: view.getBigUint64(at + 8, little),
    size: view.getBigUint64(at + 16, little),
    type: information & 15,
    binding: information >> 4,
    visibility: view.getUint8(at + 5) & 3,
    sectionIndex,
    version: versionOf(index),
  };
}

function symbol32(
  view: DataView,
  index: number,
  little: boolean,
  names: StringTable,
  versionOf: VersionOf,
): ElfSymbol {
  const at = index * symbolSize[32];
  const information = view.getUint8(at + 12);
  const sectionIndex = view.getUint16(at + 14, little);
  return {
    index,
    name: names.at(view.getUint32(at, little)),
    value: BigInt(view.getUint32(at + 4, little)),
    size: BigInt(view.getUint32(at + 8, little)),
    type: information & 15,
    binding: information >> 4,
    visibility: view.getUint8(at + 13) & 3,
    sectionIndex,
    version: versionOf(index),
  };
}
