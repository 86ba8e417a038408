import type { BinaryReport, FactsBefore } from '../report/report.ts';
import {
  anything,
  formerly,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  type Shape,
  string,
} from '../shapes/json-shapes.ts';
import { described, optional } from '../shapes/shape.ts';
import { verdictShape } from './verdict-shape.ts';
import type { BinaryPlace, FactPlace, VerdictPlace } from './written-once.ts';

const fact = object({
  known: oneOf(true, false),
  value: optional(
    described(
      'Where it is known. Its shape is that of the fact, and may change with a minor version.',
      anything,
    ),
  ),
  because: optional(described('Where it is not known: why.', string)),
  cause: optional(
    described(
      'If it is not known: whether the complete file does not show it (nature), a part of it cannot be read (damage), reading takes too much (limit), or no rule of the run needs it (not-needed).',
      formerly({ 'not-asked': 'not-needed' }, oneOf('nature', 'damage', 'limit', 'not-needed')),
    ),
  ),
});

const factPlace = object<FactPlace>({
  same: described(
    'The target and the binary of it, both counted from 0, that stands in front and has the fact of this name in the same way.',
    list(number),
  ),
});

const verdictPlace = object<VerdictPlace>({
  rule: string,
  outcome: string,
  same: described(
    'The target, the binary of it and its verdict, all counted from 0, that stands in front and is the same in all.',
    list(number),
  ),
});

/** Places are written out before a report is read. */
const verdictOrPlace: typeof verdictShape = {
  ...verdictShape,
  schema: { anyOf: [verdictShape.schema, verdictPlace.schema] },
};

/** Reporters take facts as a table, so those of another version are as good as ours. */
const facts: Shape<BinaryReport['facts']> = {
  schema: record({ ...fact, schema: { anyOf: [fact.schema, factPlace.schema] } }).schema,
  read: (value) => record(fact).read(value) as unknown as BinaryReport['facts'],
};

const factsBefore: Shape<FactsBefore> = {
  schema: record(nullable(fact)).schema,
  read: (value) => record(nullable(fact)).read(value) as unknown as FactsBefore,
};

const binary = object<BinaryReport>({
  path: described('Absolute in the root of the target; for a single file as it was given.', string),
  aliases: described('Other names: hard links, and symbolic links that lead here.', list(string)),
  sha256: string,
  size: described('Bytes.', number),
  mode: described('Permissions, as a decimal number.', number),
  uid: number,
  gid: number,
  layer: described('Index in the layers of the target.', number),
  facts: described('By name: what is known of the binary, or why it is not.', facts),
  verdicts: described('Sorted by rule.', list(verdictOrPlace)),
  asFound: optional(
    described(
      'Facts as they were found, where the policy says otherwise: the owner of a file that is declared; null: there was none. hullcheck judge starts from them.',
      factsBefore,
    ),
  ),
});

const place = object<BinaryPlace>({
  path: string,
  sha256: string,
  same: described(
    'The target and the binary of it, both counted from 0, that stands in front of this one in the report and is the same in all: path, facts and verdicts.',
    list(number),
  ),
});

/** What is one binary is read once. Each place has verdicts of its own: a baseline may know one and not the other. */
const known = new WeakMap<object, BinaryReport>();

export const binaryShape: Shape<BinaryReport> = {
  schema: { anyOf: [binary.schema, place.schema] },
  read(at) {
    const { value } = at;
    if (typeof value !== 'object' || value === null) return binary.read(at);
    const found = known.get(value);
    if (found !== undefined)
      return { ...found, verdicts: found.verdicts.map((each) => ({ ...each })) };
    const read = binary.read(at);
    known.set(value, read);
    return read;
  },
};
