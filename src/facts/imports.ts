import { SHN, STB, STT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { bindingOf, type SymbolTable, typeOf } from '../elf/symbols/symbol-table.ts';
import { factExtractor } from './fact-extractor.ts';
import { namesItsCode } from './language/described-code.ts';
import { relocationUses } from './link-tables/relocation-uses.ts';
import linking from './linking.ts';
import { hasStaticSymbols } from './search/static-names.ts';

/** What the file takes from others by name. */
export interface Imports {
  /**
   * Sorted: `gets`, or `memcpy@GLIBC_2.14` with the version that it requires. Data that the linker made room for in a program (a copy
   * of a library's) is among them. Of a static program, the functions that its table names: it takes nothing from others any more.
   */
  readonly names: readonly string[];
  /** Those of them without which a loader goes on. */
  readonly weak: readonly string[];
  /** null: a static program has no table that shows it. */
  readonly seenIn: 'dynamic symbols' | '.symtab' | null;
}

export default factExtractor('tables', (elf): Imports => {
  const { how } = linking(elf);
  if (how === 'static') return ofStatic(elf);
  if (how === 'none') return importsIn(elf.staticSymbolTable, '.symtab');
  return importsIn(elf.dynamicSymbolTable, 'dynamic symbols', relocationUses(elf).copies);
});

function importsIn(
  table: SymbolTable,
  seenIn: NonNullable<Imports['seenIn']>,
  copies: Uint8Array = none,
): Imports {
  const names = new Set<string>();
  const weak = new Set<string>();
  for (let index = 1; index < table.length; index += 1) {
    if (table.nameStarts[index] === table.nameEnds[index]) continue;
    const isUndefined = table.sections[index] === SHN.UNDEF;
    if (!isUndefined && copies[index] !== 1) continue;
    const name = versioned(table, index);
    names.add(name);
    if (isUndefined && bindingOf(table, index) === STB.WEAK) weak.add(name);
  }
  return { names: [...names].toSorted(), weak: [...weak].toSorted(), seenIn };
}

const none = new Uint8Array();

/** `memcpy@GLIBC_2.14`; the name alone where it has no version. */
export function versioned(table: SymbolTable, index: number): string {
  const version = table.version(index);
  return version === null ? table.name(index) : `${table.name(index)}@${version.name}`;
}

/** A linker takes a function out of an archive because something calls it. A table of other code says nothing. */
function ofStatic(elf: Elf): Imports {
  if (!hasStaticSymbols(elf) || !namesItsCode(elf)) return { names: [], weak: [], seenIn: null };
  const table = elf.staticSymbolTable;
  const names = new Set<string>();
  for (let index = 1; index < table.length; index += 1) {
    const type = typeOf(table, index);
    const isFunction = type === STT.FUNC || type === STT.GNU_IFUNC;
    if (isFunction && bindingOf(table, index) !== STB.LOCAL) names.add(table.name(index));
  }
  return { names: [...names].toSorted(), weak: [], seenIn: '.symtab' };
}
