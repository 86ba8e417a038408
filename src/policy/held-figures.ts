import { amount } from '../base/amount.ts';
import { severitiesFrom } from '../base/verdict.ts';
import { heldConditions, type JudgedCondition } from '../report/conditions-of.ts';
import { isFinding } from '../report/finding.ts';
import type { Gate, TargetReport } from '../report/report.ts';
import { conditionsAsked } from './asked-conditions.ts';
import { countingVerdicts } from './conditions.ts';

/**
 * Conditions that hold, each with what was counted: `0 findings of it in 12 verdicts`. `targets` are all that the gate is of. A report of an
 * older version does not say which verdicts its gate counted.
 */
export function heldWithFigures(
  gate: Gate,
  targets: readonly TargetReport[],
): readonly JudgedCondition[] {
  const conditions = conditionsAsked(gate);
  const held = heldConditions(gate);
  if (conditions === null) return held;
  const verdicts = countingVerdicts(targets, conditions).filter(
    ({ outcome }) => outcome !== 'not-applicable',
  );
  const inAll = `in ${amount(verdicts.length, 'verdict')}`;
  const gating = gate.failOn === 'none' ? [] : severitiesFrom(gate.failOn);
  const heavy = verdicts.filter((each) => isFinding(each) && gating.includes(each.severity)).length;
  const unknown = verdicts.filter(
    ({ outcome, waived }) => outcome === 'unknown' && waived === undefined,
  ).length;
  const figures = new Map<string, string>([
    ...gate.failOnRules.map((rule) => {
      const ofRule = verdicts.filter((verdict) => verdict.rule === rule);
      const found = ofRule.filter(isFinding).length;
      return [
        `fail-on ${rule}`,
        `${amount(found, 'finding')} of it in ${amount(ofRule.length, 'verdict')}`,
      ] as const;
    }),
    [`fail-on ${gate.failOn}`, `${amount(heavy, 'finding')} that weigh so much ${inAll}`],
    ['fail-on-unknown', `${amount(unknown, 'unknown verdict')} in ${verdicts.length}`],
  ]);
  return held.map((each) => {
    const because = each.state === 'holds' ? figures.get(each.condition) : undefined;
    return because === undefined ? each : { ...each, because };
  });
}
