import type { GuardedTraps } from '../../code/calls/guarded-traps.ts';
import type { Elf } from '../../elf/model.ts';
import go from '../go.ts';
import { cCode } from '../language/c-code.ts';
import { isUnbounded } from '../language/c-names.ts';
import { hasRuntime, isOtherRuntime } from '../language/other-runtime.ts';
import language from '../language.ts';
import libc from '../libc.ts';
import { thresholds } from '../weighing/thresholds.ts';
import { alwaysReplaced, uncheckedForMusl } from './fortified-functions.ts';

export interface CalledFunctions {
  /** A static file shows what it contains, not what it calls, and nothing without `.symtab`. */
  readonly source: 'undefined symbols' | '.symtab' | 'none';
  /** Checked variants: `__sprintf_chk`. */
  readonly fortified: readonly string[];
  /**
   * Plain functions that have a checked variant. Compilers keep most of them where a size is right or not known.
   * Of a static file only those that libc itself does not use.
   */
  readonly fortifiable: readonly string[];
  /** Those among them that level 2 replaces whatever the sizes are: a call is proof of code built without it. */
  readonly unfortified: readonly string[];
}

/**
 * - `checked`: checked variants are called, and no function that they would replace in any case
 * - `partly`: both are called: parts were built without
 * - `unchecked`: only plain functions, among them such as would have been replaced in any case
 * - `sizes-decide`: only plain functions, which may have been left alone because their sizes are right or not known
 * - `no-names`: musl, whose checks are inlined
 * - `hidden`: a static file without symbols, or whose symbols may all be those of libc
 * - `nothing-to-check`: no function with a checked variant is called
 * - `not-offered`: its libc has no checked variants
 * - `other-runtime`: no C or C++ code
 */
export type FortifyState =
  | 'checked'
  | 'partly'
  | 'unchecked'
  | 'sizes-decide'
  | 'no-names'
  | 'hidden'
  | 'nothing-to-check'
  | 'not-offered'
  | 'other-runtime';

export function fortifyState(elf: Elf, functions: CalledFunctions): FortifyState {
  const { name } = libc(elf);
  if (isOtherRuntime(elf)) return stateBesideRuntime(elf, name, functions);
  if (name === 'musl') {
    const mayCheck = functions.fortifiable.some((name) => !uncheckedForMusl.has(name));
    return functions.source === 'undefined symbols' && !mayCheck ? 'nothing-to-check' : 'no-names';
  }
  if (name === 'none') return 'nothing-to-check';
  if (name === 'uclibc' && functions.source !== 'undefined symbols') return 'not-offered';
  if (functions.source !== 'undefined symbols') return stateOfStatic(functions);
  if (functions.fortified.length > 0)
    return proves(elf, functions.unfortified) ? 'partly' : 'checked';
  if (functions.fortifiable.length === 0) return 'nothing-to-check';
  if (name === 'uclibc') return 'not-offered';
  return name === 'glibc' && proves(elf, functions.unfortified) ? 'unchecked' : 'sizes-decide';
}

/**
 * Next to a runtime, which calls the C library without its headers, only calls by C functions count. If calls are not
 * understood, they cannot be separated.
 */
function stateBesideRuntime(elf: Elf, libcName: string, functions: CalledFunctions): FortifyState {
  const { fortified, unfortified, source } = functions;
  if (source !== 'undefined symbols') {
    const hasC = cCode(elf).coverage.needing > 0;
    return fortified.length > 0 || hasC ? stateOfStatic(functions) : 'other-runtime';
  }
  const calls = cCode(elf).calls ?? [];
  const called = calls.filter(({ name }) => functions.fortifiable.includes(name));
  // The printf family is replaced always, and whatever fills an array of the function itself.
  const isProof = called.some(
    ({ name, fillsFrame }) => alwaysReplaced.has(name) || (fillsFrame && isUnbounded(name)),
  );
  if (fortified.length > 0) return isProof && libcName === 'glibc' ? 'partly' : 'checked';
  if (called.length === 0) return 'other-runtime';
  if (libcName !== 'glibc') return libcName === 'musl' ? 'no-names' : 'sizes-decide';
  // runtime/cgo is built with the flags of the program's own C code.
  const cgoIsPlain = go(elf)?.cgo === true && unfortified.length > 0;
  return isProof || cgoIsPlain ? 'unchecked' : 'sizes-decide';
}

/**
 * clang does not replace the printf family in C++ before glibc 2.40, whose headers need a gcc builtin for it. Without
 * `.comment` any compiler may have been clang.
 */
function proves(elf: Elf, unfortified: readonly string[]): boolean {
  const inCpp = language(elf).some(({ name }) => name === 'c++');
  const maybeClang =
    elf.comments.length === 0 || elf.comments.some((text) => text.includes('clang version'));
  return unfortified.length > 0 && !(inCpp && maybeClang);
}

function stateOfStatic({ source, fortified, unfortified }: CalledFunctions): FortifyState {
  if (source === 'none') return 'hidden';
  // libc checks its own memory functions.
  const isChecked = fortified.some((name) => !name.startsWith('__mem'));
  if (isChecked) return unfortified.length > 0 ? 'partly' : 'checked';
  return unfortified.length > 0 ? 'unchecked' : 'hidden';
}

/**
 * Whether fortify-headers were used, by the traps that their checks leave. Statistical: never a verdict.
 * - `unclear`: too little code, or traps in too small a part of it
 * - `unreadable`: how their traps look on this machine is not known
 * - `foreign`: a runtime like Rust's is in the file, whose own checks trap too
 */
export type TrapHint = 'likely' | 'unlikely' | 'unclear' | 'unreadable' | 'foreign';

export function trapHint(elf: Elf, traps: GuardedTraps | null, fortifiable: number): TrapHint {
  if (traps === null) return 'unreadable';
  if (hasRuntime(elf)) return 'foreign';
  const { count, codeSize } = traps;
  const { enough, sparsest, muchCode, someCode, enoughFortifiable } = thresholds.traps;
  if (count >= enough && count * sparsest >= codeSize) return 'likely';
  const isMuch = codeSize >= muchCode || (codeSize >= someCode && fortifiable >= enoughFortifiable);
  return count === 0 && isMuch ? 'unlikely' : 'unclear';
}
