import {
  type Access,
  type JsonSchema,
  optional,
  type Shape as ShapeOf,
  shapesFor,
} from '../../shapes/shape.ts';
import type { ConfigMember, ConfigNode, Position } from './config-node.ts';
import {
  hintOfGroup,
  hintOfNumber,
  hintOfQuotes,
  hintOfTruth,
  lookUp,
  settingFor,
  suggestionFor,
} from './hints.ts';
import { both, ConfigMistakes, each, refuse, refuseLack } from './mistakes.ts';

/** What a value of the configuration must be. */
export type Shape<T> = ShapeOf<T, ConfigNode>;

/** A person wrote it, who can fix all mistakes at once; what is not known is a mistake, too. */
const access: Access<ConfigNode> = {
  items: (node) => (node.kind === 'list' ? node.items : null),
  names: (node) => (node.kind === 'map' ? node.members.map(({ key }) => key) : null),
  member: (node, name) => memberOf(node, name)?.value ?? null,
  key: (node, name) => ({ kind: 'scalar', value: name, at: memberOf(node, name)?.at ?? node.at }),
  // As they are written, so that mistakes are, too.
  order: (node, names) => [
    ...new Set([...(node.kind === 'map' ? node.members.map(({ key }) => key) : []), ...names]),
  ],
  missing: (node, name) => refuseLack(node.at, `${name} is missing`),
  unknown: (node, name, names) =>
    refuse(memberOf(node, name)?.at ?? node.at, noSuchSetting(name, names)),
  refuse: (node, expected) => mistaken(node, expected, hintOfGroup(node, expected)),
  nameOfObject: (names) => `settings (${names.join(', ')})`,
  nameOfRecord: 'names with values',
  each,
  both,
};

/** By name: a hostile file has as many members as it may have words. */
const indexes = new WeakMap<ConfigNode, ReadonlyMap<string, ConfigMember>>();

function memberOf(node: ConfigNode, name: string): ConfigMember | undefined {
  if (node.kind !== 'map') return undefined;
  let index = indexes.get(node);
  if (index === undefined) {
    index = new Map(node.members.map((member) => [member.key, member]));
    indexes.set(node, index);
  }
  return index.get(name);
}

const shapes = shapesFor(access);

/** Text of which `problemOf` says what is wrong, as the rest of a sentence. */
export function text(
  expected: string,
  schema: JsonSchema,
  problemOf: (value: string) => string | null = () => null,
): Shape<string> {
  return {
    schema: { type: 'string', minLength: 1, pattern: '\\S', ...schema },
    read(node) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value.trim() === '')
        return mistaken(node, expected, hintOfQuotes(node, expected));
      const problem = tooLong(node.value, schema) ?? problemOf(node.value);
      return problem === null ? node.value : refuse(node.at, `${seen(node)} ${problem}`);
    },
  };
}

/** As the schema counts. */
function tooLong(value: string, { maxLength }: JsonSchema): string | null {
  if (typeof maxLength !== 'number' || value.length <= maxLength) return null;
  const { length } = [...value];
  return length <= maxLength ? null : `is ${length} characters long, expected at most ${maxLength}`;
}

export function numberFrom(least: number, most: number, whole: boolean): Shape<number> {
  const kind = whole ? 'a whole number' : 'a number';
  return {
    schema: { type: whole ? 'integer' : 'number', minimum: least, maximum: most },
    read(node) {
      const value = node.kind === 'scalar' ? node.value : null;
      const fits =
        typeof value === 'number' &&
        value >= least &&
        value <= most &&
        (!whole || Number.isSafeInteger(value));
      return fits ? value : mistaken(node, `${kind} from ${least} to ${most}`, hintOfNumber(node));
    },
  };
}

export const truth: Shape<boolean> = {
  schema: { type: 'boolean' },
  read: (node) =>
    node.kind === 'scalar' && typeof node.value === 'boolean'
      ? node.value
      : mistaken(node, 'true or false', hintOfTruth(node)),
};

/** True or false, or something else: a list of what is meant. */
export function truthOr<T>(other: Shape<T>): Shape<boolean | T> {
  return {
    schema: { anyOf: [truth.schema, other.schema] },
    read(node) {
      if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
      const hint = hintOfTruth(node);
      return hint === '' ? other.read(node) : mistaken(node, 'true, false or names', hint);
    },
  };
}

/** One of these words; `what` names them together: `a rule`. `allowed` lists them where there are too many: absent, a command does. */
export function choice<const T extends string>(
  what: string,
  words: readonly T[],
  allowed?: string,
): Shape<T> {
  return {
    schema: { enum: words },
    read(node) {
      const found = words.find((word) => node.kind === 'scalar' && word === node.value);
      if (found !== undefined) return found;
      const suggestion = suggestionFor(node, words);
      if (suggestion !== null)
        return refuse(node.at, `${seen(node)} is not ${what}; did you mean ${suggestion}?`);
      if (allowed !== undefined) return mistaken(node, `${what} (${allowed})`);
      return mistaken(node, words.length > mostListed ? what + lookUp(what) : oneOf(words));
    },
  };
}

/** Words that a message lists. */
const mostListed = 16;

/** A list, or one item without the brackets. */
export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  const list = shapes.list(item);
  return {
    schema: { anyOf: [item.schema, list.schema] },
    read: (node) => (node.kind === 'list' ? list.read(node) : [item.read(node)]),
  };
}

/** A list of things that have members themselves: brackets are needed. */
export const entriesOf: <T>(item: Shape<T>, expected: string) => Shape<readonly T[]> = shapes.list;

/** Members named by `key`'s words. */
export function mapOf<T>(key: Shape<string>, value: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return shapes.record(value, key);
}

/** Remembers where the value stands. */
export interface Placed<T> {
  readonly at: Position;
  readonly value: T;
}

export function placed<T>(shape: Shape<T>): Shape<Placed<T>> {
  return { schema: shape.schema, read: (node) => ({ at: node.at, value: shape.read(node) }) };
}

/** A shape and what its parts say together: `problemOf` is the rest of a sentence, of which `schema` says what it can. */
export function checked<T>(
  shape: Shape<T>,
  problemOf: (value: T) => string | null,
  schema: JsonSchema = {},
): Shape<T> {
  return {
    schema: { ...shape.schema, ...schema },
    read(node) {
      const value = shape.read(node);
      const problem = problemOf(value);
      return problem === null ? value : refuse(node.at, problem);
    },
  };
}

/** Whether the value has members decides which shape it is read by. */
export function mapOr<M, S>(map: Shape<M>, other: Shape<S>): Shape<M | S> {
  return {
    schema: { anyOf: [other.schema, map.schema] },
    read: (node) => (node.kind === 'map' ? map.read(node) : other.read(node)),
  };
}

/** An object of which any member may be missing but the required ones. */
export function object<T extends object>(
  members: { readonly [Key in keyof T]-?: Shape<Exclude<T[Key], undefined>> },
  required: readonly (keyof T & string)[] = [],
): Shape<T> {
  const needed: readonly string[] = required;
  const given = Object.entries<Shape<unknown>>(members).map(([name, shape]) => [
    name,
    needed.includes(name) ? shape : optional(shape),
  ]);
  // The same members, which the compiler cannot follow through entries.
  return shapes.object<T>(Object.fromEntries(given) as typeof members, false);
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? words.join() : `one of ${words.join(', ')}`;
}

function noSuchSetting(name: string, names: readonly string[]): string {
  const suggestion = settingFor(name, names);
  const rest =
    suggestion === null ? `, expected one of ${names.join(', ')}` : `; did you mean ${suggestion}?`;
  return `there is no setting ${JSON.stringify(shorten(name))} here${rest}`;
}

function mistaken(node: ConfigNode, expected: string, hint = ''): never {
  if (node.kind === 'broken') throw new ConfigMistakes([]);
  const message = `${seen(node)} is not allowed here, expected ${expected}${hint}`;
  const isEmpty = node.kind === 'scalar' && node.value === null;
  return isEmpty ? refuseLack(node.at, message) : refuse(node.at, message);
}

function seen(node: ConfigNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a group of settings';
  if (node.kind === 'broken') return 'this';
  if (node.value === null) return 'an empty value';
  if (typeof node.value === 'string') return JSON.stringify(shorten(node.value));
  return shorten(node.source ?? String(node.value));
}

function shorten(value: string): string {
  return value.length <= 40 ? value : `${value.slice(0, 40)}…`;
}
