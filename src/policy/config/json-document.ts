import { configLimits, grouped, limitsText } from './config-limits.ts';
import type { ConfigMember, ConfigNode, Position } from './config-node.ts';
import {
  ConfigMistakes,
  type Mistake,
  mostMistakes,
  type ParsedConfig,
  refuse,
  twice,
} from './mistakes.ts';
import type { PlaceOf } from './places.ts';

/** A file of JSON with the place of each value. It goes on where a person wrote what JSON has not: comments, commas, quotes. */
export function parseJson(text: string, placeOf: PlaceOf): ParsedConfig {
  const reader: Reader = { text, placeOf, mistakes: [], at: 0, tokens: 0, depth: 0 };
  try {
    skip(reader);
    if (reader.at >= text.length) return result(reader, null, Number.POSITIVE_INFINITY);
    const node = nodeAt(reader);
    skip(reader);
    if (reader.at < text.length)
      complain(reader, reader.at, 'this stands after the end of the document');
    return result(reader, node, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    reader.mistakes.push(...error.found);
    return result(reader, null, 1);
  }
}

interface Reader {
  readonly text: string;
  readonly placeOf: PlaceOf;
  readonly mistakes: Mistake[];
  at: number;
  tokens: number;
  depth: number;
}

function result(
  { mistakes }: Reader,
  node: ConfigNode | null,
  certainBefore: number,
): ParsedConfig {
  return { node, mistakes, certainBefore };
}

function complain(reader: Reader, offset: number, message: string): void {
  // A file can have as many as it has characters.
  if (reader.mistakes.length >= mostMistakes) throw new ConfigMistakes([]);
  reader.mistakes.push({ at: reader.placeOf(offset), message });
}

/** Over blanks, and over comments with a complaint about the first. */
function skip(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    blank.lastIndex = reader.at;
    blank.test(text);
    reader.at = blank.lastIndex;
    comment.lastIndex = reader.at;
    if (!comment.test(text)) return;
    if (!reader.mistakes.some(({ message }) => message === noComments))
      complain(reader, reader.at, noComments);
    reader.at = comment.lastIndex;
  }
}

const blank = /[ \t\r\n]*/y;
const comment = /\/\/[^\n]*|\/\*.*?(?:\*\/|$)|#[^\n]*/sy;
const noComments = 'JSON has no comments: remove them, or write hullcheck.yaml, where # begins one';

/** It calls itself for what is nested, so depth is bounded. */
function nodeAt(reader: Reader): ConfigNode {
  const { text, at } = reader;
  count(reader);
  const place = reader.placeOf(at);
  const sign = text[at];
  if (sign === '{' || sign === '[') {
    reader.depth += 1;
    if (reader.depth > configLimits.depth)
      refuse(place, `nested more than ${configLimits.depth} levels deep`);
    const node = sign === '{' ? mapOf(reader, place) : listOf(reader, place);
    reader.depth -= 1;
    return node;
  }
  if (sign === '"' || sign === "'") return stringOf(reader, place);
  return wordOf(reader, place);
}

function count(reader: Reader): void {
  reader.tokens += 1;
  if (reader.tokens > configLimits.tokens)
    refuse(
      reader.placeOf(reader.at),
      `more than ${grouped(configLimits.tokens)} words and signs; at most ${limitsText} are read`,
    );
}

function mapOf(reader: Reader, at: Position): ConfigNode {
  const members: ConfigMember[] = [];
  const seen = new Map<string, Position>();
  for (const _ of itemsOf(reader, '}')) {
    const offset = reader.at;
    const name = nodeAt(reader);
    if (name.kind !== 'scalar' || typeof name.value !== 'string')
      return refuse(name.at, 'a name in double quotes belongs here');
    skip(reader);
    if (reader.text[reader.at] === ':') reader.at += 1;
    else refuse(reader.placeOf(reader.at), 'a colon belongs here');
    skip(reader);
    const value = nodeAt(reader);
    const first = seen.get(name.value);
    if (first !== undefined) complain(reader, offset, twice(name.value, first));
    else members.push({ key: name.value, at: name.at, value });
    if (first === undefined) seen.set(name.value, name.at);
  }
  return { kind: 'map', members, at };
}

function listOf(reader: Reader, at: Position): ConfigNode {
  const items: ConfigNode[] = [];
  for (const _ of itemsOf(reader, ']')) items.push(nodeAt(reader));
  return { kind: 'list', items, at };
}

/** Stops in front of each item, and behind the closing sign. */
function* itemsOf(reader: Reader, end: '}' | ']'): Generator<void> {
  const { text } = reader;
  const opening = reader.at;
  reader.at += 1;
  for (let first = true; ; first = false) {
    skip(reader);
    count(reader);
    const before = reader.at;
    const hasComma = text[reader.at] === ',';
    if (hasComma) {
      reader.at += 1;
      skip(reader);
    }
    const isEnd = text[reader.at] === end;
    if (hasComma && (first || isEnd))
      complain(
        reader,
        before,
        isEnd
          ? `a comma after the last item: JSON has none there`
          : 'a comma before the first item',
      );
    if (isEnd) {
      reader.at += 1;
      return;
    }
    if (reader.at >= text.length)
      refuse(reader.placeOf(opening), `the ${text[opening]} has no ${end}`);
    if (!first && !hasComma) complain(reader, before, `a comma or ${end} belongs here`);
    yield;
  }
}

const quoted = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;

function stringOf(reader: Reader, at: Position): ConfigNode {
  quoted.lastIndex = reader.at;
  const [raw] = quoted.exec(reader.text) ?? [];
  if (raw === undefined) return refuse(at, 'the quote has no end in its line');
  const offset = reader.at;
  reader.at += raw.length;
  if (raw.startsWith("'")) {
    complain(reader, offset, 'single quotes: JSON has double quotes only');
    return { kind: 'scalar', value: raw.slice(1, -1), at };
  }
  const value = parsed(raw);
  if (typeof value === 'string') return { kind: 'scalar', value, at };
  complain(
    reader,
    offset,
    'a backslash or a tab in it: write \\\\ for a backslash and \\t for a tab',
  );
  return { kind: 'broken', at };
}

const word = /[^\s,:[\]{}"']+/y;

function wordOf(reader: Reader, at: Position): ConfigNode {
  word.lastIndex = reader.at;
  const [raw] = word.exec(reader.text) ?? [];
  if (raw === undefined) return refuse(at, 'a value belongs here');
  const offset = reader.at;
  reader.at += raw.length;
  const value = raw.length > 64 ? undefined : parsed(raw);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    complain(reader, offset, `${raw} is not a number that can be read`);
    return { kind: 'broken', at };
  }
  if (typeof value === 'number') return { kind: 'scalar', value, at, source: raw };
  if (typeof value === 'boolean' || value === null) return { kind: 'scalar', value, at };
  complain(reader, offset, `${raw.slice(0, 40)} needs double quotes`);
  return { kind: 'scalar', value: raw, at };
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
