// supporting: the names that a file defines for others are kept in little memory
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { decodeName, encodeName } from '../text.ts';

/**
 * Names of a file. Libraries define a hundred thousand each; an image's together would fill more memory than all else
 * that is kept of it, and nobody looks at them more than once or twice. So long lists are compressed, to a fifth, by what
 * Node has that is quickest for text: Brotli at its lowest quality. The first byte says whether they are.
 */
export type NameList = Uint8Array;

/** Fewer bytes are not worth the making of a compressor; nearly all files have fewer. */
const long = 16 * 1024;

const plain = 0;
const compressed = 2;

export function nameList(names: readonly string[]): NameList {
  if (names.length === 0) return new Uint8Array();
  const text = encodeName(`${names.join('\0')}\0`);
  if (text.length < long) return listOf(plain, text);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return listOf(compressed, brotliCompressSync(text, { params }));
}

/** A copy: a small result lies in memory that it shares with others, all of which would be sent along. */
function listOf(form: number, bytes: Uint8Array): NameList {
  const list = new Uint8Array(1 + bytes.length);
  list[0] = form;
  list.set(bytes, 1);
  return list;
}

export function namesIn(list: NameList): Iterable<string> {
  if (list.length === 0) return [];
  const bytes = list.subarray(1);
  return eachName(decodeName(list[0] === plain ? bytes : brotliDecompressSync(bytes)));
}

function* eachName(text: string): Iterable<string> {
  let start = 0;
  for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0', start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
}
