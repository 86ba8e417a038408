import { isSeverity } from '../base/verdict.ts';
import type { VerdictChange } from './difference.ts';

/** Of what the policy changed: it got worse too, and the policy accepts that. A failure that is accepted now was one before. */
export function isAcceptedLoss({ before, after }: VerdictChange): boolean {
  return (after === 'waived' || after === 'known') && !isSeverity(before);
}

/** `1 waived`, `2 in the baseline`. */
export function acceptedTexts(byPolicy: readonly VerdictChange[]): readonly string[] {
  const lost = byPolicy.filter(isAcceptedLoss);
  const count = (how: string) => lost.filter(({ after }) => after === how).length;
  const [waived, known] = [count('waived'), count('known')];
  return [
    ...(waived === 0 ? [] : [`${waived} waived`]),
    ...(known === 0 ? [] : [`${known} in the baseline`]),
  ];
}
