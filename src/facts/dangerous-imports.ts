import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { namesItsCode } from './language/described-code.ts';
import linking from './linking.ts';
import { hasStaticSymbols, type StaticNames, staticNames } from './search/static-names.ts';
import { undefinedNames } from './search/symbol-names.ts';

export interface DangerousImports {
  /** Functions that no argument makes safe, by danger. */
  readonly unsafe: readonly DangerousImport[];
  /** Functions that are safe only with arguments that a binary does not show. */
  readonly delicate: readonly string[];
  /** Where the names were looked for; null when there is no place that would show them (static and stripped). */
  readonly seenIn: 'undefined symbols' | '.symtab' | null;
}

export interface DangerousImport {
  readonly name: string;
  readonly danger: 'unbounded input' | 'unbounded output' | 'predictable name' | 'trust by address';
}

/** None of these can be called safely: C11, POSIX or their own manual pages say so. */
const unsafe: readonly DangerousImport[] = [
  { name: 'gets', danger: 'unbounded input' },
  { name: '_IO_gets', danger: 'unbounded input' },
  { name: 'getwd', danger: 'unbounded output' },
  { name: 'mktemp', danger: 'predictable name' },
  { name: 'tempnam', danger: 'predictable name' },
  { name: 'tmpnam', danger: 'predictable name' },
  { name: 'tmpnam_r', danger: 'predictable name' },
  { name: 'rcmd', danger: 'trust by address' },
  { name: 'rexec', danger: 'trust by address' },
  { name: 'ruserok', danger: 'trust by address' },
];

const delicate = [
  'popen',
  'sprintf',
  'stpcpy',
  'strcat',
  'strcpy',
  'system',
  'vsprintf',
  'wcscat',
  'wcscpy',
];

const inTable: ReadonlyMap<string, StaticNames> = new Map(
  [...unsafe.map(({ name }) => name), ...delicate].map((name) => [name, staticNames([name])]),
);

export default factExtractor('tables', (elf): DangerousImports => {
  const { seenIn, has } = names(elf);
  const found = unsafe.filter(({ name }) => has(name));
  // A name that is there proves a call; that none is there needs a table of this code.
  const showsAll = seenIn !== '.symtab' || found.length > 0 || namesItsCode(elf);
  return { unsafe: found, delicate: delicate.filter(has), seenIn: showsAll ? seenIn : null };
});

/** A linker takes a function out of a static libc only if something calls it, so its name in `.symtab` proves a call. */
function names(elf: Elf): Pick<DangerousImports, 'seenIn'> & { has(name: string): boolean } {
  if (linking(elf).how !== 'static') {
    const imports = undefinedNames(elf);
    return { seenIn: 'undefined symbols', has: (name) => imports.has(name) };
  }
  if (!hasStaticSymbols(elf)) return { seenIn: null, has: () => false };
  return { seenIn: '.symtab', has: (name) => inTable.get(name)?.firstIn(elf) === name };
}
