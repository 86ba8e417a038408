import { amount } from '../base/amount.ts';
import { heldConditions, type JudgedCondition } from '../report/conditions-of.ts';
import { isFinding, isOpen, severityCounts } from '../report/finding.ts';
import type { Gate, TargetReport } from '../report/report.ts';
import { conditionsAsked } from './asked-conditions.ts';
import { gatedVerdicts, insideGate } from './gated-verdicts.ts';

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
  const verdicts = insideGate(gatedVerdicts(targets, conditions)).filter(
    ({ outcome }) => outcome !== 'not-applicable',
  );
  const inAll = `in ${amount(verdicts.length, 'verdict')}`;
  const heavy = verdicts.filter((each) => isFinding(each) && severityCounts(gate, each)).length;
  const unknown = verdicts.filter(isOpen).length;
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
