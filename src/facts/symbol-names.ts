// supporting: names of symbols, as several facts ask for them
import { ET, SHN } from '../elf/constants.ts';
import type { Elf, ElfSymbol } from '../elf/model.ts';

/** Names that the file takes from elsewhere: undefined dynamic symbols, or those of `.symtab` in a relocatable file. */
export function undefinedNames(elf: Elf): ReadonlySet<string> {
  return namesOf(linkedSymbols(elf).filter((symbol) => symbol.sectionIndex === SHN.UNDEF));
}

/** Names that the file offers to others at run time. */
export function definedNames(elf: Elf): ReadonlySet<string> {
  return namesOf(elf.dynamicSymbols.filter((symbol) => symbol.sectionIndex !== SHN.UNDEF));
}

function linkedSymbols(elf: Elf): readonly ElfSymbol[] {
  return elf.header.type === ET.REL ? elf.staticSymbols : elf.dynamicSymbols;
}

function namesOf(symbols: readonly ElfSymbol[]): ReadonlySet<string> {
  return new Set(symbols.map((symbol) => symbol.name).filter((name) => name !== ''));
}
