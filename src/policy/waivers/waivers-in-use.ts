import { judgedOf } from '../../report/all-judged.ts';
import type { TargetReport, Waived, WaiverInUse } from '../../report/report.ts';

/** The waivers that verdicts name, by place: equal words at one place are one waiver. */
export function waiversInUse(targets: readonly TargetReport[]): readonly WaiverInUse[] {
  const found = new Map<string, { waived: Waived; rules: Set<string>; verdicts: number }>();
  for (const target of targets)
    for (const { verdicts } of judgedOf(target))
      for (const { rule, waived } of verdicts) {
        if (waived === undefined) continue;
        const key = keyOfWaived(waived);
        const use = found.get(key) ?? { waived, rules: new Set<string>(), verdicts: 0 };
        found.set(key, use);
        use.rules.add(rule);
        use.verdicts += 1;
      }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { waived, rules, verdicts }]) => ({
      rules: [...rules].toSorted(),
      ...waived,
      verdicts,
    }));
}

export function keyOfWaived(waived: Waived): string {
  const { reason, expires, owner, approvedBy, ticket, created, origin } = waived;
  return JSON.stringify([origin, reason, expires, owner, approvedBy, ticket, created]);
}
