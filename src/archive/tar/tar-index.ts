import type { Limits } from '../../base/limits.ts';
import { type HeldRange, partOf, type RandomAccess } from '../../base/random-access.ts';
import { type Entry, type EntryHeader, type EntryWalk, withAccessList } from '../entry.ts';
import { emptyEntry } from './empty-entry.ts';
import { expand, type HoleBudget, type Sparse } from './sparse.ts';
import { blockSize } from './tar-header.ts';
import { type EntryStep, endsInside, TarSequence } from './tar-sequence.ts';

/** Where the body of an entry lies in the archive. */
export interface IndexedEntry extends EntryHeader {
  readonly bodyOffset: number;
  /** Absent: the body is the content. */
  readonly sparse?: Sparse;
}

/** The headers of an uncompressed tar that can be read at any place; bodies are never read. Throws as `walkIndex`. */
export async function indexTar(
  file: RandomAccess,
  limits: Limits,
): Promise<readonly IndexedEntry[]> {
  const entries: IndexedEntry[] = [];
  for await (const read of walkIndex(file, limits)) for (const entry of read) entries.push(entry);
  return entries;
}

/**
 * As `indexTar`, but gives entries as soon as their headers are read, those together that were read at once: of a damaged
 * archive, everything before the damage. Throws MalformedInput, LimitExceeded.
 */
export async function* walkIndex(
  file: RandomAccess,
  limits: Limits,
): AsyncIterable<readonly IndexedEntry[]> {
  const sequence = new TarSequence(limits);
  const headers = windowOver(file);
  let read: IndexedEntry[] = [];
  let offset = 0;
  try {
    while (offset < file.size) {
      if (offset + blockSize > file.size) throw endsInside('a header', file.size);
      let block = headers.at(offset, blockSize);
      if (block === null) {
        yield read;
        read = [];
        block = await headers.load(offset, blockSize);
      }
      const step = sequence.next(block, offset);
      if (step.kind === 'end') break;
      const bodyOffset = offset + blockSize;
      offset = bodyOffset + Math.ceil(step.bodySize / blockSize) * blockSize;
      if (step.kind === 'entry') read.push(indexed(step, bodyOffset));
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
  } catch (error) {
    yield read;
    throw error;
  }
  yield read;
}

/** Written out: spreading is several times slower, and this is done for every entry. */
function indexed({ header, sparse }: EntryStep, bodyOffset: number): IndexedEntry {
  const { path, type, size, mode, uid, gid, linkTarget, capability, accessList } = header;
  const entry = { path, type, size, mode, uid, gid, linkTarget, capability, bodyOffset };
  const whole = withAccessList(entry, accessList);
  return sparse === null ? whole : { ...whole, sparse };
}

/** A walk over the entries of such a tar. Throws as `walkIndex`. */
export async function* indexedEntries(file: RandomAccess, limits: Limits): EntryWalk {
  const holes = { left: limits.maxLayerSize };
  for await (const read of walkIndex(file, limits))
    for (const entry of read)
      yield entry.sparse === undefined
        ? withBody(file, entry)
        : expanded(file, entry, entry.sparse, holes);
}

function expanded(
  file: RandomAccess,
  entry: IndexedEntry,
  sparse: Sparse,
  holes: HoleBudget,
): Entry {
  const { bodyOffset, sparse: _, ...header } = entry;
  const stored = { ...header, size: sparse.stored };
  return {
    ...header,
    body: () => expand(bodyOf(file, stored, bodyOffset), sparse, header.size, holes),
  };
}

function withBody(file: RandomAccess, entry: IndexedEntry): Entry {
  if (entry.size === 0) return emptyEntry(entry);
  const { path, type, size, mode, uid, gid, linkTarget, capability, accessList, bodyOffset } =
    entry;
  const body = () => bodyOf(file, entry, bodyOffset);
  const plain = { path, type, size, mode, uid, gid, linkTarget, capability, body };
  const walked = withAccessList(plain, accessList);
  return file.hold === undefined
    ? walked
    : { ...walked, hold: () => holdBody(file, bodyOffset, size) };
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
    throw endsInside({ kind: 'entry', header, bodySize: header.size, sparse: null }, file.size);
  }
}

const smallWindow = 4 * 1024;
const largeWindow = 128 * 1024;

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
