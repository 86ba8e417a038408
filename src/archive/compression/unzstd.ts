import { ZSTDDecoder } from 'zstddec/stream';
import { MalformedInput } from '../../base/errors.ts';
import { type Behind, sizeOf } from './behind.ts';
import { type ByteStream, byteStream } from './byte-stream.ts';
import { unlz4 } from './unlz4.ts';
import { copyZstdFrame } from './zstd-frame.ts';

const inputSize = 64 * 1024;

/** Of a frame, and the part that the sixteen of skippable frames share. */
const magicNumbers = [Buffer.from('28b52ffd', 'hex'), Buffer.from('2a4d18', 'hex')];

/**
 * The content of a zstd stream: several frames, skippable ones, windows of up to 128 MiB. Everything that can be
 * decoded is yielded before an error, be it of the stream or of `chunks`, is thrown. Throws MalformedInput.
 *
 * The decoder is one WebAssembly instance for the whole thread; a stream that is left early keeps its context there.
 */
export async function* unzstd(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  const stream = byteStream(chunks);
  try {
    yield* decode(framesOf(stream));
    if (isLz4(await stream.peek(4))) return yield* unlz4(stream.remaining(), behind);
    const rest = await sizeOf(stream.remaining());
    if (rest > 0) behind(rest);
  } finally {
    await stream.close();
  }
}

/** The decoder would take what follows the last of them for damage. Zeros pad images of disks. */
async function* framesOf(stream: ByteStream): AsyncIterable<Buffer> {
  do {
    yield* copyZstdFrame(stream);
    await stream.skipZeros();
  } while (isFrame(await stream.peek(4)));
}

/** Its frames to be skipped are the same, and may come first. */
function isLz4(head: Buffer): boolean {
  return /^04224d18|^02214c18/.test(head.toString('hex'));
}

/** Also where the end of the file cuts the magic number: what is lost then is a frame. */
function isFrame(head: Buffer): boolean {
  if (head.length === 4) return /^28b52ffd|^5.2a4d18/.test(head.toString('hex'));
  return /^28(b5(2f)?)?$|^5.(2a(4d)?)?$/.test(head.toString('hex'));
}

async function* decode(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const decoder = await startDecoder();
  let sourceError: unknown = null;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += inputSize) {
        yield* decoder.decode(chunk.subarray(at, at + inputSize));
      }
    }
  } catch (error) {
    if (decoder.isDamaged()) throw error;
    sourceError = error;
  }
  try {
    yield* decoder.end();
  } catch (error) {
    throw sourceError ?? error;
  }
  if (sourceError) throw sourceError;
}

/**
 * zstddec takes its input from a synchronous iterable, and ignores the library's error codes: on damaged input it
 * yields empty output without end. Empty output is right only at the end of a frame and of a piece of input, so more of it
 * than frames can begin in the piece is damage.
 */
async function startDecoder() {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const queue: Buffer[] = [];
  let emptyAllowed = 0;
  let produced = 0;
  let damaged = false;
  const output = decoder.decodeStreaming(
    inputFrom(queue, (piece) => {
      emptyAllowed = framesIn(piece) + 2;
    }),
  );

  function fail(why: string): never {
    damaged = true;
    throw new MalformedInput(`zstd stream is damaged after ${produced} bytes of content: ${why}`);
  }

  /** null at the end. */
  function next(): Buffer | null {
    let result: IteratorResult<Uint8Array>;
    try {
      result = output.next();
    } catch {
      fail('it ends inside a frame');
    }
    if (result.done) return null;
    const bytes = result.value;
    if (bytes.length === 0 && emptyAllowed-- <= 0) fail('it cannot be decoded any further');
    produced += bytes.length;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  return {
    isDamaged: () => damaged,
    /** Each step of zstddec takes at most one piece, so it never needs one that is not in the queue. */
    *decode(piece: Buffer): Iterable<Buffer> {
      queue.push(piece);
      while (queue.length > 0) {
        const bytes = next();
        if (bytes !== null && bytes.length > 0) yield bytes;
      }
    },
    *end(): Iterable<Buffer> {
      for (let bytes = next(); bytes !== null; bytes = next()) if (bytes.length > 0) yield bytes;
    },
  };
}

function* inputFrom(queue: Buffer[], onTake: (piece: Buffer) => void): Iterable<Buffer> {
  for (let piece = queue.shift(); piece; piece = queue.shift()) {
    onTake(piece);
    yield piece;
  }
}

/** At most: bytes of the content may look the same. */
function framesIn(piece: Buffer): number {
  let count = 0;
  for (const magic of magicNumbers) {
    for (let at = piece.indexOf(magic); at >= 0; at = piece.indexOf(magic, at + 1)) count += 1;
  }
  return count;
}
