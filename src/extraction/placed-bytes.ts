import { createHash, hash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { UnreadablePart } from '../base/errors.ts';
import type { OtherAlgorithm } from '../base/package-managers.ts';
import { unreadable } from '../base/system-error.ts';
import { memoryToScan, placeSize } from '../byte-scan/scan-in-windows.ts';
import { type Bytes, bytesFrom, bytesOf } from '../elf/reading/bytes.ts';
import type { InFile, Place } from './elf-content.ts';
import type { Digests } from './extraction.ts';
import { RunningDigests } from './running-digests.ts';

/** The bytes at a place. */
export interface PlacedBytes {
  readonly bytes: Bytes;
  /** The requested digests that none of the `known` files with this SHA-256 has: MD5 costs more than most facts. */
  digests(known?: readonly Digests[]): Digests;
}

/**
 * The same for the same range of one file that was not changed in between: its inode, with the times of its last change. null
 * where the bytes lie in memory, or the system does not say.
 */
export function identityOf(place: Place): string | null {
  if (place.kind !== 'file') return null;
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(place.descriptor, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs, place.offset, place.length].join(' ');
  } catch {
    return null;
  }
}

/** Up to here a file is read whole: that is one call, and most of it is looked at anyway. */
const wholeSize = 4 * 1024 * 1024;

/**
 * What a thread sees of a file until it looks at the next one: memory is used again. Throws UnreadablePart, from the
 * reads as well, when there are fewer bytes in the file than there were.
 */
export function placedBytes(place: Place): PlacedBytes {
  if (place.kind === 'memory')
    return inMemory(Buffer.from(place.memory, place.offset, place.length), place);
  return place.length <= wholeSize ? inMemory(readWhole(place), place) : inFile(place);
}

function inMemory(buffer: Buffer, { digests }: Place): PlacedBytes {
  return {
    bytes: bytesOf(buffer),
    digests: (known = []) => {
      const sha256 = hash('sha256', buffer);
      const names = unknownOf(digests, sha256, known);
      return {
        sha256,
        others: Object.fromEntries(names.map((name) => [name, hash(name, buffer)])),
      };
    },
  };
}

function unknownOf(
  wanted: readonly OtherAlgorithm[],
  sha256: string,
  known: readonly Digests[],
): readonly OtherAlgorithm[] {
  const others = known.find((each) => each.sha256 === sha256)?.others ?? {};
  return wanted.filter((name) => others[name] === undefined);
}

/** Where the scanner looks at it without a copy; what is larger is not kept. */
function memoryOf(length: number): Buffer {
  return length > placeSize ? Buffer.allocUnsafeSlow(length) : memoryToScan(length);
}

function readWhole(place: InFile): Buffer {
  return fill(place, 0, memoryOf(place.length));
}

/** Small reads go through blocks, of which the last ones are kept. */
const blockSize = 64 * 1024;
const keptBlocks = 64;

function inFile(place: InFile): PlacedBytes {
  const blocks = new Map<number, Buffer>();
  readSize = 0;

  function block(at: number): Buffer {
    const known = blocks.get(at) ?? readNew(place, at, Math.min(blockSize, place.length - at));
    blocks.delete(at);
    blocks.set(at, known);
    for (const oldest of blocks.size > keptBlocks ? blocks.keys() : []) {
      blocks.delete(oldest);
      break;
    }
    return known;
  }

  const read = (offset: number, length: number) => {
    const start = offset % blockSize;
    if (start + length > blockSize) return readNew(place, offset, length);
    return block(offset - start).subarray(start, start + length);
  };
  let running: RunningDigests | null = null;
  const glance = (offset: number, length: number) => {
    if (length < worthDigesting) return fill(place, offset, memoryOf(length));
    running ??= new RunningDigests(place.digests);
    const gap = offset - running.until;
    if (gap > 0 && gap <= mostBetween) digestUntil(place, running, offset);
    const seen = fill(place, offset, memoryOf(length));
    running.take(offset, seen);
    return seen;
  };
  const bytes = bytesFrom(place.length, read, glance);
  return {
    bytes,
    digests: (known = []) =>
      running === null ? digestsInFile(place, known) : restOfDigests(place, running, known),
  };
}

/**
 * What is read of a large file, from its beginning to its end, is digested before something else is read. It is not read once more
 * for that; only so much between two passes is.
 */
const mostBetween = 1024 * 1024;
const worthDigesting = 64 * 1024;

/** What a core keeps near while every algorithm has its turn. */
const pieceSize = 256 * 1024;

function digestUntil(place: InFile, running: RunningDigests, end: number): void {
  while (running.until < end) {
    const at = running.until;
    running.take(at, fill(place, at, memoryOf(Math.min(pieceSize, end - at))));
  }
}

function restOfDigests(place: InFile, running: RunningDigests, known: readonly Digests[]): Digests {
  digestUntil(place, running, place.length);
  const { sha256, others } = running.digests();
  const names = unknownOf(place.digests, sha256, known);
  return { sha256, others: Object.fromEntries(names.map((name) => [name, others[name]])) };
}

function digestsInFile(place: InFile, known: readonly Digests[]): Digests {
  // Where it may be known it is read again for what is not known of it.
  const atOnce = known.length === 0 ? place.digests : [];
  const { sha256 = '', ...others } = hashed(place, ['sha256', ...atOnce]);
  const names = unknownOf(place.digests, sha256, [...known, { sha256, others }]);
  return { sha256, others: names.length === 0 ? others : hashed(place, names) };
}

function hashed<Name extends string>(
  place: InFile,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const hashes = names.map((name) => [name, createHash(name)] as const);
  for (let at = 0; at < place.length; at += pieceSize) {
    const piece = fill(place, at, memoryOf(Math.min(pieceSize, place.length - at)));
    for (const [, each] of hashes) each.update(piece);
  }
  // The requested names.
  return Object.fromEntries(hashes.map(([name, each]) => [name, each.digest('hex')])) as Partial<
    Record<Name, string>
  >;
}

/** Of this thread: new memory costs the system more than what is read into it. */
const keptSize = 4 * 1024 * 1024;
let kept = Buffer.alloc(0);
/** How much of it this file has. */
let readSize = 0;

function readNew(place: InFile, offset: number, length: number): Buffer {
  if (length > keptSize - readSize) return fill(place, offset, Buffer.allocUnsafeSlow(length));
  if (kept.length === 0) kept = Buffer.allocUnsafeSlow(keptSize);
  const start = readSize;
  readSize += length;
  return fill(place, offset, kept.subarray(start, readSize));
}

/** Fills the buffer with what begins at `from` of the place. Throws UnreadablePart. */
export function fill(
  { descriptor, offset, length }: Pick<InFile, 'descriptor' | 'offset' | 'length'>,
  from: number,
  buffer: Buffer,
): Buffer {
  for (let filled = 0; filled < buffer.length; ) {
    const position = offset + from + filled;
    const count = readInto(descriptor, buffer, filled, position);
    if (count === 0)
      throw new UnreadablePart(
        `the file was cut to ${position - offset} of ${length} bytes while it was read`,
      );
    filled += count;
  }
  return buffer;
}

function readInto(descriptor: number, buffer: Buffer, at: number, position: number): number {
  try {
    return readSync(descriptor, buffer, at, buffer.length - at, position);
  } catch (error) {
    return unreadable(error);
  }
}
