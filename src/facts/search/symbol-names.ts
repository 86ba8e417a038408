import { MalformedElf } from '../../base/errors.ts';
import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { importedSymbols, undefinedIn } from '../../elf/symbols/imported-symbols.ts';

/** Names that the file takes from elsewhere: undefined dynamic symbols, or those of `.symtab` in a relocatable file. */
export const undefinedNames = perFile((elf): ReadonlySet<string> => {
  const isObject = elf.header.type === ET.REL;
  const symbols = isObject ? undefinedIn(elf.staticSymbolTable) : importedSymbols(elf);
  return new Set(symbols.keys());
});

/** The first dynamic symbol that begins with `_Z` and matches. */
export function firstMangled(elf: Elf, pattern: RegExp): string | undefined {
  const table = elf.dynamicSymbolTable;
  for (let index = 1; index < table.length; index += 1) {
    if (table.beginnings[index] === mangled && pattern.test(table.name(index)))
      return table.name(index);
  }
  return undefined;
}

const mangled = Buffer.from('_Z').readUInt16BE();

/** Throws MalformedElf when definitions may have been lost, so that not to have found one says nothing. */
export function demandExports(elf: Elf): void {
  if (elf.exportDamage !== null) throw new MalformedElf(elf.exportDamage);
}
