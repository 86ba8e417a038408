import { MalformedInput } from '../../base/errors.ts';
import { stringEnd } from '../../base/json-bounds.ts';
import { printableName } from '../../base/text.ts';

/**
 * Objects whose keys are the user's own words. Go keeps them as maps, which distinguish `a` from `A`; the keys of every
 * other
 * object are names of fields.
 */
const mapNames: ReadonlySet<string> = new Set(['annotations', 'labels', 'exposedports', 'volumes']);

/**
 * As Go's encoding/json compares a key with the name of a field: case does not count, and two letters beyond ASCII fold
 * into it. Strings of equal meaning have equal length.
 */
export function foldKey(key: string): string {
  return key.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u212a', 'k');
}

interface OpenObject {
  readonly kind: 'object';
  readonly isMap: boolean;
  /** By what Go compares: where the key and its value stand. */
  readonly keys: Map<string, Place>;
  /** The last that was read. */
  key: string;
}

interface OpenArray {
  readonly kind: 'array';
  index: number;
}

interface Place {
  readonly key: string;
  readonly valueAt: number;
}

const quote = 0x22;
const [braceOpen, braceClose, bracketOpen, bracketClose, comma] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c];

/**
 * Throws MalformedInput where an object has two keys of which a Go program keeps one: JavaScript would not report it,
 * and which one counts differs by program. `bytes` are JSON that was parsed before, so their depth is bounded.
 */
export function refuseTwins(bytes: Buffer, name: string): void {
  const open: (OpenObject | OpenArray)[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    const top = open.at(-1);
    if (byte === quote) {
      const end = stringEnd(bytes, at);
      const valueAt = top?.kind === 'object' ? valueBehind(bytes, end) : null;
      if (top?.kind === 'object' && valueAt !== null) {
        const key = decodedKey(bytes, at, end);
        top.key = key;
        addKey(top, { key, valueAt }, bytes, () => whereIs(name, open));
      }
      at = end;
    } else if (byte === braceOpen) {
      const isMap = top?.kind === 'object' && !top.isMap && mapNames.has(foldKey(top.key));
      open.push({ kind: 'object', isMap, keys: new Map(), key: '' });
    } else if (byte === bracketOpen) open.push({ kind: 'array', index: 0 });
    else if (byte === braceClose || byte === bracketClose) open.pop();
    else if (byte === comma && top?.kind === 'array') top.index += 1;
  }
}

/** Where the value of a key begins whose last quote is at `end`; null: it was not a key. */
function valueBehind(bytes: Buffer, end: number): number | null {
  const colon = afterBlanks(bytes, end + 1);
  return bytes[colon] === 0x3a ? afterBlanks(bytes, colon + 1) : null;
}

function afterBlanks(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d)
    at += 1;
  return at;
}

/** Bytes that are not text become U+FFFD, as in Go. */
function decodedKey(bytes: Buffer, start: number, end: number): string {
  const parsed: unknown = JSON.parse(bytes.toString('utf8', start, end + 1));
  return String(parsed).toWellFormed();
}

function addKey(object: OpenObject, place: Place, bytes: Buffer, where: () => string): void {
  const folded = object.isMap ? place.key : foldKey(place.key);
  const twin = object.keys.get(folded);
  if (twin !== undefined) {
    const [first, second] = [twin, place].map(
      ({ key, valueAt }) => `"${printableName(key.slice(0, 60))}" (${shownValue(bytes, valueAt)})`,
    );
    throw new MalformedInput(
      `${where()} has the keys ${first} and ${second}, of which container runtimes keep one`,
    );
  }
  object.keys.set(folded, place);
}

const shownLength = 100;

/** The beginning of a long one. */
function shownValue(bytes: Buffer, at: number): string {
  const text = bytes.toString('utf8', at, Math.min(valueEnd(bytes, at), at + shownLength));
  return printableName(text.replace(/\s+/g, ' '));
}

/** Of what is longer than is shown it does not matter. */
function valueEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < start + shownLength; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = stringEnd(bytes, at);
    else if (byte === braceOpen || byte === bracketOpen) depth += 1;
    else if (depth > 0 && (byte === braceClose || byte === bracketClose)) depth -= 1;
    else if (depth === 0 && (byte === comma || byte === braceClose)) return at;
    if (depth === 0 && (byte === quote || byte === braceClose || byte === bracketClose))
      return at + 1;
  }
  return start + shownLength;
}

/** As the readers of fields write it: `manifest.json[0].Layers`. */
function whereIs(name: string, open: readonly (OpenObject | OpenArray)[]): string {
  const steps = open
    .slice(0, -1)
    .map((each) => (each.kind === 'array' ? `[${each.index}]` : `.${printableName(each.key)}`));
  return `${name}${steps.join('')}`;
}
