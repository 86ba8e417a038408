import { amount } from '../amount.ts';
import { scopeOf } from '../policy/conditions.ts';
import type { GateConditions } from '../policy/policy.ts';
import { severitiesFrom } from '../verdict.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { DiffGate } from './render.ts';

/** Only what became worse counts, by the same severities and rules as in a scan. */
export function diffGateOf(
  { worse, old, new: fresh }: Difference,
  conditions: Pick<GateConditions, 'failOn' | 'failOnRules' | 'failOnUnknown'>,
): DiffGate {
  const { failOn, failOnRules, failOnUnknown } = conditions;
  const counts = ({ rule, severity }: VerdictChange) =>
    severity === null
      ? failOnUnknown
      : failOnRules.includes(rule) || severitiesFrom(failOn).includes(severity);
  const found = worse.filter(counts).length;
  const scope = failOn === 'none' ? '' : ` ${scopeOf(failOn)}`;
  const because =
    found === 0
      ? `no verdict became worse${scope}`
      : `${amount(found, 'verdict')} became worse${scope}`;
  const unread = old.unread + fresh.unread;
  if (unread > 0)
    return { state: 'open', because: `${amount(unread, 'part')} could not be scanned; ${because}` };
  return { state: found === 0 ? 'holds' : 'broken', because };
}
