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
  let last: Promise<void> = Promise.resolve();
  let fail: (error: Error) => void = () => {};
  let failure: Error | null = null;
  stream.on('data', (bytes: Buffer) => {
    produced += bytes.length;
    output.push(bytes);
  });
  stream.on('error', (error) => {
    failure = new MalformedArchive(
      `gzip stream is damaged after ${produced} bytes of content: ${error.message}`,
    );
    fail(failure);
  });

  function step(start: (done: () => void) => void): Promise<void> {
    last = new Promise((resolve, reject) => {
      fail = reject;
      if (failure) reject(failure);
      else start(resolve);
    });
    last.catch(() => {});
    return last;
  }
  return {
    /** Resolves when all of the piece is inflated. */
    write: (piece: Buffer) => step((done) => stream.write(piece, () => failure ?? done())),
    /** Resolves at the end of the content. */
    end: () => step((done) => stream.end().once('end', done)),
    settled: () => last.catch(() => {}),
    take(): Buffer[] {
      const taken = output;
      output = [];
      return taken;
    },
    close: () => stream.destroy(),
  };
}
