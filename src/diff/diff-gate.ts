import { amount, listed } from '../base/amount.ts';
import { groupBy } from '../base/group-by.ts';
import { type Severity, severities } from '../base/verdict.ts';
import { scopeOf } from '../policy/scope-of.ts';
import {
  breaksAsWorse,
  type Weight,
  type WorseConditions,
  weightOfWorse,
} from '../policy/worse.ts';
import { acceptedTexts, isAcceptedLoss } from './accepted-loss.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { DiffGate } from './formats/diff-format.ts';

/**
 * Only what got worse counts: a verdict of a file that both releases have at the severity of `worseThan`, and of a new file what the
 * gate of a scan fails.
 */
export function diffGateOf(
  difference: Difference,
  { of, failOn, failOnRules, failOnUnknown, worseThan }: WorseConditions,
  context: DiffContext = {},
): DiffGate {
  const { worse, old, new: fresh } = difference;
  const { alongside = [], uncompared = [], unclear = [], fell = [] } = context;
  const conditions = { of, failOn, failOnRules, failOnUnknown, worseThan };
  const conditionsOf = (change: VerdictChange) => context.conditionsOf?.(change) ?? conditions;
  const breaking = worse.flatMap((change, at) =>
    breaksAsWorse(conditionsOf(change), change) ? [at] : [],
  );
  const accepted = acceptedTexts(difference.byPolicy);
  const because = [
    sentenceOf(worse, { conditions, conditionsOf, fell, accepted }),
    ...accepted,
    ...policyTexts(difference),
    ...alongside,
  ].join('; ');
  const unread = old.unread.length + fresh.unread.length;
  const gaps = [
    ...(unread > 0 ? [`${amount(unread, 'part')} could not be scanned`] : []),
    ...uncompared,
  ];
  const isBroken = fell.length > 0 || breaking.length > 0;
  const open = isBroken ? gaps : [...gaps, ...unclear];
  return {
    state: open.length > 0 ? 'undecided' : isBroken ? 'broken' : 'holds',
    because: [...open, because, ...(isBroken ? unclear : [])].join('; '),
    breaking,
    ...conditions,
  };
}

export interface DiffContext {
  /** Parts of the sentence that others know: claims that match nothing. */
  readonly alongside?: readonly string[];
  /** Sentences: what could not be compared, so that nobody knows whether it got worse. */
  readonly uncompared?: readonly string[];
  /** Sentences: what may have got worse. A gate that is broken anyway stays so. */
  readonly unclear?: readonly string[];
  /** Sentences: conditions over a whole image that do not hold, and held or were nearer before. */
  readonly fell?: readonly string[];
  /** Of one of several images, which may have its own. Absent: all have the same. */
  readonly conditionsOf?: (change: VerdictChange) => WorseConditions;
}

/** Whether a change alone is why the gate is broken. */
export function breakingIn({ worse }: Difference, { breaking }: DiffGate) {
  const all: ReadonlySet<unknown> = new Set(breaking.map((at) => worse[at]));
  return (change: unknown): boolean => all.has(change);
}

/** What counts, and what is in the list and does not, with the option that counts it. */
function sentenceOf(
  worse: readonly VerdictChange[],
  {
    conditions,
    conditionsOf,
    fell,
    accepted,
  }: {
    readonly conditions: WorseConditions;
    readonly conditionsOf: (change: VerdictChange) => WorseConditions;
    readonly fell: readonly string[];
    readonly accepted: readonly string[];
  },
): string {
  const byWeight = groupBy(worse, (change) => weightOfWorse(conditionsOf(change), change));
  const of = (weight: Weight) => byWeight.get(weight) ?? [];
  const counted = [
    ...(of('lost').length > 0
      ? [
          `${amount(of('lost').length, 'verdict')} got worse${reachText(conditions.worseThan, conditions, 'to unknown')}`,
        ]
      : []),
    ...(of('added').length > 0
      ? [
          `${amount(of('added').length, 'finding')} in ${newPlace(of('added'))}${reachText(conditions.failOn, conditions, 'unknown')}`,
        ]
      : []),
    ...fell,
  ];
  const left = leftOf(of, conditions);
  const leftText = left.join(', ');
  if (counted.length > 0)
    return [...counted, ...(left.length === 0 ? [] : [`not counted: ${leftText}`])].join('; ');
  if (worse.length === 0)
    return accepted.length === 0 ? 'no verdict got worse' : 'no verdict that counts got worse';
  const none = worse.length === 1 ? 'it does not count' : 'none of them counts';
  return `${amount(worse.length, 'verdict')} got worse, and ${none}: ${leftText}`;
}

/** `not counted: 2 of severity note (--worse-than note counts them), 35 of the distribution (--gate-of all)`. */
function leftOf(
  of: (weight: Weight) => readonly VerdictChange[],
  conditions: WorseConditions,
): readonly string[] {
  const [light, lightNew] = [of('light'), of('light in a new file')];
  return [
    ...tooLight(light, '', { option: '--worse-than', inForce: conditions.worseThan }),
    ...tooLight(lightNew, ` in ${newPlace(lightNew)}`, {
      option: '--fail-on',
      inForce: conditions.failOn,
    }),
    ...outside(of('of a dependency'), 'of dependencies', conditions, 'dependencies'),
    ...outside(of('of the distribution'), 'of the distribution', conditions, 'all'),
  ];
}

/** A file that was there before may have new code. */
function newPlace(changes: readonly VerdictChange[]): string {
  const code = changes.filter(({ newCode }) => newCode === true).length;
  if (code === 0) return 'new files';
  return code === changes.length ? 'new code' : 'new files and new code';
}

/** With the option that counts all of them. A new file was not known before: unknown verdicts of it have an option of their own. */
function tooLight(
  changes: readonly VerdictChange[],
  where: string,
  { option, inForce }: { readonly option: string; readonly inForce: Severity | 'none' },
): readonly string[] {
  if (changes.length === 0) return [];
  const isUnknown = ({ after, before }: VerdictChange) => before === null && after === 'unknown';
  const known = changes.filter((change) => !isUnknown(change));
  const found = severities.filter((each) => known.some(({ severity }) => severity === each));
  const lowest = found.at(-1);
  const hasUnknown = known.length < changes.length;
  const what = [
    ...(lowest === undefined ? [] : [`of severity ${listed(found, 5)}`]),
    ...(hasUnknown ? ['unknown'] : []),
  ];
  const ways = [
    ...(lowest === undefined ? [] : [`${option} ${lowest}`]),
    ...(hasUnknown ? ['--fail-on-unknown'] : []),
  ];
  const count = `${ways.join(' and ')} ${ways.length > 1 ? 'count' : 'counts'} ${itOrThem(changes.length)}`;
  const force = lowest === undefined ? '' : `${option} is ${inForce}; `;
  return [`${changes.length}${where} ${what.join(' or ')} (${force}${count})`];
}

function outside(
  changes: readonly VerdictChange[],
  whose: string,
  conditions: WorseConditions,
  counting: WorseConditions['of'],
): readonly string[] {
  if (changes.length === 0) return [];
  const all = { ...conditions, of: counting };
  const heavy = changes.filter((change) => breaksAsWorse(all, change)).length;
  const counted = heavy === changes.length ? itOrThem(heavy) : `${heavy} of them`;
  const way = heavy === 0 ? '' : ` (--gate-of ${counting} counts ${counted})`;
  return [`${changes.length} ${whose}${way}`];
}

function itOrThem(count: number): string {
  return count === 1 ? 'it' : 'them';
}

/** What counts, as the end of the sentence: ` (of severity low or above, or of rule pie, or to unknown)`. */
function reachText(
  lowest: Severity | 'none',
  { failOnRules, failOnUnknown }: WorseConditions,
  unknown: string,
): string {
  const parts = [
    ...(lowest === 'none' ? [] : [scopeOf(lowest)]),
    ...(failOnRules.length === 0 ? [] : [`of rule ${failOnRules.join(', ')}`]),
    ...(failOnUnknown ? [unknown] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', or ')})`;
}

/** What the policies alone do changes no image, and is not passed over. */
function policyTexts({ byPolicy, policiesDiffer, old, new: fresh }: Difference): readonly string[] {
  const alone = byPolicy.filter((change) => !isAcceptedLoss(change)).length;
  const turned = (policiesDiffer || byPolicy.length > 0) && old.gate !== fresh.gate;
  return [
    ...(alone === 0 ? [] : [`${amount(alone, 'verdict')} changed by the policy alone`]),
    ...(turned
      ? [
          `the policies differ: the gate of the old one ${gateTexts[old.gate]}, of the new one ${gateTexts[fresh.gate]}`,
        ]
      : []),
  ];
}

const gateTexts = { holds: 'holds', broken: 'is broken', undecided: 'is undecided' } as const;
