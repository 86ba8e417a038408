import { UsageError } from '../errors.ts';

/** Takes a value of JSON and where it stands; throws UsageError when it is not what is expected there. */
export type Decode<T> = (value: unknown, place: string) => T;

export const string: Decode<string> = (value, place) =>
  typeof value === 'string' ? value : refuse(value, place, 'a string');

export const number: Decode<number> = (value, place) =>
  typeof value === 'number' ? value : refuse(value, place, 'a number');

/** `"0x1d8"`, as writeJson has it. */
export const hexadecimalNumber: Decode<bigint> = (value, place) =>
  typeof value === 'string' && /^0x[0-9a-f]{1,16}$/.test(value)
    ? BigInt(value)
    : refuse(value, place, 'a hexadecimal number as a string');

export function oneOf<const T extends string>(...names: readonly T[]): Decode<T> {
  return (value, place) =>
    names.find((name) => name === value) ?? refuse(value, place, `one of ${names.join(', ')}`);
}

export function nullable<T>(decode: Decode<T>): Decode<T | null> {
  return (value, place) => (value === null ? null : decode(value, place));
}

export function list<T>(decode: Decode<T>): Decode<readonly T[]> {
  return (value, place) =>
    Array.isArray(value)
      ? value.map((item, index) => decode(item, `${place}[${index}]`))
      : refuse(value, place, 'a list');
}

export function record<T>(decode: Decode<T>): Decode<Readonly<Record<string, T>>> {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(members(value, place)).map(([key, item]) => [
        key,
        decode(item, `${place}.${key}`),
      ]),
    );
}

/** An object with these members; others are left out. */
export function object<T extends object>(
  decoders: { readonly [Key in keyof T]: Decode<T[Key]> },
): Decode<T> {
  return (value, place) => {
    const found = members(value, place);
    const entries = Object.entries<Decode<unknown>>(decoders).map(([key, decode]) => [
      key,
      decode(found[key], place === '' ? key : `${place}.${key}`),
    ]);
    // Built member by member from the decoders of T, which the compiler cannot follow through entries.
    return Object.fromEntries(entries) as T;
  };
}

function members(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(value, place, 'an object');
  return { ...value };
}

export function refuse(value: unknown, place: string, expected: string): never {
  const seen =
    value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 40);
  throw new UsageError(`${place === '' ? 'the document' : place} is ${seen}, expected ${expected}`);
}
