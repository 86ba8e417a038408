import { UsageErrors } from '../base/errors.ts';
import type { Rule } from '../judge/rule.ts';
import type { Report } from '../report/report.ts';
import { contradictionsIn } from './contradictions.ts';

/** Contradictions that a refusal lists. */
const mostListed = 10;

/** Throws UsageErrors where a saved report says what does not follow from what it has: its gate is passed on as if it had been judged. */
export function refuseContradictions(report: Report, file: string, rules: readonly Rule[]): void {
  const found = contradictionsIn(report, rules);
  if (found.length === 0) return;
  const shown = found.slice(0, mostListed);
  const more = found.length - shown.length;
  throw new UsageErrors([
    ...shown.map((each) => `${file} contradicts itself: ${each}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ]);
}
