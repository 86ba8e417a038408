// supporting: weighs the canaries of C code in a file of another language
import type { CanaryCode } from '../code/canary.ts';
import type { Elf } from '../elf/model.ts';
import { cCode } from './c-code.ts';
import { isOtherRuntime } from './other-runtime.ts';
import type { Protection, ProtectionState } from './protection-state.ts';
import { isSurelyC } from './surely-c.ts';

/** Under this share of C's functions that need a canary, their flags were not set for a part of them. */
const leastCoverage = 0.15;
/** One function may take the address of an argument, which needs none. */
const fewFunctions = 1;

/** States in which nothing but the language tells whether protection was to be expected. */
const undecided: readonly ProtectionState[] = [
  'unprotected',
  'partial',
  'outnumbered',
  'only-libc',
  'inseparable',
  'no-pattern',
  'few-functions',
  'few-addresses',
  'maybe-assembly',
  'unused-import',
];

/**
 * Functions of the language need no canary, those of C do. `found` is what there would be to say if all code were C's: it
 * stands where the file needs no protection or has it throughout.
 */
export function protectionBesideRuntime(
  elf: Elf,
  code: CanaryCode | null,
  found: Protection,
): Protection {
  const { coverage, unguardedFills } = cCode(elf);
  const state = code === null ? null : stateOfC(coverage, unguardedFills);
  if (state === 'few-functions' && !isOtherRuntime(elf) && isSurelyC(elf)) return found;
  if (state !== null) return { state, level: null, coverage, ofC: true };
  if (!undecided.includes(found.state)) return found;
  if (isOtherRuntime(elf)) return { ...found, state: 'other-runtime', coverage: null };
  return isSurelyC(elf) ? found : { ...found, state: 'unproven-runtime', coverage: null };
}

/** null where no code of C that needs a canary was found, nor any that has one. */
function stateOfC(
  { needing, needingProtected, protected: guarded }: NonNullable<Protection['coverage']>,
  unguardedFills: number,
): ProtectionState | null {
  if (guarded === 0) {
    if (unguardedFills > 0 || needing > fewFunctions) return 'unprotected';
    return needing === 0 ? null : 'few-functions';
  }
  const isFew = needingProtected < leastCoverage * needing && guarded < needing;
  return isFew || unguardedFills > 2 * guarded ? 'partial' : 'protected';
}
