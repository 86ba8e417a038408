import { LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { type Entry, type EntryHeader, type EntryWalk, withAccessList } from '../entry.ts';
import { emptyEntry } from './empty-entry.ts';
import { expand, type HoleBudget } from './sparse.ts';
import type { EntryStream, Extract, TarExtract } from './tar-extract.ts';
import type { EntryStep } from './tar-sequence.ts';

/**
 * Entries of an uncompressed tar that arrives as a stream. Everything that could be read is yielded before an error of
 * `chunks` or of the archive is thrown. The bytes behind the end-of-archive marker are read, so that a digest over
 * `chunks` is complete. Stopping early closes `chunks`. Throws MalformedInput, LimitExceeded, and what `chunks` throws.
 */
export async function* tarEntries(chunks: AsyncIterable<Buffer>, limits: Limits): EntryWalk {
  // tar-stream and its streams are only loaded where there is a stream.
  const { TarExtract } = await import('./tar-extract.ts');
  const archive = new TarExtract(limits);
  const { extract } = archive;
  const feeding = feed(bounded(chunks, limits.maxLayerSize), extract).then(
    () => archive.finish(null),
    (error: unknown) => archive.finish(error),
  );
  let failure: unknown = null;
  const entryOf = entriesWithin({ left: limits.maxLayerSize });
  try {
    try {
      for await (const stream of extract) {
        const { before, entry } = stream.header;
        for (const { step, body } of before) yield entryOf(step, () => once(body));
        if (entry) yield entryOf(entry, () => piecesOf(stream, archive));
        stream.resume();
      }
    } catch (error) {
      failure = error;
    }
    for (const { step, body } of archive.takeWhole()) yield entryOf(step, () => once(body));
    if (failure !== null) throw failure;
  } finally {
    extract.destroy();
    await feeding;
  }
}

function entriesWithin(holes: HoleBudget) {
  return ({ header, sparse }: EntryStep, body: Entry['body']): Entry =>
    sparse === null
      ? entryWith(header, body)
      : { ...header, body: () => expand(body(), sparse, header.size, holes) };
}

/** An unsupported entry has bytes in the archive, and no body. */
function entryWith(header: EntryHeader, body: Entry['body']): Entry {
  if (header.size === 0) return emptyEntry(header);
  const { path, type, size, mode, uid, gid, linkTarget, capability, accessList } = header;
  const entry = { path, type, size, mode, uid, gid, linkTarget, capability, body };
  return withAccessList(entry, accessList);
}

async function* once(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}

/**
 * Unlike the stream's own iterator, stopping early leaves the stream (and with it the whole archive) open, and a stream
 * that ended before it was read says why.
 */
async function* piecesOf(stream: EntryStream, archive: TarExtract): AsyncIterable<Buffer> {
  const pieces = stream[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await pieces.next().catch((error: unknown) => {
      throw archive.failure ?? error;
    });
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
