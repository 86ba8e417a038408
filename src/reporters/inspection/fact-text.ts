import { hexadecimal } from '../writing/write-json.ts';

/** Nesting beyond this is left to the JSON report. Facts are shallow; this keeps the recursion bounded. */
const deepest = 6;

/** Parts that name the whole: `machine: x86-64`, and the rest below. */
const naming = new Set(['kind', 'name', 'state', 'where', 'how', 'form', 'whose']);

/** `stackProtector` as `stack protector`. */
export function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]+/g, (letters) =>
    letters.length > 1 ? ` ${letters}` : ` ${letters.toLowerCase()}`,
  );
}

/**
 * The first line stands next to the fact's name; the others are indented below it by their leading spaces. A longer
 * list than `longest` is cut, with its count.
 */
export function describeValue(value: unknown, longest: number, depth = 0): readonly string[] {
  const plain = describePlain(value);
  if (plain !== null) return [plain];
  if (depth > deepest) return ['...'];
  if (Array.isArray(value)) return describeList(value, longest, depth);
  const parts = Object.entries(value ?? {});
  const name = parts.find(([key, part]) => naming.has(key) && typeof part === 'string');
  const rest = parts.filter((part) => part !== name && part[1] !== null);
  if (name === undefined && rest.length === 0) return ['none'];
  return [
    name === undefined ? '' : String(name[1]),
    ...rest.flatMap(([key, part]) => describePart(key, part, longest, depth)),
  ];
}

function describePart(
  key: string,
  part: unknown,
  longest: number,
  depth: number,
): readonly string[] {
  if (key === 'evidence' && Array.isArray(part)) return part.map(describeEvidence);
  const [first = '', ...rest] = describeValue(part, longest, depth + 1);
  return [`${wordsOf(key)}: ${first}`.trimEnd(), ...rest.map((line) => `  ${line}`)];
}

function describeList(list: readonly unknown[], longest: number, depth: number): readonly string[] {
  const shown = list.slice(0, longest);
  const more = list.length > longest ? [`and ${list.length - longest} more`] : [];
  const plain = shown.map(describePlain);
  if (plain.every((item) => item !== null)) return [[...plain, ...more].join(', ')];
  return ['', ...shown.flatMap((item) => describeItem(item, longest, depth)), ...more];
}

/** The parts of an item on one line where they are all plain. */
function describeItem(item: unknown, longest: number, depth: number): readonly string[] {
  const parts = Object.entries(item ?? {}).map(
    ([key, part]) => [key, describePlain(part)] as const,
  );
  if (!Array.isArray(item) && parts.every(([, part]) => part !== null)) {
    return [parts.map(([key, part]) => `${wordsOf(key)} ${part}`).join(', ')];
  }
  const [first = '', ...rest] = describeValue(item, longest, depth + 1);
  return first === '' ? rest : [first, ...rest.map((line) => `  ${line}`)];
}

interface Seen {
  readonly what?: unknown;
  readonly saw?: unknown;
  readonly offset?: unknown;
}

function describeEvidence({ what, saw, offset }: Seen): string {
  const place = typeof offset === 'bigint' ? ` at offset ${hexadecimal(offset)}` : '';
  return `${what}: ${saw}${place}`;
}

function describePlain(value: unknown): string | null {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'bigint') return hexadecimal(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return Array.isArray(value) && value.length === 0 ? 'none' : null;
  return String(value);
}
