import { extract as createExtract } from 'tar-stream';
import { LimitExceeded } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Entry, EntryHeader, EntryWalk } from './entry.ts';
import { blockSize } from './tar-header.ts';
import { endsInside, type TarStep, tarSequence } from './tar-sequence.ts';

/**
 * Entries of an uncompressed tar that arrives as a stream. Everything that could be read is yielded before an error of
 * `chunks` or of the archive is thrown. The bytes behind the end-of-archive marker are read, so that a digest over
 * `chunks` is complete. Stopping early closes `chunks`. Throws MalformedArchive, LimitExceeded, and what `chunks` throws.
 */
export async function* tarEntries(chunks: AsyncIterable<Buffer>, limits: Limits): EntryWalk {
  const { extract, finish } = createReader(limits);
  const feeding = feed(bounded(chunks, limits.maxLayerSize), extract).then(
    () => finish(null),
    finish,
  );
  try {
    for await (const stream of extract) {
      if (stream.header.entry) yield entryOf(stream.header.entry, stream);
      stream.resume();
    }
  } finally {
    extract.destroy();
    await feeding;
  }
}

/**
 * The parts of tar-stream 3.2.2 that are used, some of them not its public interface. It decodes headers in two methods
 * that lose bytes (PAX values that are not UTF-8) and reads on behind the end of the archive; both are replaced here by
 * a TarSequence. Buffering, back pressure and streams stay tar-stream's. tar-stream.test.ts fails when they change.
 */
interface Extract extends AsyncIterable<EntryStream> {
  readonly destroyed: boolean;
  write(chunk: Buffer): boolean;
  end(): void;
  destroy(): void;
  on(event: 'drain' | 'close', listener: () => void): void;
  off(event: 'drain' | 'close', listener: () => void): void;
  emit(event: 'entry', header: StreamHeader, stream: EntryStream, unlock: () => void): void;
  _locked: boolean;
  _longHeader: boolean;
  _missing: number;
  _finished: boolean;
  _stream: EntryStream | null;
  _header: StreamHeader;
  readonly _buffer: {
    readonly buffered: number;
    readonly shifted: number;
    shift(size: number): Buffer;
  };
  readonly _unlockBound: () => void;
  _createStream(): EntryStream;
  _continueWrite(error: unknown): void;
  _consumeHeader(): boolean;
  _decodeLongHeader(body: Buffer): void;
  _final(done: (error: unknown) => void): void;
}

interface EntryStream extends AsyncIterable<Buffer> {
  readonly header: StreamHeader;
  resume(): void;
}

/** `size` is what the library skips or streams; `entry` is ours. */
interface StreamHeader {
  readonly size: number;
  readonly entry: EntryHeader | null;
}

function createReader(limits: Limits) {
  const sequence = tarSequence(limits);
  // The library's types hide what is replaced here.
  const extract = createExtract() as unknown as Extract;
  let step: TarStep = { kind: 'skip', bodySize: 0 };
  let sourceError: unknown = null;

  extract._consumeHeader = () => {
    if (extract._locked) return false;
    const offset = extract._buffer.shifted;
    try {
      step = sequence.next(extract._buffer.shift(blockSize), offset);
    } catch (error) {
      extract._continueWrite(error);
      return false;
    }
    follow(extract, step);
    return true;
  };
  extract._decodeLongHeader = (body) =>
    sequence.extend(body, extract._buffer.shifted - body.length);
  extract._final = (done) => {
    const cut = step.kind !== 'end' && (extract._missing > 0 || extract._buffer.buffered > 0);
    const unfinished = cut ? step : sequence.unfinished();
    const error =
      sourceError ??
      (unfinished && endsInside(unfinished, extract._buffer.shifted + extract._buffer.buffered));
    extract._finished = error === null;
    done(error);
  };

  function finish(error: unknown): void {
    sourceError = error;
    extract.end();
  }
  return { extract, finish };
}

/** Does with the bytes behind a header block what tar-stream's own `_consumeHeader` does. */
function follow(extract: Extract, step: TarStep): void {
  if (step.kind === 'end') {
    extract._missing = Number.POSITIVE_INFINITY;
    return;
  }
  if (step.kind === 'skip') {
    extract._missing = padded(step.bodySize);
    return;
  }
  extract._header = { size: step.bodySize, entry: step.kind === 'entry' ? step.header : null };
  extract._missing = step.bodySize;
  if (step.kind === 'extension') {
    extract._longHeader = step.bodySize > 0;
    return;
  }
  extract._locked = true;
  const stream = extract._createStream();
  if (step.bodySize > 0) extract._stream = stream;
  extract.emit('entry', extract._header, stream, extract._unlockBound);
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function entryOf(header: EntryHeader, stream: EntryStream): Entry {
  return { ...header, body: () => piecesOf(stream) };
}

/** Unlike the stream's own iterator, stopping early leaves the stream (and with it the whole archive) open. */
async function* piecesOf(stream: EntryStream): AsyncIterable<Buffer> {
  const pieces = stream[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return;
    yield value;
  }
}

async function feed(chunks: AsyncIterable<Buffer>, extract: Extract): Promise<void> {
  for await (const chunk of chunks) {
    if (extract.destroyed) return;
    if (!extract.write(chunk)) await drained(extract);
  }
}

function drained(extract: Extract): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      extract.off('drain', settle);
      extract.off('close', settle);
      resolve();
    };
    extract.on('drain', settle);
    extract.on('close', settle);
  });
}

async function* bounded(chunks: AsyncIterable<Buffer>, limit: number): AsyncIterable<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) throw new LimitExceeded(`archive has more than ${limit} bytes`);
    yield chunk;
  }
}
