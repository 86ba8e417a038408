import { amount } from '../base/amount.ts';
import type { Severity } from '../base/verdict.ts';
import type { Rule } from '../judge/rule.ts';
import { createPossibleSeverities } from '../judge/weigh-severity.ts';
import type { JudgedVerdict, Report, TargetReport } from '../report/report.ts';

/**
 * Verdicts that weigh, before any policy, what their rule cannot give of such a file. A lesser severity that the rule gives in some
 * cases is not found here: which case it was only the rule can say, of facts (wrong-verdicts.ts) or of the image.
 */
export function wrongSeverities({ targets }: Report, rules: readonly Rule[]): readonly string[] {
  const possibleFor = createPossibleSeverities(rules);
  const isWrong = (facts: Parameters<typeof possibleFor>[0]) => (verdict: JudgedVerdict) => {
    const { outcome, severity } = asGiven(verdict);
    const mayFail = outcome === 'fail' || outcome === 'unknown';
    return possibleFor(facts, mayFail).get(verdict.rule)?.has(severity) === false;
  };
  return targets.flatMap((target) => {
    const wrong = [
      ...(target.image?.verdicts.filter(isWrong(null)) ?? []),
      ...target.binaries.flatMap(({ facts, asFound, verdicts }) =>
        verdicts.filter(isWrong(asFound === undefined ? facts : { ...facts, ...asFound })),
      ),
    ];
    return sentencesOf(target, wrong);
  });
}

function asGiven({ outcome, severity, unweighed }: JudgedVerdict): {
  readonly outcome: JudgedVerdict['outcome'];
  readonly severity: Severity;
} {
  return { outcome: unweighed?.outcome ?? outcome, severity: unweighed?.severity ?? severity };
}

function sentencesOf({ name }: TargetReport, wrong: readonly JudgedVerdict[]): readonly string[] {
  if (wrong.length === 0) return [];
  const rules = [...new Set(wrong.map(({ rule }) => rule))].toSorted();
  const what = `${amount(wrong.length, 'verdict')} of ${name} (${rules.join(', ')})`;
  return [
    `${what} ${wrong.length === 1 ? 'weighs' : 'weigh'} what the rule does not give, and no level of the policy makes of it`,
  ];
}
