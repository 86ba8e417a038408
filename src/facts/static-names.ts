// supporting: asks for names in .symtab without decoding a symbol table that can hold a million of them
import { bytesOf } from '../elf/bytes.ts';
import { SHT } from '../elf/constants.ts';
import { demandContent } from '../elf/demand-content.ts';
import type { Elf } from '../elf/model.ts';
import { demandSections } from './lost-sections.ts';
import { type BytePattern, patternSearch } from './pattern-search.ts';

export function hasStaticSymbols(elf: Elf): boolean {
  return elf.sections.some(({ type }) => type === SHT.SYMTAB);
}

/** The first of `names` that the string table of `.symtab` holds, defined or not, or null. */
export function findStaticName(elf: Elf, names: readonly string[]): string | null {
  if (!hasStaticSymbols(elf) || names.length === 0) return null;
  for (const name of names) asked.add(name);
  let found = perFile.get(elf);
  if (found === undefined || found.asked < asked.size) {
    found = { asked: asked.size, present: namesPresent(elf) };
    perFile.set(elf, found);
  }
  const { present } = found;
  return names.find((name) => present.has(name)) ?? null;
}

/** Throws MalformedElf when names may have been lost, so that not to have found one says nothing. */
export function demandStaticNames(elf: Elf): void {
  demandSections(elf);
  const strings = staticStrings(elf);
  // One NUL alone is the table of a file without names.
  if (strings.length > 1) demandContent(strings, 'the string table of .symtab');
}

/** Every name that any file was asked for: facts ask all files for the same ones, so one pass finds them all. */
const asked = new Set<string>();

const perFile = new WeakMap<
  Elf,
  { readonly asked: number; readonly present: ReadonlySet<string> }
>();

/** For so many names as were asked for when it was made. */
let search = searchFor([]);

function namesPresent(elf: Elf): ReadonlySet<string> {
  if (search.size < asked.size) search = searchFor([...asked]);
  return search.namesIn(staticStrings(elf));
}

function staticStrings(elf: Elf): Buffer {
  const table = elf.sections.find(({ type }) => type === SHT.SYMTAB);
  const strings = table === undefined ? undefined : elf.sections[table.link];
  return strings?.type === SHT.STRTAB ? elf.sectionBytes(strings) : Buffer.of();
}

function searchFor(names: readonly string[]) {
  const byPattern = new Map(
    names.map((name): [BytePattern, string] => [{ anchor: `\0${name}\0`, pattern: /^/ }, name]),
  );
  const find = patternSearch([...byPattern.keys()]);
  return {
    size: names.length,
    namesIn(table: Buffer): ReadonlySet<string> {
      const found = find(bytesOf(table), [{ start: 0, end: table.length }]);
      return new Set([...found.keys()].map((pattern) => byPattern.get(pattern) ?? ''));
    },
  };
}
