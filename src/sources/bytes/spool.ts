import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  statfsSync,
  unlinkSync,
  write,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DamagedInput, LimitExceeded, UsageError } from '../../base/errors.ts';
import type { HeldRange } from '../../base/random-access.ts';
import { codeOf, reasonOf } from '../../base/system-error.ts';
import { fileOf, type OpenFile } from './open-file.ts';

const writeAsync = promisify(write);

export interface Spooled {
  readonly file: OpenFile;
  /** Why the stream ended too early; `file` holds what came before. */
  readonly damage: DamagedInput | null;
}

/**
 * Copies a stream into a temporary file that has no name: it is unlinked as soon as it is open, so nothing is left
 * behind however the process ends. At most `maxSize` bytes. Throws UsageError when the disk is full.
 */
export async function spool(chunks: AsyncIterable<Buffer>, maxSize: number): Promise<Spooled> {
  const descriptor = refusable(namelessFile);
  try {
    const damage = await copy(chunks, descriptor, maxSize);
    return { file: fileOf(descriptor), damage };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Of a disk for temporary files, others want some too. */
const shareOfRoom = 0.5;

/**
 * The same for at most `size` bytes that could go elsewhere as well: null where they take too much of the room for temporary
 * files, or there is none. Throws what the stream throws.
 */
export async function spoolWhereRoom(
  chunks: AsyncIterable<Buffer>,
  size: number,
): Promise<HeldRange | null> {
  if (size > shareOfRoom * room()) return null;
  const { file, damage } = await spool(chunks, size);
  const held = file.hold();
  file.close();
  if (damage === null) return held;
  held.release();
  throw damage;
}

/** Bytes that this process may put into temporary files. */
function room(): number {
  try {
    accessSync(tmpdir(), constants.W_OK);
    const { bavail, bsize } = statfsSync(tmpdir());
    return bavail * bsize;
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return 0;
  }
}

/** Bytes of the process's standard input, which like any pipe may be read but once. */
export async function standardInput(): Promise<AsyncIterable<Buffer>> {
  const descriptor = 0;
  const stats = fstatSync(descriptor);
  // A pipe or socket may be in non-blocking mode, where a plain read fails with EAGAIN instead of waiting.
  if (stats.isFIFO() || stats.isSocket()) {
    const { Socket } = await import('node:net');
    return new Socket({ fd: descriptor, readable: true, writable: false });
  }
  return createReadStream('', { fd: descriptor, autoClose: false, highWaterMark: 1024 * 1024 });
}

async function copy(
  chunks: AsyncIterable<Buffer>,
  descriptor: number,
  maxSize: number,
): Promise<DamagedInput | null> {
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxSize) return new LimitExceeded(`the archive is larger than ${maxSize} bytes`);
      await writeWhole(descriptor, chunk);
    }
    return null;
  } catch (error) {
    if (error instanceof DamagedInput) return error;
    throw error;
  }
}

function namelessFile(): number {
  const path = join(tmpdir(), `hullcheck-${randomUUID()}`);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  const descriptor = openSync(path, flags, 0o600);
  unlinkSync(path);
  return descriptor;
}

async function writeWhole(descriptor: number, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const left = chunk.length - at;
    const written = await writeAsync(descriptor, chunk, at, left).catch(refused);
    at += written.bytesWritten;
  }
}

function refusable<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): never {
  if (codeOf(error) === '') throw error;
  throw new UsageError(`cannot keep an unpacked archive in ${tmpdir()}: ${reasonOf(error)}`);
}
