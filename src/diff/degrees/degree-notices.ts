import { judgedOf } from '../../report/all-judged.ts';
import type { Report } from '../../report/report.ts';

/** Reports of versions before have verdicts alone. */
export function degreeNotices(...reports: readonly [Report, Report]): readonly string[] {
  const [old, fresh] = reports.map(lacksDegrees);
  if (old === fresh) return [];
  const side = old ? 'the old one' : 'the new one';
  return [
    `${side} was made by a version that did not count how much of a mitigation is there: only verdicts are compared`,
  ];
}

/** What passes or fails by this rule is counted always. */
function lacksDegrees({ targets }: Report): boolean {
  return targets.some((target) =>
    judgedOf(target).some(({ verdicts }) =>
      verdicts.some(
        ({ rule, outcome, degree }) =>
          rule === 'relro' && (outcome === 'pass' || outcome === 'fail') && degree === undefined,
      ),
    ),
  );
}
