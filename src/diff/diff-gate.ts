import { amount } from '../amount.ts';
import { scopeOf } from '../policy/conditions.ts';
import type { GateConditions } from '../policy/policy.ts';
import { severitiesFrom } from '../verdict.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { DiffGate } from './formats/diff-format.ts';

/** Only what became worse counts, by the same severities and rules as in a scan. */
export function diffGateOf(
  { worse, old, new: fresh }: Difference,
  conditions: Conditions,
): DiffGate {
  const { failOn, failOnRules, failOnUnknown } = conditions;
  const counts = ({ rule, severity, outsideGate }: VerdictChange) => {
    if (outsideGate !== undefined) return false;
    if (severity === null) return failOnUnknown;
    return failOnRules.includes(rule) || severitiesFrom(failOn).includes(severity);
  };
  const found = worse.filter(counts).length;
  const because =
    found === 0
      ? `no verdict became worse${reachOf(conditions)}`
      : `${amount(found, 'verdict')} became worse${reachOf(conditions)}`;
  const unread = old.unread.length + fresh.unread.length;
  if (unread > 0)
    return { state: 'open', because: `${amount(unread, 'part')} could not be scanned; ${because}` };
  return { state: found === 0 ? 'holds' : 'broken', because };
}

type Conditions = Pick<GateConditions, 'failOn' | 'failOnRules' | 'failOnUnknown'>;

/** What counts, as the end of the sentence: `, at severity high or above, of pie, or to unknown`. */
function reachOf({ failOn, failOnRules, failOnUnknown }: Conditions): string {
  const parts = [
    ...(failOn === 'none' ? [] : [scopeOf(failOn)]),
    ...(failOnRules.length === 0 ? [] : [`of rule ${failOnRules.join(', ')}`]),
    ...(failOnUnknown ? ['to unknown'] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', or ')})`;
}
