import { isAscii } from 'node:buffer';
import { decodeName } from '../../base/text.ts';

/** Lines of a text, decoded one by one: databases are large, and most of their lines are passed over. */
export function* linesOf(text: Buffer): Iterable<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf(10, start);
    const stop = end < 0 ? text.length : end;
    yield decodeName(text.subarray(start, stop));
    start = stop + 1;
  }
}

/**
 * The same at once, which takes a fraction of the time where all lines are asked. V8 may keep the whole text as long as one of its lines
 * is kept.
 */
export function allLinesOf(text: Buffer): readonly string[] {
  if (!isAscii(text)) return [...linesOf(text)];
  const lines = text.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Paragraphs of lines, parted by empty lines. */
export function* stanzasOf(text: Buffer): Iterable<readonly string[]> {
  let stanza: string[] = [];
  for (const line of linesOf(text)) {
    if (line !== '') stanza.push(line);
    else if (stanza.length > 0) {
      yield stanza;
      stanza = [];
    }
  }
  if (stanza.length > 0) yield stanza;
}

/** What follows `Key: ` in the first line that begins so; '' without one. */
export function fieldOf(stanza: readonly string[], key: string): string {
  const line = stanza.find((each) => each.startsWith(key));
  return line === undefined ? '' : line.slice(key.length).trim();
}
