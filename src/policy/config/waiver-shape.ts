import { described } from '../../shapes/shape.ts';
import type { WrittenBaseline } from './baseline-shape.ts';
import { type Config, selecting, type WaiverConfig, type WaiverLimits } from './config.ts';
import type { ConfigNode } from './config-node.ts';
import {
  checked,
  choice,
  entriesOf,
  listOf,
  mapOr,
  object,
  type Placed,
  placed,
  type Shape,
  text,
} from './node-shapes.ts';
import { type RuleNames, ruleChoice } from './rule-names.ts';
import { date, days, digest, person, place, required, sentence } from './selector-shapes.ts';

/** As it is written. */
export interface WrittenConfig
  extends Omit<Config, 'waivers' | 'waiverLimits' | 'baseline' | 'baselineLimits'> {
  readonly baseline?: WrittenBaseline;
  readonly waivers?: readonly Placed<WaiverConfig>[] | Placed<WaiversConfig>;
}

interface WaiversConfig extends WaiverLimits {
  readonly entries?: readonly Placed<WaiverConfig>[];
}

/** A list of waivers, or what they must have, and the list. */
export function waiversShape(
  rules: RuleNames,
): Shape<readonly Placed<WaiverConfig>[] | Placed<WaiversConfig>> {
  const entries = entriesOf(placed(waiverShape(rules)), 'a list of waivers');
  const limited = object<WaiversConfig>({
    expires: described('Each waiver must have an end.', required),
    'at-most': described(
      'Longest time from `created` (without it: from today) to the end, as 180d.',
      days,
    ),
    owner: described('Each waiver must have an owner.', required),
    ticket: described('Each waiver must have a ticket.', required),
    'approved-by': described(
      'Names of whom one must have approved each waiver; required: anyone.',
      choiceOrList(person),
    ),
    select: described(
      'What each waiver must name, all of these; required: one of them. A sha256 or build ID stands for a path and a package.',
      choiceOrList(choice('a selector', selecting)),
    ),
    entries: described('The waivers.', entries),
  });
  const either = mapOr(placed(limited), entries);
  return described(
    'Accepted findings, each with its reason; or what all of them must have (of this file and those that win over it), and the list as entries.',
    { ...either, read: (node) => (isOne(node) ? entries : either).read(node) },
  );
}

/** A waiver that stands where the list of them belongs. */
function isOne(node: ConfigNode): boolean {
  return node.kind === 'map' && node.members.some(({ key }) => /^(?:rules?|reason)$/.test(key));
}

function choiceOrList<T extends string>(item: Shape<T>): Shape<'required' | readonly T[]> {
  const names = listOf(item);
  return {
    schema: { anyOf: [required.schema, names.schema] },
    read: (node) =>
      node.kind === 'scalar' && node.value === 'required' ? 'required' : names.read(node),
  };
}

/** With the two forms of waivers as one. */
export function withWaivers(
  shape: Shape<WrittenConfig>,
): Shape<Omit<Config, 'baseline'> & Pick<WrittenConfig, 'baseline'>> {
  return {
    schema: shape.schema,
    read(node) {
      const { waivers, ...rest } = shape.read(node);
      if (waivers === undefined) return rest;
      if (!('value' in waivers)) return { ...rest, waivers };
      const { entries = [], ...limits } = waivers.value;
      return { ...rest, waivers: entries, waiverLimits: [{ at: waivers.at, value: limits }] };
    },
  };
}

function waiverShape(rules: RuleNames): Shape<WaiverConfig> {
  return checked(waiverMembers(rules), problemOfRules, {
    oneOf: [
      { required: ['rule'], not: { required: ['rules'] } },
      {
        required: ['rules'],
        not: { required: ['rule'] },
        properties: { rules: { not: { type: 'array', maxItems: 0 } } },
      },
    ],
  });
}

function problemOfRules({ rule, rules }: WaiverConfig): string | null {
  if (rule === undefined && (rules === undefined || rules.length === 0))
    return 'rule is missing: name the rule, or several under rules';
  return rule === undefined || rules === undefined
    ? null
    : 'the waiver has rule and rules: keep one';
}

function waiverMembers(rules: RuleNames): Shape<WaiverConfig> {
  return object<WaiverConfig>(
    {
      rule: described('Rule whose findings are accepted.', ruleChoice('a rule', rules)),
      rules: described('Several rules.', listOf(ruleChoice('a rule', rules))),
      ...place,
      digest: described('sha256 of the binary.', listOf(digest)),
      'build-id': described('Build IDs.', listOf(text('a build ID', {}))),
      cause: described(
        'Causes as in the verdict (`library libssl.so.3`): only these are accepted.',
        listOf(text('a cause', {})),
      ),
      reason: described('Why the findings are accepted; shown in reports.', sentence),
      owner: described('Who answers for it; shown in reports.', person),
      'approved-by': described('Who approved it; shown in reports.', listOf(person)),
      ticket: described('Where it is written down.', person),
      created: described('Day on which it was made.', date),
      expires: described('Last day on which they are accepted.', date),
    },
    ['reason'],
  );
}
