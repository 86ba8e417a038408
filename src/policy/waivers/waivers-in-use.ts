import type { TargetReport, WaiverInUse } from '../../report/report.ts';
import { waiversMet } from '../../report/waivers-met.ts';

/** As the policy of a report lists them: by place. */
export function waiversInUse(targets: readonly TargetReport[]): readonly WaiverInUse[] {
  return [...waiversMet(targets)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { waived, rules, findings, unknown }]) => ({
      rules,
      ...waived,
      verdicts: findings + unknown,
    }));
}
