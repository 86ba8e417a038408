import { described } from '../../shapes/shape.ts';
import type { Config, WaiverConfig, WaiverLimits } from './config.ts';
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
import { date, digest, person, place, sentence } from './selector-shapes.ts';

/** As it is written. */
export interface WrittenConfig extends Omit<Config, 'waivers' | 'waiverLimits'> {
  readonly waivers?: readonly Placed<WaiverConfig>[] | Placed<WaiversConfig>;
}

const required = choice('required', ['required']);

interface WaiversConfig extends WaiverLimits {
  readonly entries?: readonly Placed<WaiverConfig>[];
}

/** A list of waivers, or what they must have, and the list. */
export function waiversShape(
  rules: readonly string[],
): Shape<readonly Placed<WaiverConfig>[] | Placed<WaiversConfig>> {
  const entries = entriesOf(placed(waiverShape(rules)), 'a list of waivers');
  const limited = object<WaiversConfig>({
    expires: described('Each waiver must have an end.', required),
    'at-most': described(
      'Longest time from `created` (without it: from today) to the end, as 180d.',
      text('a number of days such as 180d', { pattern: '^[0-9]{1,4}d$' }, problemOfDays),
    ),
    owner: described('Each waiver must have an owner.', required),
    ticket: described('Each waiver must have a ticket.', required),
    'approved-by': described(
      'Names of whom one must have approved each waiver; required: anyone.',
      choiceOrList(person),
    ),
    entries: described('The waivers.', entries),
  });
  return described(
    'Accepted findings, each with its reason; or what all of them must have (of this file and those that win over it), and the list as entries.',
    mapOr(placed(limited), entries),
  );
}

function choiceOrList(item: Shape<string>): Shape<'required' | readonly string[]> {
  const names = listOf(item);
  return {
    schema: names.schema,
    read(node) {
      const read = names.read(node);
      return node.kind === 'scalar' && read[0] === 'required' ? 'required' : read;
    },
  };
}

/** With the two forms of waivers as one. */
export function withWaivers(shape: Shape<WrittenConfig>): Shape<Config> {
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

function waiverShape(rules: readonly string[]): Shape<WaiverConfig> {
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

function waiverMembers(rules: readonly string[]): Shape<WaiverConfig> {
  return object<WaiverConfig>(
    {
      rule: described('Rule whose findings are accepted.', choice('a rule', rules)),
      rules: described('Several rules.', listOf(choice('a rule', rules))),
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

function problemOfDays(value: string): string | null {
  return /^\d{1,4}d$/.test(value) ? null : 'is not a number of days such as 180d';
}
