import { type CallsByLevel, fortifyLevels } from '../code/fortify.ts';
import { type GuardedTraps, guardedTraps } from '../code/guarded-traps.ts';
import type { Elf } from '../elf/model.ts';
import { factExtractor } from './fact-extractor.ts';
import { alwaysReplaced, checkedFunction, replaceable } from './fortified-functions.ts';
import libc from './libc.ts';
import linking from './linking.ts';
import { undefinedNames } from './symbol-names.ts';

/** What a file shows of `_FORTIFY_SOURCE`: which C library functions it calls with, and which without, checks. */
export interface Fortify {
  /** Where the names come from: a static file without `.symtab` shows none. */
  readonly source: 'imports' | '.symtab' | 'none';
  /** Checked variants called: `__sprintf_chk`. */
  readonly fortified: readonly string[];
  /** Functions called that have a checked variant. For most the compiler keeps the plain call where it knows the size is right. */
  readonly fortifiable: readonly string[];
  /** Those among them that level 2 replaces whatever the sizes are: a plain call is proof of code without it. */
  readonly unfortified: readonly string[];
  /** null where calls are not understood on this machine, or no function with a flag is called. */
  readonly calls: CallsByLevel | null;
  /** Only looked for under musl, whose checks have no names; null elsewhere, and where a machine's traps are not known. */
  readonly traps: GuardedTraps | null;
}

export default factExtractor('code', (elf): Fortify => {
  const { source, names } = calledNames(elf);
  const sorted = [...names].sort();
  const fortified = sorted.filter((name) => checkedFunction(name) !== null);
  const fortifiable = sorted.filter((name) => replaceable.has(name));
  return {
    source,
    fortified,
    fortifiable,
    unfortified: fortifiable.filter((name) => alwaysReplaced.has(name)),
    calls: fortified.length === 0 ? null : fortifyLevels(elf),
    traps: libc(elf).name === 'musl' ? guardedTraps(elf) : null,
  };
});

/** A static file calls what it contains; libc.a brings more than the program asks for. */
function calledNames(elf: Elf): { source: Fortify['source']; names: ReadonlySet<string> } {
  if (linking(elf).how !== 'static') return { source: 'imports', names: undefinedNames(elf) };
  const names = new Set(elf.staticSymbols.map(({ name }) => name));
  return { source: names.size === 0 ? 'none' : '.symtab', names };
}
