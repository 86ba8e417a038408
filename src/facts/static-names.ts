// supporting: asks for names in .symtab without decoding a symbol table that can hold a million of them
import { SHT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';

export function hasStaticSymbols(elf: Elf): boolean {
  return elf.sections.some(({ type }) => type === SHT.SYMTAB);
}

/** The first of `names` that the string table of `.symtab` holds, defined or not, or null. */
export function findStaticName(elf: Elf, names: readonly string[]): string | null {
  const table = elf.sections.find(({ type }) => type === SHT.SYMTAB);
  const strings = table === undefined ? undefined : elf.sections[table.link];
  if (strings === undefined || strings.type !== SHT.STRTAB) return null;
  const bytes = elf.sectionBytes(strings);
  return names.find((name) => bytes.includes(`\0${name}\0`, 0, 'latin1')) ?? null;
}
