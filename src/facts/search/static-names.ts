import { encodeName } from '../../base/text.ts';
import { SHT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { bytesOf } from '../../elf/reading/bytes.ts';
import { answerOf } from '../../elf/reading/compute-once.ts';
import { demandContent } from '../../elf/reading/demand-content.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { demandSections } from '../file/lost-sections.ts';
import { type BytePattern, patternSearch } from './pattern-search.ts';

export function hasStaticSymbols(elf: Elf): boolean {
  return elf.sections.some(({ type }) => type === SHT.SYMTAB);
}

/** Names that are looked for in the string table of `.symtab`. */
export interface StaticNames {
  /** The first of them that the table holds, defined or not, and that is not among `others`; or null. */
  firstIn(elf: Elf, others?: readonly string[]): string | null;
}

/** The names that all facts look up. */
const registered = new Set<string>();
let search: Search | null = null;

/** Called when a module is loaded: all names are known before the first file, so that one pass over it finds them all. */
export function staticNames(names: readonly string[]): StaticNames {
  if (search !== null) throw new TypeError('names are registered before the first file is read');
  for (const name of names) registered.add(name);
  return {
    firstIn(elf, others = []) {
      if (names.length === 0 || !hasStaticSymbols(elf)) return null;
      const { present } = stringsOf(elf);
      return names.find((name) => present.has(name) && !others.includes(name)) ?? null;
    },
  };
}

/** Throws MalformedElf when names may have been lost, so that not to have found one says nothing. */
export function demandStaticNames(elf: Elf): void {
  demandSections(elf);
  stringsOf(elf).demandThem();
}

interface Strings {
  readonly present: ReadonlySet<string>;
  /** Throws MalformedElf for a wiped table. */
  demandThem(): void;
}

/** The table itself is not kept: it can be the largest part of a file. */
const stringsOf = perFile((elf): Strings => {
  search ??= searchFor([...registered]);
  const strings = staticStrings(elf);
  const demandThem = answerOf(() => {
    // One NUL alone is the table of a file without names.
    if (strings.length > 1) demandContent(strings, 'the string table of .symtab');
  });
  return { present: search(strings), demandThem };
});

function staticStrings(elf: Elf): Buffer {
  const table = elf.sections.find(({ type }) => type === SHT.SYMTAB);
  const strings = table === undefined ? undefined : elf.sections[table.link];
  return strings?.type === SHT.STRTAB ? elf.sectionBytes(strings) : Buffer.of();
}

const none: ReadonlySet<string> = new Set();

/** Those among its names that are in a string table. */
type Search = (table: Buffer) => ReadonlySet<string>;

function searchFor(names: readonly string[]): Search {
  const byPattern = new Map(
    names.map((name): [BytePattern, string] => [
      { anchor: `\0${encodeName(name).toString('latin1')}\0`, pattern: /^/ },
      name,
    ]),
  );
  const find = patternSearch([...byPattern.keys()]);
  return (table) => {
    if (table.length === 0) return none;
    const found = find(bytesOf(table), [{ start: 0, end: table.length }]);
    return new Set([...found.keys()].map((pattern) => byPattern.get(pattern) ?? ''));
  };
}
