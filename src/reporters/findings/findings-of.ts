import { type Outcome, outcomes, severities } from '../../base/verdict.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { isFinding } from '../../report/finding.ts';
import type { Judged, JudgedVerdict, Report, TargetReport } from '../../report/report.ts';

/** One verdict and where it stands. */
export interface Finding {
  readonly target: TargetReport;
  readonly judged: Judged;
  readonly verdict: JudgedVerdict;
}

/** Findings, with what is waived or in the baseline too, or every verdict; the most severe first, ties by target, path and rule. */
export function findingsOf(
  report: Report,
  wanted: keyof typeof filters = 'findings',
): readonly Finding[] {
  const isWanted = filters[wanted];
  const findings = report.targets.flatMap((target) =>
    judgedOf(target).flatMap((judged) =>
      judged.verdicts.filter(isWanted).map((verdict) => ({ target, judged, verdict })),
    ),
  );
  return findings.sort((a, b) => weight(a.verdict) - weight(b.verdict));
}

const filters = {
  findings: isFinding,
  accepted: (verdict: JudgedVerdict) =>
    isFinding(verdict) || verdict.waived !== undefined || verdict.baselined !== undefined,
  everything: () => true,
} as const;

/** Findings by severity, then what the policy accepts, what is open, and what is well. */
export function bySeverity(verdicts: readonly JudgedVerdict[]): readonly JudgedVerdict[] {
  return verdicts.toSorted((a, b) => weight(a) - weight(b));
}

function weight(verdict: JudgedVerdict): number {
  return isFinding(verdict)
    ? severities.indexOf(verdict.severity)
    : severities.length + outcomes.indexOf(verdict.outcome);
}

export interface RuleTally {
  readonly rule: string;
  /** `fail` without what is accepted. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Failures that are waived or in the baseline. */
  readonly accepted: number;
}

/** How often each rule gave each verdict, over all targets, sorted by rule. */
export function tallyRules(report: Report): readonly RuleTally[] {
  const tallies = new Map<string, { outcomes: Record<Outcome, number>; accepted: number }>();
  for (const { verdict } of findingsOf(report, 'everything')) {
    const tally = tallies.get(verdict.rule) ?? {
      outcomes: { fail: 0, unknown: 0, pass: 0, 'not-applicable': 0 },
      accepted: 0,
    };
    if (verdict.countedWith !== undefined) tally.outcomes['not-applicable'] += 1;
    else if (verdict.waived !== undefined) tally.accepted += 1;
    else if (verdict.outcome === 'fail' && !isFinding(verdict)) tally.accepted += 1;
    else tally.outcomes[verdict.outcome] += 1;
    tallies.set(verdict.rule, tally);
  }
  return [...tallies]
    .map(([rule, tally]) => ({ rule, ...tally }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}
