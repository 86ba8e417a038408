import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  read as readCallback,
  readSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { type HeldRange, partOf, type RandomAccess } from '../../base/random-access.ts';
import { unreadable } from '../../base/system-error.ts';

const readAsync = promisify(readCallback);

/** A file by its descriptor. The name it was opened by may be gone. */
export interface OpenFile extends RandomAccess {
  readonly stats: Stats;
  hold(): HeldRange;
  /** Safe to call twice. What is held stays open until it is released. */
  close(): void;
}

/**
 * Opens for reading; never waits for the other end of a FIFO. `links` says whether the last part of the path may be
 * a symbolic link. Throws the system's error (ENOENT, EACCES, ELOOP ...).
 */
export function openFile(path: string | Buffer, links: 'follow' | 'refuse'): OpenFile {
  const noFollow = links === 'refuse' ? constants.O_NOFOLLOW : 0;
  return fileOf(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | noFollow));
}

/** Takes the descriptor over: closing the result closes it, and so does a failure here. */
export function fileOf(descriptor: number): OpenFile {
  /** Closing counts as one user less. */
  let users = 1;
  let closed = false;
  const leave = () => {
    users -= 1;
    if (users === 0) closeSync(descriptor);
  };
  const close = () => {
    if (!closed) leave();
    closed = true;
  };
  const stats = statOrClose(descriptor, close);
  const { size } = stats;
  const bytes = bytesOf(descriptor, size);
  const hold = () => {
    users += 1;
    return { descriptor, offset: 0, length: size, bytes, release: leave };
  };
  return { ...bytes, stats, hold, close };
}

/** A range of a file that somebody else has open, and keeps open as long as this is used. */
export function borrowedFile(range: Pick<HeldRange, 'descriptor' | 'offset' | 'length'>) {
  const { descriptor, offset, length } = range;
  const size = offset + length;
  const bytes = bytesOf(descriptor, size);
  const hold = () => ({ descriptor, offset: 0, length: size, bytes, release: () => {} });
  return { ...partOf({ ...bytes, hold }, offset, length), close: () => {} };
}

function bytesOf(descriptor: number, size: number): RandomAccess {
  const read = (offset: number, length: number) =>
    readWhole(descriptor, offset, Math.max(0, Math.min(length, size - offset))).catch(unreadable);
  return { size, read, stream: (offset, length) => pieces(read, offset, length) };
}

function statOrClose(descriptor: number, close: () => void): Stats {
  try {
    return fstatSync(descriptor);
  } catch (error) {
    close();
    throw error;
  }
}

/** Up to here a read costs less than handing it to another thread. */
const maxDirectRead = 128 * 1024;

/** Reads at a position in the file; 0 at its end. Throws UnreadablePart. */
export async function readInto(
  descriptor: number,
  into: Buffer,
  position: number,
): Promise<number> {
  const { bytesRead } = await readAsync(descriptor, into, 0, into.length, position).catch(
    unreadable,
  );
  return bytesRead;
}

const lentPiece = 64 * 1024;

/**
 * The bytes of a range in order, each piece in the memory of the one before: it is valid until the next one is
 * requested. This saves new memory for every byte, for readers that are done with it by then.
 */
export async function* lentPieces(
  range: Pick<HeldRange, 'descriptor' | 'offset' | 'length'>,
): AsyncGenerator<Buffer, void, undefined> {
  const { descriptor, offset, length } = range;
  const memory = Buffer.allocUnsafeSlow(Math.min(lentPiece, length));
  for (let at = 0; at < length; ) {
    const most = Math.min(memory.length, length - at);
    const count = readDirectly(descriptor, memory, most, offset + at);
    // Someone cut the file after it was opened.
    if (count === 0) return;
    at += count;
    yield memory.subarray(0, count);
  }
}

function readDirectly(descriptor: number, into: Buffer, length: number, position: number): number {
  try {
    return readSync(descriptor, into, 0, length, position);
  } catch (error) {
    return unreadable(error);
  }
}

async function readWhole(descriptor: number, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const rest = length - filled;
    const count =
      rest <= maxDirectRead
        ? readSync(descriptor, buffer, filled, rest, offset + filled)
        : (await readAsync(descriptor, buffer, filled, rest, offset + filled)).bytesRead;
    // Someone cut the file after it was opened.
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

const maxPiece = 1024 * 1024;

/** Small pieces first, for readers that only want to see what a file is; soon large ones, for decompressors. */
async function* pieces(
  read: (offset: number, length: number) => Promise<Buffer>,
  offset: number,
  length: number,
): AsyncGenerator<Buffer, void, undefined> {
  const end = offset + length;
  let piece = 4096;
  for (let at = offset; at < end; ) {
    const chunk = await read(at, Math.min(piece, end - at));
    if (chunk.length === 0) return;
    at += chunk.length;
    piece = Math.min(piece * 16, maxPiece);
    yield chunk;
  }
}
