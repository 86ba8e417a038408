import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { UsageError } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import { whileUnfinished } from '../../base/unfinished-files.ts';

/** Text in pieces, or all of it as bytes. */
export type Pieces = Iterable<string> | Buffer;

/**
 * A file is written under a temporary name in the same folder and then renamed, so that a reader sees the old file or
 * the new one and never half of it. A device or a pipe is written to directly.
 * Throws UsageError when the file cannot be written.
 */
export async function writeOutputFile(path: string, pieces: Pieces): Promise<void> {
  try {
    const place = await placeOf(path);
    if (place.replaceable) await replaceFile(place.path, pieces);
    else await writeTo(place.path, 'w', pieces);
  } catch (error) {
    // Errors of the file system are the user's; any other error is a bug.
    throw isSystemError(error) ? new UsageError(`cannot write ${path}: ${reasonOf(error)}`) : error;
  }
}

/** Follows a link: its target is replaced, not the link. */
async function placeOf(path: string): Promise<{ path: string; replaceable: boolean }> {
  const target = await realpath(path).catch(() => path);
  const found = await stat(target).catch(() => null);
  return { path: target, replaceable: found === null || found.isFile() };
}

async function replaceFile(path: string, pieces: Pieces): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.unfinished`;
  await whileUnfinished(temporary, async () => {
    try {
      await writeTo(temporary, 'wx', pieces);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

async function writeTo(path: string, flags: 'w' | 'wx', pieces: Pieces): Promise<void> {
  const file = await open(path, flags);
  try {
    if (Buffer.isBuffer(pieces)) await writeBytes(file, pieces);
    else for (const chunk of inChunks(pieces)) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

/** In as few calls as possible: `writeFile` writes half a megabyte at a time and takes twice as long. */
async function writeBytes(file: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
}

/** Joins small pieces: a system call each would cost more than the rendering. */
export function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
