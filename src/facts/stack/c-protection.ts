import type { CanaryCode } from '../../code/canaries/canary.ts';
import type { Elf } from '../../elf/model.ts';
import { type CCode, cCode } from '../language/c-code.ts';
import { isOtherRuntime } from '../language/other-runtime.ts';
import { isSurelyC } from '../language/surely-c.ts';
import { thresholds } from '../weighing/thresholds.ts';
import type { Protection, ProtectionState } from './protection-state.ts';

const { leastCoverage, fewFunctions } = thresholds.canaries;

/** States in which only the language shows whether protection was to be expected. */
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
  const c = cCode(elf);
  const { coverage } = c;
  const state = code === null ? null : stateOfC(c);
  if (state === 'few-functions' && !isOtherRuntime(elf) && isSurelyC(elf)) return found;
  if (state !== null) return { state, level: null, coverage, ofC: true };
  if (!undecided.includes(found.state)) return found;
  if (isOtherRuntime(elf)) return { ...found, state: 'other-runtime', coverage: null };
  return isSurelyC(elf) ? found : { ...found, state: 'unproven-runtime', coverage: null };
}

/**
 * null where no code of C that needs a canary was found, nor any that has one. Exported for tests. How many functions the
 * toolchain brought is known at most, so taking them away may excuse a file, but never make the rest a good share.
 */
export function stateOfC({
  coverage,
  ofToolchain,
  unguardedFills,
}: Pick<CCode, 'coverage' | 'ofToolchain' | 'unguardedFills'>): ProtectionState | null {
  const { needing, needingProtected, protected: guarded } = coverage;
  const own = needing - ofToolchain;
  if (guarded === 0) {
    if (unguardedFills > 0 || own > fewFunctions) return 'unprotected';
    return needing === 0 ? null : 'few-functions';
  }
  const isFewOf = (all: number) => needingProtected < leastCoverage * all && guarded < all;
  if (isFewOf(own) || unguardedFills > 2 * guarded) return 'partial';
  return isFewOf(needing) ? 'mixed' : 'protected';
}
