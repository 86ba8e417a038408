import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Behind } from './behind.ts';
import { contentInTurn, Inflater } from './inflate.ts';

/**
 * The content of a gzip file, also of several members in a row; zeros may follow them. Other bytes after it are counted
 * and reported to `behind`, since gzip itself ignores them. Everything that can be inflated is yielded before an error,
 * be it of the
 * stream or of `chunks`, is thrown. Throws MalformedInput.
 */
export async function* gunzip(
  chunks: AsyncIterable<Buffer>,
  behind: Behind,
): AsyncIterable<Buffer> {
  const members = new Members();
  let inTurn = 0;
  let rest = 0;
  try {
    for await (const chunk of chunks) {
      if (members.hasEnded) {
        rest += chunk.length;
        continue;
      }
      for (const content of members.write(chunk)) {
        yield content;
        inTurn += content.length;
        if (inTurn < contentInTurn) continue;
        inTurn = 0;
        await nextTurn();
      }
      rest += members.rest;
    }
    rest += members.finish();
  } finally {
    members.close();
  }
  if (rest > 0) behind(rest);
}

const trailerSize = 8;
/** Of a header, with its name and comment. */
const longestHeader = 1024 * 1024;
const nothing: Buffer = Buffer.alloc(0);

/** RFC 1952: a header, deflated content, and a trailer with its checksum and size; again and again. */
class Members {
  readonly #inflater = new Inflater('deflate', 'gzip');
  #state: 'header' | 'content' | 'trailer' = 'header';
  /** Input that is too little to go on with. */
  #pending: Buffer = nothing;
  #whole = 0;
  #sum = 0;
  #size = 0;
  hasEnded = false;
  /** Bytes of the last piece of input behind the last member. */
  rest = 0;

  *write(chunk: Buffer): Iterable<Buffer> {
    let input = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = nothing;
    while (input.length > 0 && !this.hasEnded) {
      if (this.#state === 'header') input = this.#begin(input);
      else if (this.#state === 'trailer') input = this.#verify(input);
      else {
        for (const content of this.#inflater.write(input)) {
          this.#sum = crc32(content, this.#sum);
          this.#size = (this.#size + content.length) >>> 0;
          yield content;
        }
        input = this.#inflater.hasEnded ? this.#inflater.rest : nothing;
        if (this.#inflater.hasEnded) this.#state = 'trailer';
      }
    }
    this.rest = this.hasEnded ? input.length : 0;
  }

  /** All input was given: bytes that were not. Throws MalformedInput where it is cut. */
  finish(): number {
    if (this.hasEnded) return 0;
    if (this.#state === 'header' && this.#whole > 0) return this.#pending.length;
    if (this.#state === 'content') this.#inflater.finish();
    return this.#inflater.fail('unexpected end of file');
  }

  close(): void {
    this.#inflater.close();
  }

  /** What is left behind a header, or, with no other member, what follows them all. */
  #begin(input: Buffer): Buffer {
    const start = this.#whole === 0 ? 0 : zerosIn(input);
    const head = input.subarray(start);
    if (head.length === 0) return nothing;
    const size = gzipHeaderSize(head);
    if (size === 'none') {
      if (this.#whole === 0) return this.#inflater.fail('incorrect header check');
      this.hasEnded = true;
      return head;
    }
    if (size === 'more') return this.#keep(head);
    this.#inflater.reset();
    this.#state = 'content';
    this.#sum = 0;
    this.#size = 0;
    return head.subarray(size);
  }

  #verify(input: Buffer): Buffer {
    if (input.length < trailerSize) return this.#keep(input);
    if (input.readUInt32LE(0) !== this.#sum) return this.#inflater.fail('incorrect data check');
    if (input.readUInt32LE(4) !== this.#size) return this.#inflater.fail('incorrect length check');
    this.#whole += 1;
    this.#state = 'header';
    return input.subarray(trailerSize);
  }

  #keep(input: Buffer): Buffer {
    if (input.length > longestHeader) this.#inflater.fail('its header has no end');
    // The source may use its memory again.
    this.#pending = Buffer.from(input);
    return nothing;
  }
}

function zerosIn(bytes: Buffer): number {
  let count = 0;
  while (bytes[count] === 0) count += 1;
  return count;
}

const flag = { sum: 2, extra: 4, name: 8, comment: 16 } as const;

const fixedSize = 10;

/** Bytes of the header of a gzip member (RFC 1952, 2.3); 'more': it does not end here; 'none': there is none. */
function gzipHeaderSize(bytes: Buffer): number | 'more' | 'none' {
  const [first, second, method, flags = 0] = bytes;
  if (first !== 0x1f || (second !== undefined && second !== 0x8b)) return 'none';
  if (method !== undefined && method !== 8) return 'none';
  if (bytes.length < fixedSize) return 'more';
  let at = fixedSize;
  if ((flags & flag.extra) !== 0) {
    if (at + 2 > bytes.length) return 'more';
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const text of [flag.name, flag.comment]) {
    if ((flags & text) === 0) continue;
    const end = at < bytes.length ? bytes.indexOf(0, at) : -1;
    if (end < 0) return 'more';
    at = end + 1;
  }
  if ((flags & flag.sum) !== 0) at += 2;
  return at <= bytes.length ? at : 'more';
}
