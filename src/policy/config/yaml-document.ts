import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
  type YAMLMap,
} from 'yaml';
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
import { aliasSentence, type SyntaxMistake, syntaxErrors } from './yaml-mistakes.ts';

/** Everything of a YAML file that is plain data, and what is not as mistakes. */
export function parseYaml(text: string, placeOf: PlaceOf): ParsedConfig {
  const documents: Document.Parsed[] = [];
  try {
    const composer = new Composer({ uniqueKeys: false });
    for (const document of composer.compose(tokensOf(text, placeOf))) documents.push(document);
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    return { node: null, mistakes: error.found, certainBefore: 1 };
  }
  const [document, second] = documents;
  if (document === undefined)
    return { node: null, mistakes: [], certainBefore: Number.POSITIVE_INFINITY };
  const reader: Reader = { placeOf, mistakes: [], broken: syntaxErrors(document, text) };
  const node = isEmpty(document) ? null : nodeOf(document.contents, reader, placeOf(0));
  if (second !== undefined) {
    const at = placeOf(second.range?.[0] ?? 0);
    reader.mistakes.push({ at, message: 'a second document, expected one' });
  }
  return { node, ...withSyntax(reader) };
}

function isEmpty({ contents }: Document.Parsed): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

interface Reader {
  readonly placeOf: PlaceOf;
  readonly mistakes: Mistake[];
  readonly broken: readonly SyntaxMistake[];
}

/** Of a line, the first error is true of the others. */
function withSyntax({ placeOf, mistakes, broken }: Reader): Omit<ParsedConfig, 'node'> {
  const lines = new Set<number>();
  let certainBefore = Number.POSITIVE_INFINITY;
  const said: Mistake[] = [];
  for (const { offset, message, isLocal } of broken) {
    const at = placeOf(offset);
    if (at.line > certainBefore) break;
    if (!isLocal) certainBefore = at.line;
    if (lines.has(at.line)) continue;
    lines.add(at.line);
    said.push({ at, message });
  }
  return { mistakes: [...said, ...mistakes], certainBefore };
}

/** The composer calls itself for what is nested, so depth is bounded before it sees anything. */
function* tokensOf(text: string, placeOf: PlaceOf): Generator<CST.Token> {
  const parser = new Parser();
  let tokens = 0;
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > configLimits.tokens)
      refuse(
        placeOf(parser.offset),
        `more than ${grouped(configLimits.tokens)} words and signs; at most ${limitsText} are read`,
      );
    for (const token of parser.next(lexeme)) {
      // A file can have as many as it has characters.
      if (token.type === 'error') errors += 1;
      if (errors > mostMistakes) return;
      yield token;
    }
    if (parser.stack.length > configLimits.depth)
      refuse(placeOf(parser.offset), `nested more than ${configLimits.depth} levels deep`);
  }
  yield* parser.end();
}

/** `outer` is the place that is reported for an empty value: it has no place of its own. */
function nodeOf(node: unknown, reader: Reader, outer: Position): ConfigNode {
  if (node === null || node === undefined) return { kind: 'scalar', value: null, at: outer };
  if (!isNode(node)) return complain(reader, outer, 'this is not a value');
  const [start = 0, end = 0] = node.range ?? [];
  const at = reader.placeOf(start);
  if (isBroken(node, start, end, reader)) return { kind: 'broken', at };
  if (isAlias(node)) return complain(reader, at, aliasSentence(node.source));
  if (node.tag !== undefined) return complain(reader, at, tagSentence(node.tag));
  if (isMap(node)) return { kind: 'map', members: membersOf(node, reader, at), at };
  if (isSeq(node))
    return { kind: 'list', items: node.items.map((item) => nodeOf(item, reader, at)), at };
  if (!isScalar(node)) return complain(reader, at, 'this is not a value');
  return scalarOf(node.value, node.source, reader, at);
}

function complain({ mistakes }: Reader, at: Position, message: string): ConfigNode {
  mistakes.push({ at, message });
  return { kind: 'broken', at };
}

/** Within a scalar, or at the beginning of what holds others. */
function isBroken(node: Node, start: number, end: number, { broken }: Reader): boolean {
  if (broken.length === 0) return false;
  const last = isMap(node) || isSeq(node) ? start : end;
  return broken.some(({ offset, isLocal }) => isLocal && offset >= start && offset <= last);
}

function tagSentence(tag: string): string {
  const name = tag.replace(/^tag:yaml\.org,2002:/, '!!');
  return `the tag ${name}: values have no tags here. Put a text that begins with ! in quotes`;
}

function membersOf(map: YAMLMap, reader: Reader, outer: Position): readonly ConfigMember[] {
  const seen = new Map<string, Position>();
  return map.items.flatMap(({ key, value }): readonly ConfigMember[] => {
    const name = nodeOf(key, reader, outer);
    if (name.kind === 'broken') return [];
    if (name.kind !== 'scalar' || name.value === null) {
      complain(reader, name.at, 'this is not the name of a setting');
      return [];
    }
    const text = String(name.source ?? name.value);
    if (text === '<<') {
      complain(reader, name.at, 'merge keys (<<) are not followed: write the settings out');
      return [];
    }
    const first = seen.get(text);
    if (first !== undefined) {
      complain(reader, name.at, twice(text, first));
      return [];
    }
    seen.set(text, name.at);
    return [{ key: text, at: name.at, value: nodeOf(value, reader, name.at) }];
  });
}

function scalarOf(
  value: unknown,
  source: string | undefined,
  reader: Reader,
  at: Position,
): ConfigNode {
  if (typeof value === 'number' && !Number.isFinite(value))
    return complain(reader, at, `${source ?? value} is not a number that can be read`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return { kind: 'scalar', value, at };
  if (typeof value === 'number')
    return { kind: 'scalar', value, at, ...(source === undefined ? {} : { source }) };
  return complain(reader, at, 'this is not a text, number, true or false');
}
