import { amount } from '../base/amount.ts';
import { allPlatforms } from '../report/conditions-of.ts';
import type { HeldCondition, TargetReport } from '../report/report.ts';
import type { GateConditions } from './policy.ts';

/** Part of the gate's sentence: what it says is of some platforms of an image, and not of all. */
export function platformsSentence(
  targets: readonly TargetReport[],
  { platforms }: Pick<GateConditions, 'platforms'>,
): string | null {
  const partial = targets.filter(isPartial);
  // A gate that requires all of them is undecided by the same words.
  if (partial.length === 0 || platforms === 'all') return null;
  return `${judgedPart(partial)} (--platform all)`;
}

/** Why a gate that requires every platform is undecided; null: it does not, or none is known that was not judged. */
export function platformsGap(
  targets: readonly TargetReport[],
  { platforms }: Pick<GateConditions, 'platforms'>,
): string | null {
  const partial = targets.filter(isPartial);
  if (platforms !== 'all' || partial.length === 0) return null;
  return `${judgedPart(partial)}, and gate.platforms requires all of them (--platform all)`;
}

/** The same condition where it holds. */
export function heldPlatforms(
  targets: readonly TargetReport[],
  { platforms }: Pick<GateConditions, 'platforms'>,
): readonly HeldCondition[] {
  if (platforms !== 'all' || targets.some(isPartial)) return [];
  return [{ condition: allPlatforms, because: 'no platform is known that was left out' }];
}

export function isPartial({ otherPlatforms = [] }: TargetReport): boolean {
  return otherPlatforms.length > 0;
}

/** `1 of 3 platforms judged`. */
function judgedPart(partial: readonly TargetReport[]): string {
  const [first] = partial;
  return partial.length > 1
    ? `only one of several platforms was judged of ${amount(partial.length, 'image')}`
    : `1 of ${(first?.otherPlatforms?.length ?? 0) + 1} platforms judged`;
}
