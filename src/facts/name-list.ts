// supporting: the names that a file defines for others are kept in little memory
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeName, encodeName } from '../text.ts';

/**
 * Names of a file, compressed to a fifth. Libraries define a hundred thousand each, an image's together would fill
 * more memory than all else that is kept of it, and nobody looks at them more than once or twice.
 */
export type NameList = Uint8Array;

export function nameList(names: readonly string[]): NameList {
  if (names.length === 0) return new Uint8Array();
  const text = encodeName(names.map((name) => `${name}\0`).join(''));
  // A copy: a small result lies in memory that it shares with others, all of which would be sent along.
  return new Uint8Array(deflateRawSync(text, { level: 1 }));
}

export function namesIn(list: NameList): Iterable<string> {
  return list.length === 0 ? [] : eachName(decodeName(inflateRawSync(list)));
}

function* eachName(text: string): Iterable<string> {
  let start = 0;
  for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0', start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
}
