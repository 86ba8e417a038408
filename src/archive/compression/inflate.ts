import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';
import { type DeflatedFormat, ZlibHandle } from './zlib-handle.ts';

/** Content that is inflated at a time: little first, for many small streams, then what stays in a processor's cache. */
const firstSize = 16 * 1024;
const largestSize = 128 * 1024;
/** Content after which others get their turn: a small piece of input may hold a thousandfold. */
export const contentInTurn = 1024 * 1024;

/**
 * The content of a deflated stream, inflated on demand. Everything that can be inflated is yielded before an
 * error, be it of the stream or of `chunks`, is thrown. Throws MalformedInput. With `whenRest` it ends where the
 * content does, and reports what was passed to it after that.
 */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  format: DeflatedFormat,
  whenRest: ((rest: Buffer) => void) | null = null,
): AsyncIterable<Buffer> {
  const inflater = new Inflater(format);
  let inTurn = 0;
  try {
    for await (const chunk of chunks) {
      for (const content of inflater.write(chunk)) {
        yield content;
        inTurn += content.length;
        if (inTurn < contentInTurn) continue;
        inTurn = 0;
        await nextTurn();
      }
      if (whenRest !== null && inflater.hasEnded) {
        whenRest(inflater.rest);
        return;
      }
    }
    inflater.finish();
  } finally {
    inflater.close();
  }
}

const nothing = Buffer.alloc(0);

/** One deflated stream after the other. */
export class Inflater {
  readonly #name: string;
  readonly #handle: ZlibHandle;
  #outputSize = firstSize;
  #spare: Buffer | null = null;
  #produced = 0;
  /** Input behind the end of the content. */
  rest: Buffer = nothing;
  hasEnded = false;

  /** `name`: what messages call the stream. */
  constructor(format: DeflatedFormat, name: string = format) {
    this.#name = name;
    this.#handle = new ZlibHandle(format);
  }

  /** For another content. */
  reset(): void {
    this.#handle.reset();
    this.hasEnded = false;
    this.rest = nothing;
  }

  /** The content of one piece of input, in memory of its own. Throws MalformedInput. */
  *write(input: Buffer): Iterable<Buffer> {
    this.rest = input;
    while (!this.hasEnded) {
      const output = this.#spare ?? Buffer.allocUnsafeSlow(this.#outputSize);
      const free = this.#inflate(constants.Z_NO_FLUSH, output);
      const content = output.subarray(0, output.length - free);
      // Little of it, out of small pieces, does not keep the rest of the memory.
      const isLittle = content.length < output.length / 4;
      this.#spare = isLittle ? output : null;
      if (content.length > 0) yield isLittle ? Buffer.from(content) : content;
      if (!isLittle) this.#outputSize = Math.min(2 * this.#outputSize, largestSize);
      // With room and input left there is nothing more to be had of it.
      this.hasEnded = free > 0 && this.rest.length > 0;
      if (free > 0) return;
    }
  }

  /** All input was given. Throws MalformedInput where it is cut. */
  finish(): void {
    if (!this.hasEnded) this.#inflate(constants.Z_FINISH, Buffer.alloc(1));
  }

  close(): void {
    this.#handle.close();
  }

  /** What stays free of the output. */
  #inflate(flush: number, output: Buffer): number {
    const input = flush === constants.Z_FINISH ? nothing : this.rest;
    const inflated = this.#handle.inflate(flush, input, output);
    if (typeof inflated === 'string') return this.fail(inflated);
    const { free, left } = inflated;
    this.rest = input.subarray(input.length - left);
    this.#produced += output.length - free;
    return free;
  }

  fail(why: string): never {
    throw new MalformedInput(
      `${this.#name} stream is damaged after ${this.#produced} bytes of content: ${why}`,
    );
  }
}
