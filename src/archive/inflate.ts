import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGunzip, createInflateRaw } from 'node:zlib';
import { MalformedArchive } from '../errors.ts';

/** Content that is inflated at a time: little first, for many small streams, then what stays in a processor's cache. */
const firstSize = 16 * 1024;
const largestSize = 128 * 1024;
/** Content after which others get their turn: a small piece of input may hold a thousandfold. */
const contentInTurn = 1024 * 1024;

const formats = {
  /** Several members if there are, and zeros behind them. */
  gzip: createGunzip,
  /** RFC 1951 alone, as in zip. */
  deflate: createInflateRaw,
};

/**
 * The content of a deflated stream, inflated as it is asked for. Everything that can be inflated is yielded before an
 * error, be it of the stream or of `chunks`, is thrown. Throws MalformedArchive. With `whenRest` it ends where the content
 * does, and tells what it was given behind that.
 */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  format: keyof typeof formats,
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
      if (whenRest === null) inflater.expectPadding();
      else if (inflater.hasEnded) {
        whenRest(inflater.rest);
        return;
      }
    }
    inflater.finish();
  } finally {
    inflater.close();
  }
}

/**
 * What is used of Node's zlib streams, not all of it their public interface: a stream has another thread inflate each piece, in
 * new memory, and a third of the time goes into that. npm itself unpacks packages by the same handle, and
 * inflate.test.ts fails when it changes.
 */
interface ZlibStream {
  readonly _handle: {
    onerror: (message: string) => void;
    writeSync(
      flush: number,
      input: Buffer,
      inputStart: number,
      inputSize: number,
      output: Buffer,
      outputStart: number,
      outputSize: number,
    ): void;
  };
  /** After a write: what is free of the output, and what is left of the input. */
  readonly _writeState: Uint32Array;
  close(): void;
}

const nothing = Buffer.alloc(0);

class Inflater {
  readonly #format: keyof typeof formats;
  readonly #stream: ZlibStream;
  #outputSize = firstSize;
  #produced = 0;
  #failure: string | null = null;
  /** Input behind the end of the content. */
  rest: Buffer = nothing;
  hasEnded = false;

  constructor(format: keyof typeof formats) {
    this.#format = format;
    // The library's own types hide what is used here.
    this.#stream = formats[format]({ chunkSize: constants.Z_MIN_CHUNK }) as unknown as ZlibStream;
    this.#stream._handle.onerror = (message) => {
      this.#failure = message;
    };
  }

  /** The content of one piece of input, in memory of its own. Throws MalformedArchive. */
  *write(input: Buffer): Iterable<Buffer> {
    this.rest = input;
    while (!this.hasEnded) {
      const output = Buffer.allocUnsafeSlow(this.#outputSize);
      const free = this.#inflate(constants.Z_NO_FLUSH, output);
      if (free < output.length) yield output.subarray(0, output.length - free);
      this.#outputSize = Math.min(2 * this.#outputSize, largestSize);
      // With room and input left there is nothing more to be had of it.
      this.hasEnded = free > 0 && this.rest.length > 0;
      if (free > 0) return;
    }
  }

  /** Behind the content there may be zeros. Throws MalformedArchive. */
  expectPadding(): void {
    if (this.hasEnded && this.rest.some((byte) => byte !== 0))
      this.#fail('something follows its end');
  }

  /** All input was given. Throws MalformedArchive where it is cut. */
  finish(): void {
    if (!this.hasEnded) this.#inflate(constants.Z_FINISH, Buffer.alloc(1));
  }

  close(): void {
    this.#stream.close();
  }

  /** What stays free of the output. */
  #inflate(flush: number, output: Buffer): number {
    const { _handle, _writeState } = this.#stream;
    const input = flush === constants.Z_FINISH ? nothing : this.rest;
    _handle.writeSync(flush, input, 0, input.length, output, 0, output.length);
    if (this.#failure !== null) this.#fail(this.#failure);
    const [free = 0, left = 0] = _writeState;
    this.rest = input.subarray(input.length - left);
    this.#produced += output.length - free;
    return free;
  }

  #fail(why: string): never {
    throw new MalformedArchive(
      `${this.#format} stream is damaged after ${this.#produced} bytes of content: ${why}`,
    );
  }
}
