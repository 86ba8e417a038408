import { searchCalls } from '../code/calls/call-search.ts';
import { type CalledNames, calledImports } from '../code/calls/called-imports.ts';
import { type CallsByLevel, fortifyLevels } from '../code/calls/fortify-calls.ts';
import { type GuardedTraps, guardedTraps } from '../code/calls/guarded-traps.ts';
import { printedByFormat } from '../code/calls/printed-by-format.ts';
import { executableRanges } from '../code/functions/executable-ranges.ts';
import { programSpans } from '../code/functions/program-spans.ts';
import { isWithin } from '../code/functions/span.ts';
import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import { demandSections } from './file/lost-sections.ts';
import {
  alwaysReplaced,
  checkedFunction,
  neverCalledByLibc,
  replaceable,
} from './fortify/fortified-functions.ts';
import {
  type CalledFunctions,
  type FortifyState,
  fortifyState,
  type TrapHint,
  trapHint,
} from './fortify/fortify-state.ts';
import { namesItsCode } from './language/described-code.ts';
import { isOtherRuntime } from './language/other-runtime.ts';
import libc from './libc.ts';
import { loaderWrites } from './link-tables/loader-writes.ts';
import linking from './linking.ts';
import { undefinedNames } from './search/symbol-names.ts';

/** Which C library functions a file calls with, and which without, the checks of `_FORTIFY_SOURCE`. */
export interface Fortify extends CalledFunctions {
  readonly state: FortifyState;
  /** The level that most of these calls have; null if no call shows it. */
  readonly level: 1 | 2 | 3 | null;
  readonly calls: CallsByLevel | null;
  /** Only under musl, whose checks have no names; null where the traps of a machine are not known. */
  readonly traps: GuardedTraps | null;
  /** File offset of what was searched for names: the dynamic symbols, else the code that `.symtab` names; null where neither is. */
  readonly searchedAt: number | null;
  /** What the traps say; null elsewhere than under musl. */
  readonly hint: TrapHint | null;
}

export default factExtractor('code', (elf): Fortify => {
  const { functions, calls } = calledFunctions(elf);
  const isMusl = libc(elf).name === 'musl';
  const traps = isMusl ? guardedTraps(elf) : null;
  return {
    ...functions,
    state: fortifyState(elf, functions),
    level: calls === null ? null : commonLevel(calls),
    calls,
    traps,
    searchedAt: searchedAt(elf),
    hint: isMusl ? trapHint(elf, traps, functions.fortifiable.length) : null,
  };
});

function searchedAt(elf: Elf): number | null {
  const symbols = optional(() => elf.dynamicValue(DT.SYMTAB));
  const table = symbols === null ? null : elf.fileOffset(symbols, 1);
  return table ?? executableRanges(elf)[0]?.offset ?? null;
}

/** One pass over the code finds which of them are called, and at which level. */
function calledFunctions(elf: Elf): {
  readonly functions: CalledFunctions;
  readonly calls: CallsByLevel | null;
} {
  const { source, names } = sourceOfNames(elf);
  const all = [...names];
  const candidates = source === '.symtab' ? neverCalledByLibc : replaceable;
  const fortified = all.filter((name) => checkedFunction(name) !== null).sort();
  const fortifiable = all.filter((name) => candidates.has(name)).sort();
  const replaced = fortifiable.filter((name) => alwaysReplaced.has(name));
  const mayBePassedOn = source === 'undefined symbols' && replaced.length > 0;
  const called = mayBePassedOn ? calledNames(elf, replaced) : null;
  const levels = fortified.length === 0 ? null : fortifyLevels(elf);
  // One is enough, and relocations of nearly all files show one.
  const isDecided = (called?.certain ?? replaced).length > 0;
  const printed =
    isDecided || isOtherRuntime(elf) ? null : printedByFormat(elf, all, isOwnCall(elf));
  searchCalls(
    elf,
    [called, levels, printed].filter((question) => question !== null),
  );
  const always = called?.answer() ?? replaced;
  const unfortified = always.length > 0 ? always : (printed?.answer() ?? []);
  return {
    functions: {
      source,
      fortified,
      fortifiable: [...new Set([...fortifiable, ...unfortified])].sort(),
      unfortified,
    },
    calls: levels?.answer() ?? null,
  };
}

/** In a static program the C library calls them too. */
function isOwnCall(elf: Elf): (at: number) => boolean {
  if (linking(elf).how !== 'static') return () => true;
  const spans = programSpans(elf)?.spans ?? [];
  return (at) => isWithin(spans, at);
}

function calledNames(elf: Elf, names: readonly string[]): CalledNames {
  // Relocations that were broken name no call.
  if (elf.dynamic !== null) loaderWrites(elf);
  return calledImports(elf, names);
}

function sourceOfNames(elf: Elf): Pick<CalledFunctions, 'source'> & { names: ReadonlySet<string> } {
  if (linking(elf).how !== 'static')
    return { source: 'undefined symbols', names: undefinedNames(elf) };
  const names = new Set(elf.staticSymbols.map(({ name }) => name));
  if (names.size === 0) demandSections(elf);
  // A table that names next to nothing of the code is not the program's.
  if (names.size === 0 || !namesItsCode(elf)) return { source: 'none', names: new Set() };
  return { source: '.symtab', names };
}

function commonLevel(calls: CallsByLevel): 1 | 2 | 3 | null {
  const levels = [3, 2, 1] as const;
  const common = levels.reduce((best, level) => (calls[level] > calls[best] ? level : best));
  return calls[common] > 0 ? common : null;
}
