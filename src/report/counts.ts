import { type Outcome, outcomes, type Severity, severities } from '../base/verdict.ts';
import { isBinary } from './all-judged.ts';
import { isAsBefore, isFinding } from './finding.ts';
import type { Counts, Judged } from './report.ts';

export function countTarget(judged: readonly Judged[], problems: number): Counts {
  const counted = zero();
  for (const { verdicts } of judged)
    for (const verdict of verdicts) {
      if (verdict.waived !== undefined) counted.waived += 1;
      else if (verdict.baselined !== undefined) counted.baselined += 1;
      else if (verdict.countedWith !== undefined) counted.outcomes['not-applicable'] += 1;
      else if (isAsBefore(verdict)) counted.asBefore += 1;
      else counted.outcomes[verdict.outcome] += 1;
      if (isFinding(verdict)) counted.failures[verdict.severity] += 1;
    }
  const binaries = judged.filter(isBinary).length;
  return withoutNone({ ...counted, binaries, problems });
}

/** Most reports are compared with nothing. */
function withoutNone({ asBefore, ...counts }: Counts & { readonly asBefore: number }): Counts {
  return asBefore === 0 ? counts : { ...counts, asBefore };
}

export function sumCounts(all: readonly Counts[]): Counts {
  const total = zero();
  for (const counts of all) {
    for (const name of ['binaries', 'problems', 'waived', 'baselined'] as const)
      total[name] += counts[name];
    total.asBefore += counts.asBefore ?? 0;
    for (const outcome of outcomes) total.outcomes[outcome] += counts.outcomes[outcome];
    for (const severity of severities) total.failures[severity] += counts.failures[severity];
  }
  return withoutNone(total);
}

function zero() {
  const outcomeCounts: Record<Outcome, number> = {
    fail: 0,
    unknown: 0,
    pass: 0,
    'not-applicable': 0,
  };
  const failures: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, note: 0 };
  return {
    binaries: 0,
    outcomes: outcomeCounts,
    failures,
    waived: 0,
    baselined: 0,
    asBefore: 0,
    problems: 0,
  };
}
