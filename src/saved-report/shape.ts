import { UsageError } from '../errors.ts';

/** What a value of JSON must be: to read it, and to publish as JSON Schema. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** A member that an object may lack. */
  readonly optional?: true;
  /** The key that versions before had for it. */
  readonly oldKey?: string;
  /** Takes a value of unknown origin and where it stands; throws UsageError when it is not of this shape. */
  read(value: unknown, place: string): T;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export const string: Shape<string> = {
  schema: { type: 'string' },
  read: (value, place) => (typeof value === 'string' ? value : refuse(value, place, 'a string')),
};

export const number: Shape<number> = {
  schema: { type: 'number' },
  read: (value, place) => (typeof value === 'number' ? value : refuse(value, place, 'a number')),
};

/** Whatever it is. */
export const anything: Shape<unknown> = { schema: {}, read: (value) => value };

/** `"0x1d8"`: addresses and offsets do not fit the numbers of JSON. */
export const hexadecimal: Shape<bigint> = {
  schema: { type: 'string', pattern: '^0x[0-9a-f]{1,16}$' },
  read: (value, place) =>
    typeof value === 'string' && /^0x[0-9a-f]{1,16}$/.test(value)
      ? BigInt(value)
      : refuse(value, place, 'a hexadecimal number as a string'),
};

export function oneOf<const T extends string | boolean>(...values: readonly T[]): Shape<T> {
  return {
    schema: { enum: values },
    read: (value, place) =>
      values.find((candidate) => candidate === value) ??
      refuse(value, place, `one of ${values.join(', ')}`),
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: 'null' }] },
    read: (value, place) => (value === null ? null : shape.read(value, place)),
  };
}

export function optional<T>(shape: Shape<T>): Shape<T> {
  return { ...shape, optional: true };
}

/** Reads the values of versions before too, by their old names. */
export function formerly<T>(names: Readonly<Record<string, T>>, shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    read: (value, place) =>
      shape.read(typeof value === 'string' ? (names[value] ?? value) : value, place),
  };
}

/** Reads a member that versions before had under another key too. */
export function renamed<T>(oldKey: string, shape: Shape<T>): Shape<T> {
  return { ...shape, oldKey };
}

export function described<T>(description: string, shape: Shape<T>): Shape<T> {
  return { ...shape, schema: { ...shape.schema, description } };
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: shape.schema },
    read: (value, place) =>
      Array.isArray(value)
        ? value.map((item, index) => shape.read(item, `${place}[${index}]`))
        : refuse(value, place, 'a list'),
  };
}

export function record<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: 'object', additionalProperties: shape.schema },
    read: (value, place) =>
      Object.fromEntries(
        Object.entries(membersOf(value, place)).map(([key, item]) => [
          key,
          shape.read(item, `${place}.${key}`),
        ]),
      ),
  };
}

/** An object with these members; others are of a later version, and left out. */
export function object<T extends object>(
  members: { readonly [Key in keyof T]-?: Shape<T[Key]> },
): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(shapes.map(([key, { schema }]) => [key, schema])),
      required: shapes.filter(([, shape]) => !shape.optional).map(([key]) => key),
    },
    read(value, place) {
      const found = membersOf(value, place);
      const entries = shapes
        .map(([key, shape]) => ({ key, shape, member: found[key] ?? found[shape.oldKey ?? key] }))
        .filter(({ shape, member }) => !(shape.optional && member === undefined))
        .map(({ key, shape, member }) => [
          key,
          shape.read(member, place === '' ? key : `${place}.${key}`),
        ]);
      // Built member by member from the shapes of T, which the compiler cannot follow through entries.
      return Object.fromEntries(entries) as T;
    },
  };
}

function membersOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(value, place, 'an object');
  return { ...value };
}

function refuse(value: unknown, place: string, expected: string): never {
  const seen =
    value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 40);
  throw new UsageError(`${place === '' ? 'the document' : place} is ${seen}, expected ${expected}`);
}
