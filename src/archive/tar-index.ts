import type { Limits } from '../limits.ts';
import type { Entry, EntryHeader, EntryWalk } from './entry.ts';
import { type HeldRange, partOf, type RandomAccess } from './random-access.ts';
import { blockSize } from './tar-header.ts';
import { endsInside, TarSequence, type TarStep } from './tar-sequence.ts';

/** Where the body of an entry lies in the archive. */
export interface IndexedEntry extends EntryHeader {
  readonly bodyOffset: number;
}

/** The headers of an uncompressed tar that can be read at any place; bodies are never read. Throws as `walkIndex`. */
export async function indexTar(
  file: RandomAccess,
  limits: Limits,
): Promise<readonly IndexedEntry[]> {
  const entries: IndexedEntry[] = [];
  for await (const entry of walkIndex(file, limits)) entries.push(entry);
  return entries;
}

/**
 * As `indexTar`, but gives each entry as soon as its header is read: of a damaged archive, everything before the damage.
 * Throws MalformedArchive, LimitExceeded.
 */
export async function* walkIndex(file: RandomAccess, limits: Limits): AsyncIterable<IndexedEntry> {
  const sequence = new TarSequence(limits);
  const headers = windowOver(file);
  let step: TarStep = { kind: 'skip', bodySize: 0 };
  let offset = 0;
  while (offset < file.size) {
    if (offset + blockSize > file.size) throw endsInside('a header', file.size);
    step = sequence.next(
      headers.at(offset, blockSize) ?? (await headers.load(offset, blockSize)),
      offset,
    );
    if (step.kind === 'end') return;
    const bodyOffset = offset + blockSize;
    offset = bodyOffset + Math.ceil(step.bodySize / blockSize) * blockSize;
    if (step.kind === 'entry') yield { ...step.header, bodyOffset };
    if (offset > file.size) throw endsInside(step, file.size);
    if (step.kind === 'extension' && step.bodySize > 0) {
      const { bodySize } = step;
      sequence.extend(
        headers.at(bodyOffset, bodySize) ?? (await headers.load(bodyOffset, bodySize)),
        bodyOffset,
      );
    }
  }
  const unfinished = sequence.unfinished();
  if (unfinished) throw endsInside(unfinished, file.size);
}

/** A walk over entries whose headers are known, or are read as the walk goes on (`walkIndex`). */
export async function* indexedEntries(
  file: RandomAccess,
  entries: Iterable<IndexedEntry> | AsyncIterable<IndexedEntry>,
): EntryWalk {
  for await (const entry of entries) yield withBody(file, entry);
}

function withBody(file: RandomAccess, entry: IndexedEntry): Entry {
  const { bodyOffset, ...header } = entry;
  const body = () => bodyOf(file, entry, bodyOffset);
  if (file.hold === undefined) return { ...header, body };
  return { ...header, body, hold: () => holdBody(file, bodyOffset, header.size) };
}

/** null: the archive ends inside it. */
function holdBody(file: RandomAccess, offset: number, size: number): HeldRange | null {
  const whole = offset + size <= file.size;
  return whole ? (partOf(file, offset, size).hold?.() ?? null) : null;
}

async function* bodyOf(
  file: RandomAccess,
  header: EntryHeader,
  offset: number,
): AsyncIterable<Buffer> {
  yield* file.stream(offset, header.size);
  if (offset + header.size > file.size) {
    throw endsInside({ kind: 'entry', header, bodySize: header.size }, file.size);
  }
}

const smallWindow = 4 * 1024;
const largeWindow = 512 * 1024;

/**
 * Bytes read ahead. The window grows while headers follow each other closely, so that many small entries cost few
 * reads, and shrinks behind a large body, so that it is not read for nothing.
 */
function windowOver(file: RandomAccess) {
  let start = 0;
  let bytes: Buffer = Buffer.alloc(0);
  let size = smallWindow;
  return {
    at(offset: number, length: number): Buffer | null {
      const from = offset - start;
      return from >= 0 && from + length <= bytes.length
        ? bytes.subarray(from, from + length)
        : null;
    },
    async load(offset: number, length: number): Promise<Buffer> {
      const close = offset - (start + bytes.length) < size;
      size = close ? Math.min(size * 4, largeWindow) : smallWindow;
      bytes = await file.read(offset, Math.max(size, length));
      start = offset;
      return bytes.subarray(0, length);
    },
  };
}
