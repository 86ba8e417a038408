import { MalformedInput } from '../../base/errors.ts';
import { excessOfJson } from '../../base/json-bounds.ts';
import { foldKey, refuseTwins } from './document-twins.ts';

/** A value in a document. `null` counts as absent, as in the Go programs that write these documents. */
export interface Json {
  /** For messages: `manifest.json[0].Layers`. */
  readonly where: string;
  readonly value: unknown;
  /** `folded`: as Go's encoding/json finds fields, `layers` is found where the document says `Layers`. */
  readonly keys: 'exact' | 'folded';
}

/**
 * A document that a Go program wrote or reads: of an image, its layout or its archive. It means what it means to container
 * runtimes, or is refused: two keys of which they keep one, and a byte order mark, which they do not take. Throws as
 * `parseJson`.
 */
export function parseDocument(bytes: Buffer, name: string): Json {
  if (bytes.toString('latin1', 0, byteOrderMark.length) === byteOrderMark)
    throw new MalformedInput(`${name} begins with a byte order mark, expected JSON`);
  const { value } = parseJson(bytes, name);
  refuseTwins(bytes, name);
  return { where: name, value, keys: 'folded' };
}

const byteOrderMark = '\xef\xbb\xbf';

/** Of equal keys the last counts. Throws MalformedInput: not JSON, nested too deep, or too many values. Bound the bytes before. */
export function parseJson(bytes: Buffer, name: string): Json {
  const excess = excessOfJson(bytes);
  if (excess !== null) throw new MalformedInput(`${name} ${excess}`);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
    return { where: name, value, keys: 'exact' };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MalformedInput(`${name} is not JSON: ${error.message.slice(0, 120)}`);
  }
}

/** A field of an object; undefined when it is absent or null. */
export function field(json: Json, name: string): Json | undefined {
  const value = valueIn(json, name);
  return value === undefined || value === null
    ? undefined
    : { ...json, where: `${json.where}.${name}`, value };
}

/** Own fields only: what a document calls __proto__ or constructor is a field like any other. */
function valueIn(json: Json, name: string): unknown {
  const object = record(json);
  const own = Object.getOwnPropertyDescriptor(object, name);
  if (own !== undefined || json.keys === 'exact') return own?.value;
  const folded = foldKey(name);
  const key = Object.keys(object).find(
    (each) => each.length === name.length && foldKey(each) === folded,
  );
  return key === undefined ? undefined : Object.getOwnPropertyDescriptor(object, key)?.value;
}

export function required(json: Json, name: string): Json {
  const found = field(json, name);
  if (found === undefined) throw new MalformedInput(`${json.where} has no ${name}`);
  return found;
}

export function text(json: Json): string {
  if (typeof json.value !== 'string') throw wrong(json, 'a string');
  // A lone surrogate is U+FFFD to a Go program. Here it would stand for a byte of a file's name.
  return json.value.toWellFormed();
}

/** A size or count. */
export function natural(json: Json): number {
  const { value } = json;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw wrong(json, 'a whole number, not negative');
  }
  return value;
}

export function truth(json: Json): boolean {
  if (typeof json.value !== 'boolean') throw wrong(json, 'true or false');
  return json.value;
}

export function list(json: Json): Json[] {
  if (!Array.isArray(json.value)) throw wrong(json, 'an array');
  const values: readonly unknown[] = json.value;
  return values.map((value, index) => ({ ...json, where: `${json.where}[${index}]`, value }));
}

/** Strings of an array field, none when it is absent. */
export function texts(json: Json, name: string): string[] {
  const found = field(json, name);
  return found === undefined ? [] : list(found).map(text);
}

export function textOr<Default>(json: Json, name: string, otherwise: Default): string | Default {
  const found = field(json, name);
  return found === undefined ? otherwise : text(found);
}

/** Names of an object's fields; none if it is absent or is not an object. */
export function keysOf(json: Json, name: string): string[] {
  const value = field(json, name)?.value;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.keys(value).map((key) => key.toWellFormed())
    : [];
}

/** An object of strings (labels, annotations), empty when it is absent. */
export function textMap(json: Json, name: string): ReadonlyMap<string, string> {
  const found = field(json, name);
  if (found === undefined) return new Map();
  const pairs: [string, unknown][] = Object.entries(record(found));
  return new Map(
    pairs
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, text({ ...found, where: `${found.where}.${key}`, value })]),
  );
}

function record(json: Json): object {
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(json, 'an object');
  return value;
}

function wrong(json: Json, expected: string): MalformedInput {
  return new MalformedInput(`${json.where} is ${shown(json.value)}, expected ${expected}`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
