import { SHN } from '../constants.ts';
import { perFile } from '../reading/per-file.ts';
import type { SymbolTable } from './symbol-table.ts';

/** Undefined symbols by name, in the order of their table. One name may be imported in several versions. */
export type SymbolsByName = ReadonlyMap<string, readonly number[]>;

/** Those among the dynamic symbols: what the file asks others for. Indexes ascend. */
export const importedSymbols = perFile((elf) => undefinedIn(elf.dynamicSymbolTable));

export function undefinedIn(table: SymbolTable): SymbolsByName {
  const { length, sections, nameStarts, nameEnds } = table;
  const symbols = new Map<string, number[]>();
  for (let index = 1; index < length; index += 1) {
    if (sections[index] !== SHN.UNDEF || nameStarts[index] === nameEnds[index]) continue;
    const name = table.name(index);
    const others = symbols.get(name);
    if (others === undefined) symbols.set(name, [index]);
    else others.push(index);
  }
  return symbols;
}
