import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { decodeName } from '../../base/text.ts';

/**
 * Names of a file. Libraries define a hundred thousand each; an image's together would fill more memory than all else
 * that is kept of it, and they are looked at once or twice only. So long lists are compressed, to a fifth, by what
 * Node has that is quickest for text: Brotli at its lowest quality. The first byte says whether they are.
 */
export type NameList = Uint8Array;

/** Fewer bytes are not worth the making of a compressor; nearly all files have fewer. */
const long = 16 * 1024;

const plain = 0;
const compressed = 2;

/** What writers wrote to is used again: so many, up to this size. */
const mostKept = 4;
const keptSize = 256 * 1024;
const free: Buffer[] = [];
const nothing: Buffer = Buffer.alloc(0);
/** One for all, so that a message holds it once. */
const noNames: NameList = new Uint8Array();

/** Writes one list, name by name: from the bytes that a file has them in, because no name is looked at on its way. */
export class NameListWriter {
  #bytes: Buffer = nothing;
  #length = 0;

  /** A name, or the beginning of one: [start, end) of `source`. */
  write(source: Uint8Array, start: number, end: number): void {
    const bytes = this.#roomFor(end - start);
    let to = this.#length;
    // Names are short: a call out of JavaScript costs as much as most of them.
    for (let at = start; at < end; at += 1, to += 1) bytes[to] = source[at] ?? 0;
    this.#length = to;
  }

  /** One byte of a name; 0 ends it. */
  writeByte(byte: number): void {
    this.#roomFor(1)[this.#length] = byte;
    this.#length += 1;
  }

  /** What was written. Nothing is written after it. */
  list(): NameList {
    const bytes = this.#bytes;
    const list = listFrom(bytes.subarray(0, this.#length));
    if (bytes.length > 0 && bytes.length <= keptSize && free.length < mostKept) free.push(bytes);
    this.#bytes = nothing;
    this.#length = 0;
    return list;
  }

  #roomFor(more: number): Buffer {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) {
      const kept = free.pop() ?? nothing;
      const size = Math.max(16 * 1024, 2 * needed);
      const larger = kept.length >= needed ? kept : Buffer.allocUnsafeSlow(size);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

function listFrom(text: Buffer): NameList {
  if (text.length === 0) return noNames;
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
