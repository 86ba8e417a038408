import { mistakesOf, UsageError, UsageErrors } from '../base/errors.ts';
import { isObject, type Members } from '../base/json-members.ts';
import { type Access, type Shape as ShapeOf, shapesFor } from './shape.ts';

/** A value of JSON of unknown origin, and where it stands. */
interface JsonValue {
  readonly value: unknown;
  /** `targets[0].name`; empty for the whole. */
  readonly place: string;
}

export type Shape<T> = ShapeOf<T, JsonValue>;

const access: Access<JsonValue> = {
  items: ({ value, place }) =>
    Array.isArray(value)
      ? value.map((item: unknown, at) => ({ value: item, place: `${place}[${at}]` }))
      : null,
  names: (at) => (isOfObject(at) ? Object.keys(at.value) : null),
  member: (at, name) =>
    isOfObject(at) && Object.hasOwn(at.value, name)
      ? { value: at.value[name], place: placeOf(at, name) }
      : null,
  key: (at, name) => ({ value: name, place: placeOf(at, name) }),
  order: (_, names) => names,
  missing: (at, name) => ({ value: undefined, place: placeOf(at, name) }),
  unknown: () => {},
  refuse({ value, place }, expected) {
    const seen =
      value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 40);
    throw new UsageError(
      `${place === '' ? 'the document' : place} is ${seen}, expected ${expected}`,
    );
  },
  nameOfObject: () => 'an object',
  nameOfRecord: 'an object',
  each,
  both: (first, second) => [first(), second()],
};

/** More than these help nobody. */
const mostMistakes = 50;

/** Reads on after a mistake, up to so many of them. */
function each<I, T>(items: readonly I[], read: (item: I) => T): readonly T[] {
  const mistakes: string[] = [];
  const values: T[] = [];
  for (const item of items) {
    try {
      values.push(read(item));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(...mistakesOf(error));
      if (mistakes.length >= mostMistakes) break;
    }
  }
  if (mistakes.length > 0) throw new UsageErrors(mistakes.slice(0, mostMistakes));
  return values;
}

function placeOf({ place }: JsonValue, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

interface JsonObject extends JsonValue {
  readonly value: Members;
}

function isOfObject(at: JsonValue): at is JsonObject {
  return isObject(at.value);
}

const shapes = shapesFor(access);
export const { list, record } = shapes;

/** A shape for each member of an object. */
export type MemberShapes<T> = { readonly [Key in keyof T]-?: Shape<Exclude<T[Key], undefined>> };

/** An object with these members; others are of a later version, and left out. */
export function object<T extends object>(members: MemberShapes<T>): Shape<T> {
  return shapes.object<T>(members, true);
}

/**
 * Of a document that was parsed. Throws UsageError with the first thing that is not of this shape: a program wrote the
 * document, and nobody fixes it by hand.
 */
export function readJson<T>(shape: Shape<T>, document: unknown): T {
  try {
    return readJsonWhole(shape, document);
  } catch (error) {
    if (!(error instanceof UsageErrors)) throw error;
    throw new UsageError(error.mistakes[0]);
  }
}

/** The same of a document that people change too. Throws UsageErrors with all mistakes. */
export function readJsonWhole<T>(shape: Shape<T>, document: unknown): T {
  return shape.read({ value: document, place: '' });
}

export const string: Shape<string> = {
  schema: { type: 'string' },
  read: (at) => (typeof at.value === 'string' ? at.value : access.refuse(at, 'a string')),
};

export const number: Shape<number> = {
  schema: { type: 'number' },
  read: (at) => (typeof at.value === 'number' ? at.value : access.refuse(at, 'a number')),
};

/** Whatever it is. */
export const anything: Shape<unknown> = { schema: {}, read: ({ value }) => value };

/** `"0x1d8"`: addresses and offsets do not fit the numbers of JSON. */
export const hexadecimal: Shape<bigint> = {
  schema: { type: 'string', pattern: '^0x[0-9a-f]{1,16}$' },
  read: (at) =>
    typeof at.value === 'string' && /^0x[0-9a-f]{1,16}$/.test(at.value)
      ? BigInt(at.value)
      : access.refuse(at, 'a hexadecimal number as a string'),
};

export function oneOf<const T extends string | boolean>(...values: readonly T[]): Shape<T> {
  return {
    schema: { enum: values },
    read: (at) =>
      values.find((candidate) => candidate === at.value) ??
      access.refuse(at, `one of ${values.join(', ')}`),
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: 'null' }] },
    read: (at) => (at.value === null ? null : shape.read(at)),
  };
}

/** Reads the values of versions before too, by their old names. */
export function formerly<T>(names: Readonly<Record<string, T>>, shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    read({ value, place }) {
      const now = typeof value === 'string' && Object.hasOwn(names, value) ? names[value] : value;
      return shape.read({ value: now, place });
    },
  };
}
