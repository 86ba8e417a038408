import { amount } from '../base/amount.ts';
import { isFinding, isOpen, severityCounts } from '../report/finding.ts';
import type { HeldCondition, JudgedVerdict } from '../report/report.ts';
import type { GateConditions } from './policy.ts';

/**
 * Conditions on single verdicts that hold, each with what was counted: `0 findings of it in 12 verdicts`. `verdicts` are those that
 * the gate counts.
 */
export function heldOfVerdicts(
  verdicts: readonly JudgedVerdict[],
  conditions: GateConditions,
): readonly HeldCondition[] {
  const { failOn, failOnRules, failOnUnknown } = conditions;
  const counted = verdicts.filter(({ outcome }) => outcome !== 'not-applicable');
  const found = counted.filter(isFinding);
  const isHeavy = found.some((each) => severityCounts(conditions, each));
  return [
    ...(failOn === 'none' || isHeavy ? [] : [ofSeverity(failOn, counted.length)]),
    ...failOnRules.flatMap((rule) =>
      found.some((each) => each.rule === rule) ? [] : [ofRule(rule, counted)],
    ),
    ...(failOnUnknown && !counted.some(isOpen) ? [ofUnknown(counted.length)] : []),
  ];
}

function ofSeverity(failOn: string, count: number): HeldCondition {
  return {
    condition: `fail-on ${failOn}`,
    because: `0 findings that weigh so much in ${amount(count, 'verdict')}`,
  };
}

function ofRule(rule: string, counted: readonly JudgedVerdict[]): HeldCondition {
  const count = counted.filter((verdict) => verdict.rule === rule).length;
  return {
    condition: `fail-on ${rule}`,
    because: `0 findings of it in ${amount(count, 'verdict')}`,
  };
}

function ofUnknown(count: number): HeldCondition {
  return { condition: 'fail-on-unknown', because: `0 unknown verdicts in ${count}` };
}
