import type { GateConditions } from '../policy/policy.ts';
import { judgedOf } from '../report/all-judged.ts';
import type { Report } from '../report/report.ts';

/** A rule that the gate names and that a report has no verdict of got no worse in it, whatever it is. */
export function unaskedOf(
  [old, fresh]: readonly [Report, Report],
  { failOnRules }: Pick<GateConditions, 'failOnRules'>,
): readonly string[] {
  return failOnRules.flatMap((rule) => {
    const sides = [
      ...(isAsked(rule, old) ? [] : ['the old report']),
      ...(isAsked(rule, fresh) ? [] : ['the new report']),
    ];
    return sides.length === 0 ? [] : [`${rule} was not asked in ${sides.join(' and ')}`];
  });
}

/** A report of a version that did not list its rules has verdicts of those that it was asked. */
function isAsked(rule: string, { rules, targets }: Report): boolean {
  return (
    rules?.includes(rule) ??
    targets.some((target) =>
      judgedOf(target).some(({ verdicts }) => verdicts.some((verdict) => verdict.rule === rule)),
    )
  );
}
