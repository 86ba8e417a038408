import type { TargetReport } from '../report/report.ts';
import { totalsOf } from './conditions.ts';
import type { GateConditions } from './policy.ts';

/**
 * Conditions over a whole image (coverage, maximum) that do not hold, and held before or were nearer: of two releases, these got worse.
 * One that did not hold before either and came no farther from holding is as it was.
 */
export function fallenBelow(
  before: readonly TargetReport[],
  after: readonly TargetReport[],
  conditions: GateConditions,
): readonly string[] {
  const was = new Map(totalsOf(before, conditions).map((total) => [total.condition, total]));
  return totalsOf(after, conditions).flatMap(({ holds, condition, because, margin }) => {
    const old = was.get(condition);
    if (holds || old === undefined || margin >= old.margin) return [];
    return [`${because}; before, ${old.because.replace(/, expected .*/, '')}`];
  });
}

/** How far each condition over a whole image is from failing. */
export function marginsOf(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    totalsOf(targets, conditions).map(({ condition, margin }) => [condition, margin]),
  );
}
