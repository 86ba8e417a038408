// supporting: what a person must act on, worst first
import type { BinaryReport, JudgedVerdict, Report, TargetReport } from '../report.ts';
import { type Outcome, outcomes, severities } from '../verdict.ts';

/** One verdict and where it stands. */
export interface Finding {
  readonly target: TargetReport;
  readonly binary: BinaryReport;
  readonly verdict: JudgedVerdict;
}

/** Verdicts of these outcomes, the most severe failures first; ties by target, path and rule. */
export function findingsOf(
  report: Report,
  wanted: readonly Outcome[] = ['fail'],
): readonly Finding[] {
  const findings = report.targets.flatMap((target) =>
    target.binaries.flatMap((binary) =>
      binary.verdicts
        .filter(({ outcome }) => wanted.includes(outcome))
        .map((verdict) => ({ target, binary, verdict })),
    ),
  );
  return findings.sort((a, b) => weight(a.verdict) - weight(b.verdict));
}

/** Failures by severity, then what is open, then what is well. */
export function bySeverity(verdicts: readonly JudgedVerdict[]): readonly JudgedVerdict[] {
  return verdicts.toSorted((a, b) => weight(a) - weight(b));
}

function weight({ outcome, severity }: JudgedVerdict): number {
  return outcome === 'fail'
    ? severities.indexOf(severity)
    : severities.length + outcomes.indexOf(outcome);
}

export interface RuleTally {
  readonly rule: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** How often each rule gave each verdict, over all targets, sorted by rule. */
export function tallyRules(report: Report): readonly RuleTally[] {
  const tallies = new Map<string, Record<Outcome, number>>();
  for (const { verdict } of findingsOf(report, outcomes)) {
    const tally = tallies.get(verdict.rule) ?? {
      fail: 0,
      unknown: 0,
      pass: 0,
      'not-applicable': 0,
    };
    tally[verdict.outcome] += 1;
    tallies.set(verdict.rule, tally);
  }
  return [...tallies]
    .map(([rule, counted]) => ({ rule, outcomes: counted }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}
