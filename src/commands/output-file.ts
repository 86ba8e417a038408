// supporting: how a command writes a file
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { UsageError } from '../errors.ts';

/** Files begun and not yet in their place. */
const unfinished = new Set<string>();

/**
 * Writes to a temporary name in the same folder and renames it, so that a reader sees the old file or the new one
 * and never half of it. Throws UsageError when the file cannot be written.
 */
export async function writeOutputFile(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.unfinished`;
  unfinished.add(temporary);
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const chunk of inChunks(pieces)) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // Only the file system's own errors are the user's; another one is a bug of the rendering.
    throw isSystemError(error) ? new UsageError(`cannot write ${path}: ${error.message}`) : error;
  } finally {
    unfinished.delete(temporary);
  }
}

/** For the moment before a signal ends the run. */
export function removeUnfinishedFiles(): void {
  for (const path of unfinished) rmSync(path, { force: true });
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
