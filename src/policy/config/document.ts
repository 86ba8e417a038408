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
  LineCounter,
  Parser,
  type YAMLMap,
} from 'yaml';
import {
  type ConfigMember,
  type ConfigNode,
  isPackageFile,
  type Position,
  refuse,
} from './config-node.ts';

/** Bounds of what is parsed: far above what people write, and within them nothing takes as long as a second. */
const largest = 256 * 1024;
const mostLines = 10_000;
const mostTokens = 20_000;
const deepest = 32;

/** Throws UsageError with file, line and column for whatever is not plain data. Null for an empty file. */
export function parseConfig(text: string, file: string): ConfigNode | null {
  const start = { file, line: 1, column: 1 };
  if (text.length > largest)
    refuse(start, `the file is ${text.length} characters long, expected at most ${largest}`);
  const lineCount = text.split('\n').length;
  if (lineCount > mostLines)
    refuse(start, `the file has ${lineCount} lines, expected at most ${mostLines}`);
  const lines = new LineCounter();
  const reader: Reader = { file, lines };
  const documents = [...new Composer({ uniqueKeys: false }).compose(tokensOf(text, reader))];
  const [document, second] = documents;
  if (document === undefined || document.contents === null) return null;
  throwFirst(document, reader);
  if (second !== undefined)
    refuse(positionOf(second.range?.[0] ?? 0, reader), 'a second document, expected one');
  return nodeOf(document.contents, reader, start);
}

/** The part of the file that is for hullcheck: all of it, but of a package.json one member. */
export function parseConfigFile(text: string, file: string): ConfigNode | null {
  const document = parseConfig(text, file);
  if (!isPackageFile(file)) return document;
  if (document?.kind !== 'map') return null;
  return document.members.find(({ key }) => key === 'hullcheck')?.value ?? null;
}

interface Reader {
  readonly file: string;
  readonly lines: LineCounter;
}

/** The composer calls itself for what is nested, so depth is bounded before it sees anything. */
function* tokensOf(text: string, reader: Reader): Generator<CST.Token> {
  const parser = new Parser(reader.lines.addNewLine);
  reader.lines.addNewLine(0);
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > mostTokens)
      refuse(positionOf(parser.offset, reader), `more than ${mostTokens} words and signs`);
    for (const token of parser.next(lexeme)) {
      // One is enough: a file can have as many as it has characters.
      if (token.type === 'error')
        refuse(positionOf(token.offset, reader), firstLine(token.message));
      yield token;
    }
    if (parser.stack.length > deepest)
      refuse(positionOf(parser.offset, reader), `nested more than ${deepest} levels deep`);
  }
  yield* parser.end();
}

function throwFirst({ errors, warnings }: Document.Parsed, reader: Reader): void {
  const [first] = [...errors, ...warnings];
  if (first !== undefined) refuse(positionOf(first.pos[0], reader), firstLine(first.message));
}

/** The library's messages show the place in further lines. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** `outer` is the place that is reported for an empty value: it has no place of its own. */
function nodeOf(node: unknown, reader: Reader, outer: Position): ConfigNode {
  if (node === null || node === undefined) return { kind: 'scalar', value: null, at: outer };
  if (!isNode(node)) return refuse(outer, 'this is not a value');
  const at = positionOf(node.range?.[0] ?? 0, reader);
  if (isAlias(node))
    refuse(at, `the alias *${node.source}: write the value out, aliases are not followed`);
  if (node.tag?.startsWith('!')) refuse(at, `the tag ${node.tag}: values have no tags here`);
  if (isMap(node)) return { kind: 'map', members: membersOf(node, reader, at), at };
  if (isSeq(node))
    return { kind: 'list', items: node.items.map((item) => nodeOf(item, reader, at)), at };
  if (!isScalar(node)) return refuse(at, 'this is not a value');
  return { kind: 'scalar', value: scalarOf(node.value, at), at };
}

function membersOf(map: YAMLMap, reader: Reader, outer: Position): readonly ConfigMember[] {
  const seen = new Set<string>();
  return map.items.map(({ key, value }) => {
    const name = nodeOf(key, reader, outer);
    if (name.kind !== 'scalar' || name.value === null)
      return refuse(name.at, 'this is not the name of a setting');
    const text = String(name.value);
    if (seen.has(text)) refuse(name.at, `${text} is given twice`);
    seen.add(text);
    return { key: text, at: name.at, value: nodeOf(value, reader, name.at) };
  });
}

function scalarOf(value: unknown, at: Position): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return refuse(at, 'this is not a text, number, true or false');
}

function positionOf(offset: number, { file, lines }: Reader): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}
