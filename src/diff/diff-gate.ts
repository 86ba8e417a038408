import { amount, listed } from '../base/amount.ts';
import { isSeverity, severitiesFrom } from '../base/verdict.ts';
import { scopeOf } from '../policy/conditions.ts';
import { isAskedOf } from '../policy/outside-gate.ts';
import type { GateConditions } from '../policy/policy.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { DiffGate } from './formats/diff-format.ts';

/**
 * Only what became worse counts, by the same severities, rules and owners as in a scan. Coverage and maxima are of one image.
 */
export function diffGateOf(
  difference: Difference,
  { coverage, maximum, ...asked }: GateConditions,
  { alongside = [], unasked = [] }: DiffContext = {},
): DiffGate {
  const { worse, old, new: fresh } = difference;
  const { of, failOn, failOnRules, failOnUnknown } = asked;
  const conditions = { of, failOn, failOnRules, failOnUnknown };
  const found = worse.filter((change) => breaksDiffGate(conditions, change)).length;
  const outside = outsideText(worse.filter((change) => isSetOutside(conditions, change)));
  const none = worse.length === 0 ? 'no verdict' : 'no verdict that counts';
  const counted = found === 0 ? none : amount(found, 'verdict');
  const became = `${counted} became worse${reachOf(conditions)}${outside}`;
  const ofOne = [...Object.keys(coverage).map((rule) => `coverage of ${rule}`)].concat(
    Object.keys(maximum).map((name) => `the maximum of ${name}`),
  );
  const left = ofOne.length === 0 ? [] : [`${listed(ofOne)} not asked of a difference`];
  const because = [became, ...left, ...policyTexts(difference), ...alongside].join('; ');
  const unread = old.unread.length + fresh.unread.length;
  if (unread > 0) {
    const parts = `${amount(unread, 'part')} could not be scanned`;
    return { state: 'undecided', because: `${parts}; ${because}`, ...conditions };
  }
  if (unasked.length > 0)
    return { state: 'undecided', because: `${unasked.join('; ')}; ${because}`, ...conditions };
  return { state: found === 0 ? 'holds' : 'broken', because, ...conditions };
}

/** What the policies alone do changes no image, and is not passed over. */
function policyTexts({ byPolicy, policiesDiffer, old, new: fresh }: Difference): readonly string[] {
  const turned = (policiesDiffer || byPolicy.length > 0) && old.gate !== fresh.gate;
  return [
    ...(byPolicy.length === 0
      ? []
      : [`${amount(byPolicy.length, 'verdict')} changed by the policy alone`]),
    ...(turned
      ? [
          `the policies differ: the gate of the old one ${gateTexts[old.gate]}, of the new one ${gateTexts[fresh.gate]}`,
        ]
      : []),
  ];
}

const gateTexts = { holds: 'holds', broken: 'is broken', undecided: 'is undecided' } as const;

interface DiffContext {
  /** Parts of the sentence that others know: claims that match nothing. */
  readonly alongside?: readonly string[];
  /** Sentences: which rules that the gate names a report was not asked. */
  readonly unasked?: readonly string[];
}

type Conditions = Pick<GateConditions, 'of' | 'failOn' | 'failOnRules' | 'failOnUnknown'>;

/** Whether this change alone is why the answer is that something became worse. */
export function breaksDiffGate(conditions: Conditions, change: VerdictChange): boolean {
  return isHeavy(conditions, change) && !isOutside(conditions, change);
}

function isSetOutside(conditions: Conditions, change: VerdictChange): boolean {
  return isHeavy(conditions, change) && isOutside(conditions, change);
}

function isHeavy(
  { failOn, failOnRules, failOnUnknown }: Conditions,
  { rule, severity, after }: VerdictChange,
): boolean {
  if (!isSeverity(after)) return failOnUnknown && after === 'unknown';
  return failOnRules.includes(rule) || severitiesFrom(failOn).includes(severity);
}

/** A saved report was marked by the gate that it was made with, which may have been of fewer files than this one. */
function isOutside({ of }: Conditions, { rule, whose, outsideGate }: VerdictChange): boolean {
  return outsideGate !== undefined && !isAskedOf(whose, rule, of);
}

/** `; 35 of the distribution are outside the gate`. */
function outsideText(changes: readonly VerdictChange[]): string {
  const parts = [
    ['of dependencies', changes.filter(({ whose }) => whose === 'dependency').length],
    ['of the distribution', changes.filter(({ whose }) => whose === 'distribution').length],
  ] as const;
  const texts = parts.flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
  if (texts.length === 0) return '';
  return `; ${texts.join(' and ')} ${changes.length === 1 ? 'is' : 'are'} outside the gate`;
}

/** What counts, as the end of the sentence: `, at severity high or above, of pie, or to unknown`. */
function reachOf({ failOn, failOnRules, failOnUnknown }: Conditions): string {
  const parts = [
    ...(failOn === 'none' ? [] : [scopeOf(failOn)]),
    ...(failOnRules.length === 0 ? [] : [`of rule ${failOnRules.join(', ')}`]),
    ...(failOnUnknown ? ['to unknown'] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', or ')})`;
}
