import { createGunzip, createInflateRaw } from 'node:zlib';
import { MalformedArchive } from '../errors.ts';

/** Node's default of 16 KiB halves the throughput. */
const outputSize = 256 * 1024;

/** Deflate grows at most 1032-fold, so one piece of input yields at most 66 MiB before the consumer is asked again. */
const inputSize = 64 * 1024;

/** Of what has grown more than 16-fold so far, as archives of empty files do: two pieces of content are held at a time. */
const inputSizeOfMuch = 8 * 1024;

const formats = {
  /** Several members if there are, and zeros behind them. */
  gzip: createGunzip,
  /** RFC 1951 alone, as in zip. */
  deflate: createInflateRaw,
};

/**
 * The content of a deflated stream. One piece is inflated on a thread while the consumer works on the piece before.
 * Everything that can be inflated is yielded before an error, be it of the stream or of `chunks`, is thrown. Throws
 * MalformedArchive. With `whenRest` it ends where the content does, and tells what it was given behind that; pieces of
 * `chunks` must then be of at most 64 KiB.
 */
export async function* inflate(
  chunks: AsyncIterable<Buffer>,
  format: keyof typeof formats,
  whenRest: ((rest: Buffer) => void) | null = null,
): AsyncIterable<Buffer> {
  const inflater = createInflater(format, whenRest);
  try {
    let inflating: Promise<void> = Promise.resolve();
    for await (const piece of smallPieces(chunks, inflater.inputSize)) {
      await inflating;
      const ready = inflater.take();
      inflating = inflater.write(piece);
      inflating.catch(() => {}); // It is awaited with the next piece.
      yield* ready;
      if (whenRest === null) continue;
      await inflating;
      if (inflater.hasEnded()) break;
    }
    await inflating;
    await inflater.end();
    yield* inflater.take();
  } catch (error) {
    await inflater.settled();
    yield* inflater.take();
    throw error;
  } finally {
    inflater.close();
  }
}

async function* smallPieces(
  chunks: AsyncIterable<Buffer>,
  sizeOf: () => number,
): AsyncIterable<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + sizeOf());
      at += piece.length;
      yield piece;
    }
  }
}

function createInflater(format: keyof typeof formats, whenRest: ((rest: Buffer) => void) | null) {
  const stream = formats[format]({ chunkSize: outputSize });
  let output: Buffer[] = [];
  let given = 0;
  let produced = 0;
  let ended = false;
  let failure: Error | null = null;
  let settle = () => {};
  let current: Promise<void> = Promise.resolve();
  stream.on('data', (bytes: Buffer) => {
    produced += bytes.length;
    output.push(bytes);
  });
  // Also before the input ends, when zeros follow the last member: no write is answered from then on.
  stream.on('end', () => {
    ended = true;
    settle();
  });
  stream.on('error', ({ message }) => fail(message));

  function fail(why: string): void {
    const text = `${format} stream is damaged after ${produced} bytes of content: ${why}`;
    failure ??= new MalformedArchive(text);
    settle();
  }

  async function step(start: (done: () => void) => void): Promise<void> {
    if (!ended && !failure) {
      current = new Promise((resolve) => {
        settle = resolve;
        start(resolve);
      });
      await current;
    }
    if (failure) throw failure;
  }

  /** Resolves when all of the piece is inflated. What zlib leaves behind the end must be padding. */
  async function write(piece: Buffer): Promise<void> {
    given += piece.length;
    await step((done) => stream.write(piece, done));
    if (!ended) return;
    const unread = piece.subarray(Math.max(0, piece.length - (given - stream.bytesWritten)));
    if (whenRest !== null && !failure) whenRest(unread);
    else if (unread.some((byte) => byte !== 0)) fail('something follows its end');
    if (failure) throw failure;
  }

  return {
    write,
    /** Resolves at the end of the content. */
    end: () => step(() => stream.end()),
    hasEnded: () => ended,
    inputSize: () => (produced > 16 * given ? inputSizeOfMuch : inputSize),
    settled: () => current,
    take(): Buffer[] {
      const taken = output;
      output = [];
      return taken;
    },
    close: () => stream.destroy(),
  };
}
