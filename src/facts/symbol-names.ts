// supporting: names of symbols, as several facts ask for them
import { ET, SHN } from '../elf/constants.ts';
import type { Elf, ElfSymbol } from '../elf/model.ts';
import { MalformedElf } from '../errors.ts';
import type { KnownNames } from './known-names.ts';

const perFile = new WeakMap<Elf, ReadonlySet<string>>();

/** Names that the file takes from elsewhere: undefined dynamic symbols, or those of `.symtab` in a relocatable file. */
export function undefinedNames(elf: Elf): ReadonlySet<string> {
  const names = perFile.get(elf) ?? namesOf(linkedSymbols(elf), isUndefined);
  perFile.set(elf, names);
  return names;
}

/** Those among `known` that the file offers to others at run time: libraries offer a hundred thousand. */
export function definedAmong(elf: Elf, known: KnownNames): ReadonlySet<string> {
  return namesOf(elf.dynamicSymbols, (symbol) => !isUndefined(symbol) && known.has(symbol.name));
}

/** Throws MalformedElf when definitions may have been lost, so that not to have found one says nothing. */
export function demandExports(elf: Elf): void {
  if (elf.exportDamage !== null) throw new MalformedElf(elf.exportDamage);
}

function isUndefined({ sectionIndex }: ElfSymbol): boolean {
  return sectionIndex === SHN.UNDEF;
}

function linkedSymbols(elf: Elf): readonly ElfSymbol[] {
  return elf.header.type === ET.REL ? elf.staticSymbols : elf.dynamicSymbols;
}

/** Names of the symbols that fulfil a condition, without the empty one. */
export function namesOf(
  symbols: readonly ElfSymbol[],
  isWanted: (symbol: ElfSymbol) => boolean,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const symbol of symbols) if (symbol.name !== '' && isWanted(symbol)) names.add(symbol.name);
  return names;
}
