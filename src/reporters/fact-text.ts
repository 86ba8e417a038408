// supporting: the value of any fact, in lines for a person
import { hexadecimal } from './write-json.ts';

/** A list is cut here: a program can have thousands of symbols, and the JSON report has them all. */
const longest = 12;

/** Nesting beyond this is shown as JSON would name it. Facts are shallow; this keeps the recursion bounded. */
const deepest = 4;

/** `stackProtector` as `stack protector`. */
export function wordsOf(name: string): string {
  return name.replace(
    /(?<=[a-z])[A-Z]+/g,
    (letters) => ` ${letters.length > 1 ? letters : letters.toLowerCase()}`,
  );
}

/** The first line stands beside the fact's name; the others are indented below it by their leading spaces. */
export function describeValue(value: unknown, depth = 0): readonly string[] {
  const plain = describePlain(value);
  if (plain !== null) return [plain];
  if (depth > deepest) return ['...'];
  if (Array.isArray(value)) return describeList(value, depth);
  const lines = Object.entries(value ?? {}).flatMap(([key, part]) =>
    describePart(key, part, depth),
  );
  const [first] = lines;
  // A value whose first part is one plain word reads as its name: `kind: executable`.
  return first !== undefined && depth === 0 && lines.length === 1 ? [first] : ['', ...lines];
}

function describePart(key: string, part: unknown, depth: number): readonly string[] {
  if (key === 'evidence' && Array.isArray(part)) return part.map(describeEvidence);
  const [first = '', ...rest] = describeValue(part, depth + 1);
  return [`${wordsOf(key)}: ${first}`.trimEnd(), ...rest.map((line) => `  ${line}`)];
}

function describeList(list: readonly unknown[], depth: number): readonly string[] {
  const shown = list.slice(0, longest);
  const more = list.length > longest ? [`and ${list.length - longest} more`] : [];
  const plain = shown.map(describePlain);
  if (plain.every((item) => item !== null)) return [[...plain, ...more].join(', ')];
  return ['', ...shown.flatMap((item) => describeItem(item, depth)), ...more];
}

/** The parts of an item on one line where they are all plain. */
function describeItem(item: unknown, depth: number): readonly string[] {
  const parts = Object.entries(item ?? {}).map(
    ([key, part]) => [key, describePlain(part)] as const,
  );
  if (
    typeof item === 'object' &&
    !Array.isArray(item) &&
    parts.every(([, part]) => part !== null)
  ) {
    return [parts.map(([key, part]) => `${wordsOf(key)} ${part}`).join(', ')];
  }
  return describeValue(item, depth + 1).filter((line) => line !== '');
}

function describeEvidence(seen: {
  readonly what?: unknown;
  readonly saw?: unknown;
  readonly offset?: unknown;
}): string {
  const place = typeof seen.offset === 'bigint' ? ` at offset ${hexadecimal(seen.offset)}` : '';
  return `${String(seen.what)}: ${String(seen.saw)}${place}`;
}

function describePlain(value: unknown): string | null {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'bigint') return hexadecimal(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return Array.isArray(value) && value.length === 0 ? 'none' : null;
  return String(value);
}
