import { type Document, isNode, isPair, type Scalar, visit } from 'yaml';

/** What is wrong with the syntax of YAML. */
export interface SyntaxMistake {
  readonly offset: number;
  readonly message: string;
  /** One value is wrong, and the rest of the file is as it seems. */
  readonly isLocal: boolean;
}

/** What the library found in a document, by place, in words for people who do not know the grammar of YAML. */
export function syntaxErrors(document: Document.Parsed, text: string): readonly SyntaxMistake[] {
  return (
    [...document.errors, ...document.warnings]
      // The value is refused for its tag, known or not.
      .filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')
      .map(({ code, pos: [end], message }) => {
        const quote = /closing .*quote/.test(message) ? quoteBefore(end, document) : null;
        if (quote !== null)
          return { offset: quote, message: 'the quote has no end', isLocal: false };
        const open = /and end with a [\]}]/.test(message) ? openBefore(end, document, text) : null;
        if (open !== null) {
          const sign = text[open] === '{' ? ['{', '}'] : ['[', ']'];
          return {
            offset: open,
            message: `this ${sign[0]} has no ${sign[1]}${commentBehind(text, open)}`,
            isLocal: false,
          };
        }
        return {
          offset: end,
          message: sentence(code, message, text, end),
          isLocal: localCodes.has(code),
        };
      })
      .toSorted((a, b) => a.offset - b.offset)
      .filter(({ offset, message }, at, all) => {
        const before = all[at - 1];
        return before?.offset !== offset || before.message !== message;
      })
  );
}

/** The place where the last quote before `end` begins: the library names the place where the file ends. */
function quoteBefore(end: number, document: Document.Parsed): number | null {
  let found: number | null = null;
  visit(document, {
    Scalar(_, { type, range }: Scalar) {
      const start = range?.[0] ?? end;
      if (type?.startsWith('QUOTE_') && start < end) found = start;
    },
  });
  return found;
}

/** In the line of a `{` or `[`, a comment that has its other end: `{reason: ticket #12}`. */
function commentBehind(text: string, open: number): string {
  const [line = ''] = text.slice(open).split('\n', 1);
  const sign = line.search(/\s#/);
  const close = text[open] === '{' ? '}' : ']';
  if (sign === -1 || !line.includes(close, sign)) return '';
  const number = text.slice(0, open).split('\n').length;
  return `: what follows the # in line ${number} is a comment of YAML. Put the text in quotes if it belongs to it`;
}

/** The place of the last `{` or `[` before `end` that nothing closes. */
function openBefore(end: number, document: Document.Parsed, text: string): number | null {
  let found: number | null = null;
  visit(document, {
    Collection(_, { flow, range, items }) {
      const [start, last] = range ?? [end, end];
      const sign = text[start] === '{' ? '}' : ']';
      // What stands at its end may close its last value.
      const isClosed = text[last - 1] === sign && !endsAt(items.at(-1), last);
      if (flow === true && start < end && !isClosed) found = start;
    },
  });
  return found;
}

function endsAt(item: unknown, offset: number): boolean {
  const value = isPair(item) ? item.value : item;
  return isNode(value) && value.range?.[1] === offset;
}

const localCodes: ReadonlySet<string> = new Set([
  'BAD_ALIAS',
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'BLOCK_AS_IMPLICIT_KEY',
]);

function sentence(code: string, message: string, text: string, offset: number): string {
  switch (code) {
    case 'BAD_ALIAS':
      return aliasSentence(/^\*([^\s,\]}]*)/.exec(text.slice(offset, offset + 64))?.[1] ?? '');
    case 'BAD_DQ_ESCAPE':
      return `${firstLine(message)}: write \\\\ for a backslash, or use single quotes`;
    case 'BAD_SCALAR_START':
      return `a value that begins with ${text[offset] ?? 'this'} needs quotes`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a setting inside a value: put a text that contains ": " in quotes, and a group of settings in lines of its own';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a name without a colon after it, or a value that begins in another column';
    case 'TAB_AS_INDENT':
      return 'a tab: lines of YAML are indented by spaces';
    case 'UNEXPECTED_TOKEN':
      return /^Unexpected , in flow/.test(message)
        ? 'nothing stands in front of this comma: one comma is enough between two'
        : firstLine(message);
    default:
      return /must start at the same column/.test(message)
        ? 'names of one group begin in the same column'
        : firstLine(message);
  }
}

/** `**` is how a glob begins, and how YAML names another place of the file. */
export function aliasSentence(name: string): string {
  const word = `*${name}`.slice(0, 64);
  return /^[\w-]+$/.test(name)
    ? `the alias ${word}: write the value out, aliases are not followed. A glob that begins with * needs quotes`
    : `a glob that begins with * needs quotes: "${word}"`;
}

/** The library's messages show the place in further lines. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
