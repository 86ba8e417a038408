import { encodeName } from '../../base/text.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { demandContent } from '../reading/demand-content.ts';
import type { Layout } from '../reading/layout.ts';
import type { StringTable } from './string-table.ts';
import {
  beginningAt,
  lookOf,
  SymbolColumns,
  type SymbolTable,
  symbolFields,
  type VersionOf,
} from './symbol-table.ts';

export const symbolSize = { 32: symbolFields[32].size, 64: symbolFields[64].size } as const;
/** What a symbol may weigh once decoded, without its name. */
const decodedSize = 144;

/** For tables without versions. */
export const unversioned: VersionOf = () => null;

/** The symbols of a whole number of entries in `table`. Throws MalformedElf where one of them has no name. */
export function readSymbols(
  table: Buffer,
  layout: Layout,
  names: StringTable,
  versionOf: VersionOf,
  budget: Budget,
): SymbolTable {
  const size = symbolSize[layout.bits];
  const length = table.length / size;
  budget.count('symbols', length);
  budget.spend(length * decodedSize);
  demandContent(table.subarray(size), 'the symbol table');
  const symbols = new SymbolColumns(table, layout, names, versionOf);
  symbols.decode();
  findNames(symbols, names);
  return symbols;
}

/** Bytes of names that are paid for at a time: a million symbols may share one name of 500 KB. */
const paidSize = 64 * 1024;

/** Where names end. Those that do not lie in the string table are kept for themselves. */
function findNames(symbols: SymbolColumns, names: StringTable): void {
  const { length, nameStarts, nameEnds, beginnings, looks } = symbols;
  const { bytes, budget } = names;
  const behind = bytes.lastIndexOf(0) + 1;
  const kept = new Map<number, Buffer>();
  let unpaid = 0;
  for (let index = 1; index < length; index += 1) {
    const start = nameStarts[index] ?? 0;
    let end = start;
    if (start >= behind) kept.set(index, encodeName(names.at(start)));
    else while (bytes[end] !== 0) end += 1;
    nameEnds[index] = end;
    beginnings[index] = beginningAt(bytes, start);
    looks[index] = lookOf(bytes, start, end);
    unpaid += end - start;
    if (unpaid >= paidSize) {
      budget.spend(unpaid);
      unpaid = 0;
    }
  }
  budget.spend(unpaid);
  symbols.keepNames(kept);
}

/** Where there is no table. */
export function noSymbols(): SymbolTable {
  const nowhere = { bytes: Buffer.of(), budget: unlimited, at: () => '', text: () => '' };
  return new SymbolColumns(Buffer.of(), { bits: 64, byteOrder: 'little' }, nowhere, unversioned);
}

const unlimited: Budget = { spend() {}, count() {} };
