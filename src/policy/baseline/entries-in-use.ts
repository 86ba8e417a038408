import { compare } from '../../base/compare.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { BaselinedBy, BaselineInUse, TargetReport } from '../../report/report.ts';

/** What the baseline says of the verdicts that it knows: equal people and dates are one. What has no end comes last. */
export function entriesInUse(targets: readonly TargetReport[]): readonly BaselineInUse[] {
  const found = new Map<string, { by: BaselinedBy; rules: Set<string>; verdicts: number }>();
  for (const target of targets)
    for (const { verdicts } of judgedOf(target))
      for (const { rule, baselined, baselinedBy } of verdicts) {
        if (baselined === undefined) continue;
        const by = baselinedBy ?? {};
        const key = keyOfEntry(by);
        const use = found.get(key) ?? { by, rules: new Set<string>(), verdicts: 0 };
        found.set(key, use);
        use.rules.add(rule);
        use.verdicts += 1;
      }
  return [...found]
    .toSorted(
      ([a, { by: one }], [b, { by: other }]) =>
        compare(one.expires ?? '~', other.expires ?? '~') || compare(a, b),
    )
    .map(([, { by, rules, verdicts }]) => ({ rules: [...rules].toSorted(), ...by, verdicts }));
}

export function keyOfEntry({ date, owner, reason, expires }: BaselinedBy): string {
  return JSON.stringify([date, owner, reason, expires]);
}
