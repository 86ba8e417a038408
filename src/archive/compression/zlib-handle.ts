import { constants, createGunzip, createInflateRaw } from 'node:zlib';

const formats = {
  /** Several members if there are, and zeros behind them. */
  gzip: createGunzip,
  /** RFC 1951 alone, as in zip. */
  deflate: createInflateRaw,
};

export type DeflatedFormat = keyof typeof formats;

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
  reset(): void;
  close(): void;
}

export interface Inflated {
  /** Bytes of the output that are not written. */
  readonly free: number;
  /** Bytes of the input that are not read. */
  readonly left: number;
}

export class ZlibHandle {
  readonly #stream: ZlibStream;
  #failure: string | null = null;

  constructor(format: DeflatedFormat) {
    // The library's own types hide what is used here.
    this.#stream = formats[format]({ chunkSize: constants.Z_MIN_CHUNK }) as unknown as ZlibStream;
    this.#stream._handle.onerror = (message) => {
      this.#failure = message;
    };
  }

  /** Inflates as much as there is room for. In the words of zlib, what is wrong with the input. */
  inflate(flush: number, input: Buffer, output: Buffer): Inflated | string {
    const { _handle, _writeState } = this.#stream;
    _handle.writeSync(flush, input, 0, input.length, output, 0, output.length);
    if (this.#failure !== null) return this.#failure;
    const [free = 0, left = 0] = _writeState;
    return { free, left };
  }

  /** For another content. */
  reset(): void {
    this.#failure = null;
    this.#stream.reset();
  }

  close(): void {
    this.#stream.close();
  }
}
