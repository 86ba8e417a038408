import { MalformedInput } from '../../src/base/errors.ts';
import { field, type Json, parseDocument } from '../../src/sources/json/json.ts';
import { mutateText } from '../mutate-json.ts';
import type { Random } from '../random.ts';
import { holds, type Subject } from '../subject.ts';

/** Documents of images: keys in other cases, escaped, doubled, at any depth, against a reader that keeps every pair. */
export default {
  name: 'document',
  make(random) {
    const text = written(randomNode(random, 0), random);
    const bytes = Buffer.from(random.oneIn(3) ? mutateText(text, random) : text);
    if (bytes.length > 0 && random.oneIn(6)) bytes[random.below(bytes.length)] = random.below(256);
    return { bytes, origin: '', isDamaged: false };
  },
  check({ bytes }) {
    const document = readBy(() => parseDocument(bytes, 'document'));
    const pairs = nodeIn(bytes);
    if (pairs === null) {
      holds(document === null, () => `it is read, and is not JSON: ${bytes.toString('latin1')}`);
      return;
    }
    const twins = hasTwins(pairs, false);
    holds(twins === (document === null), () => {
      const state = twins ? 'has keys that a Go program takes for one, and is read' : 'is refused';
      return `it ${state}: ${bytes.toString('utf8')}`;
    });
    if (document !== null) expectFields(document, pairs);
  },
} satisfies Subject;

type Node =
  | { readonly kind: 'object'; readonly pairs: readonly (readonly [string, Node])[] }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'plain'; readonly value: unknown };

const names = [
  'config',
  'Layers',
  'digest',
  'annotations',
  'Labels',
  'K',
  'size',
  'diff_ids',
] as const;

function randomNode(random: Random, depth: number): Node {
  const choice = random.below(depth > 4 ? 2 : 6);
  if (choice < 2)
    return { kind: 'plain', value: random.pick([null, 0, -1.5e3, true, '', '{"a":[', 'x\\"']) };
  const count = random.below(4);
  const nodes = Array.from({ length: count }, () => randomNode(random, depth + 1));
  if (choice === 2) return { kind: 'array', items: nodes };
  return {
    kind: 'object',
    pairs: nodes.map((node) => [recased(random.pick(names), random), node]),
  };
}

function recased(name: string, random: Random): string {
  if (!random.oneIn(3)) return name;
  return [...name]
    .map((letter) => random.pick([letter, letter, letter.toUpperCase(), letter.toLowerCase()]))
    .map((letter) => (letter.toLowerCase() === 's' && random.oneIn(8) ? '\u017f' : letter))
    .map((letter) => (letter.toLowerCase() === 'k' && random.oneIn(4) ? '\u212a' : letter))
    .join('');
}

function written(node: Node, random: Random): string {
  const gap = random.pick(['', '', ' ', '\n\t']);
  if (node.kind === 'plain') return gap + JSON.stringify(node.value);
  if (node.kind === 'array')
    return `${gap}[${node.items.map((item) => written(item, random)).join(',')}${gap}]`;
  const pairs = node.pairs.map(
    ([key, value]) => `${gap}${writtenKey(key, random)}${gap}:${written(value, random)}`,
  );
  return `${gap}{${pairs.join(',')}${gap}}`;
}

function writtenKey(key: string, random: Random): string {
  const letters = [...key].map((letter) =>
    random.oneIn(10) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );
  return `"${letters.join('')}"`;
}

function readBy(read: () => Json): Json | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedInput) return null;
    throw error;
  }
}

/** null: it is not JSON, or deeper than is read. JavaScript's own parser says what is JSON, and this one what is in it. */
function nodeIn(bytes: Buffer): Node | null {
  const text = bytes.toString('utf8');
  if (text.startsWith('\ufeff')) return null;
  try {
    JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parts = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  const reader = { parts, at: 0, deepest: 0 };
  const node = nodeAt(reader, 0);
  return reader.deepest > 64 ? null : node;
}

interface Reader {
  readonly parts: readonly string[];
  at: number;
  deepest: number;
}

function nodeAt(reader: Reader, depth: number): Node {
  const part = take(reader);
  if (part !== '{' && part !== '[') return { kind: 'plain', value: JSON.parse(part) };
  reader.deepest = Math.max(reader.deepest, depth + 1);
  // What is too deep is refused by its brackets alone.
  if (depth > 64) return { kind: 'plain', value: null };
  const items: Node[] = [];
  const pairs: [string, Node][] = [];
  while (reader.parts[reader.at] !== '}' && reader.parts[reader.at] !== ']') {
    if (part === '[') items.push(nodeAt(reader, depth + 1));
    else {
      const key = String(JSON.parse(take(reader))).toWellFormed();
      take(reader);
      pairs.push([key, nodeAt(reader, depth + 1)]);
    }
    if (reader.parts[reader.at] === ',') take(reader);
    if (reader.deepest > 64 || reader.at >= reader.parts.length) break;
  }
  take(reader);
  return part === '[' ? { kind: 'array', items } : { kind: 'object', pairs };
}

function take(reader: Reader): string {
  reader.at += 1;
  return reader.parts[reader.at - 1] ?? 'null';
}

function hasTwins(node: Node, isInMap: boolean): boolean {
  if (node.kind === 'plain') return false;
  if (node.kind === 'array') return node.items.some((item) => hasTwins(item, false));
  const keys = node.pairs.map(([key]) => (isInMap ? key : goFold(key)));
  if (new Set(keys).size < keys.length) return true;
  return node.pairs.some(([key, value]) => hasTwins(value, !isInMap && isMap(key)));
}

function isMap(key: string): boolean {
  return ['annotations', 'labels'].includes(goFold(key));
}

function goFold(key: string): string {
  return key
    .replace(/\u017f/g, 's')
    .replace(/\u212a/g, 'k')
    .toLowerCase();
}

/** Each field is found by each of the names in use, in the case of the program that looks for it. Maps have no fields. */
function expectFields(document: Json, node: Node): void {
  if (node.kind !== 'object') return;
  for (const name of names) {
    const pair = node.pairs.find(([key]) => goFold(key) === goFold(name));
    const found = field(document, name);
    const isThere = pair !== undefined && !(pair[1].kind === 'plain' && pair[1].value === null);
    holds((found !== undefined) === isThere, () => `field ${name} is ${found?.value}`);
    if (found !== undefined && pair !== undefined && !isMap(name)) expectFields(found, pair[1]);
  }
}
