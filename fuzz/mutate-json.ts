import type { Random } from './random.ts';

/** One to three changes of a JSON document: values of other types, sizes and shapes, keys gone, doubled or renamed. */
export function mutateJson(document: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(document);
  const root = { root: copy };
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const holder = random.any(holdersIn(root));
    const key = holder && random.any(Object.keys(holder));
    if (holder !== undefined && key !== undefined) changeValue(holder, key, random);
  }
  return root.root;
}

/** Objects and arrays; both can be written by key. */
type Holder = Record<string, unknown>;

function holdersIn(root: Holder): readonly Holder[] {
  const found: Holder[] = [];
  const pending = [root];
  for (let next = pending.pop(); next && found.length < 10_000; next = pending.pop()) {
    found.push(next);
    for (const value of Object.values(next)) if (isHolder(value)) pending.push(value);
  }
  return found;
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

function changeValue(holder: Holder, key: string, random: Random): void {
  const value = holder[key];
  const choice = random.below(10);
  if (choice === 0) delete holder[key];
  else if (choice === 1 && !Array.isArray(holder)) holder[random.pick(oddKeys)] = value;
  else if (choice === 2) holder[key] = [value, value];
  else if (choice === 6 && !Array.isArray(holder)) holder[otherCase(key)] = value;
  else if (choice === 3) holder[key] = nested(random.pick([10, 100, deepest]));
  else if (choice === 4 && typeof value === 'string') holder[key] = mutateText(value, random);
  else if (choice === 5 && typeof value === 'number')
    holder[key] = value + random.pick([1, -1, 0.5]);
  else holder[key] = structuredClone(random.pick(oddValues));
}

/** A Go program takes it for the same field. */
function otherCase(key: string): string {
  const upper = key.toUpperCase();
  return upper === key ? key.toLowerCase() : upper;
}

const oddKeys = ['__proto__', 'constructor', 'toString', '', '0', 'length', 'mediaType'] as const;

const oddValues: readonly [unknown, ...unknown[]] = [
  null,
  0,
  -1,
  1e308,
  2 ** 53,
  0.5,
  true,
  '',
  '\0',
  '../../etc/passwd',
  'sha256:',
  `sha256:${'0'.repeat(64)}`,
  'x'.repeat(10_000),
  '\ud800',
  '\x1b[2J\n::error::',
  '99999999999999999999n',
  [],
  {},
  [[]],
  { length: 1e9 },
];

/** Three times as deep, JSON.stringify still has room on the stack of any thread. */
const deepest = 1000;

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

export function mutateText(text: string, random: Random): string {
  const at = random.below(text.length);
  const insert = random.pick(inserts);
  return text.slice(0, at) + insert + text.slice(at + random.below(4));
}

/** The last is deeper than what recursion could follow. */
const inserts = [
  '',
  '\0',
  '/',
  '..',
  ':',
  '\n',
  '\u202e',
  '=',
  '"',
  '%',
  '-',
  '9',
  '['.repeat(20_000),
] as const;
