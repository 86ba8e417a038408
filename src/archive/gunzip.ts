import { createGunzip } from 'node:zlib';
import { MalformedArchive } from '../errors.ts';

/** Node's default of 16 KiB halves the throughput. */
const outputSize = 256 * 1024;

/** Deflate grows at most 1032-fold, so one piece of input yields at most 33 MiB before the consumer is asked again. */
const inputSize = 32 * 1024;

/**
 * The content of a gzip stream, of several members if there are, and zeros behind them. One piece is inflated on a
 * thread while the consumer works on the piece before. Everything that can be inflated is yielded before an error,
 * be it of the stream or of `chunks`, is thrown. Throws MalformedArchive.
 */
export async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const inflater = createInflater();
  try {
    let inflating: Promise<void> = Promise.resolve();
    for await (const piece of smallPieces(chunks)) {
      await inflating;
      const ready = inflater.take();
      inflating = inflater.write(piece);
      inflating.catch(() => {}); // It is awaited with the next piece.
      yield* ready;
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

async function* smallPieces(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += inputSize) yield chunk.subarray(at, at + inputSize);
  }
}

function createInflater() {
  const stream = createGunzip({ chunkSize: outputSize });
  let output: Buffer[] = [];
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
  stream.on('error', ({ message }) => {
    const text = `gzip stream is damaged after ${produced} bytes of content: ${message}`;
    failure = new MalformedArchive(text);
    settle();
  });

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

  return {
    /** Resolves when all of the piece is inflated. */
    write: (piece: Buffer) => step((done) => stream.write(piece, done)),
    /** Resolves at the end of the content. */
    end: () => step(() => stream.end()),
    settled: () => current,
    take(): Buffer[] {
      const taken = output;
      output = [];
      return taken;
    },
    close: () => stream.destroy(),
  };
}
