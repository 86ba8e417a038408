import type { Stats } from 'node:fs';
import { UnreadablePart } from '../../base/errors.ts';
import type { HeldRange } from '../../base/random-access.ts';
import { codeOf, reasonOf } from '../../base/system-error.ts';
import { type OpenFile, openFile } from './open-file.ts';

type Failed = (message: string) => void;

/**
 * Opens when the first piece is read, and closes however reading ends. What cannot be read is reported to `failed` and
 * left out, so one file without permission does not end the walk over the others.
 */
export async function* fileBody(
  path: Buffer,
  seen: Stats,
  failed: Failed,
): AsyncGenerator<Buffer, void, undefined> {
  const file = openSame(path, seen, failed);
  if (file === null) return;
  try {
    let size = 0;
    for await (const piece of file.stream(0, seen.size)) {
      size += piece.length;
      yield piece;
    }
    if (size < seen.size) failed(`it was cut to ${size} bytes while it was read`);
  } catch (error) {
    if (!(error instanceof UnreadablePart)) throw error;
    failed(error.message);
  } finally {
    file.close();
  }
}

/** The same for reading at any place; null when it is not there whole, which `fileBody` reports. */
export function holdFile(path: Buffer, seen: Stats): HeldRange | null {
  const file = openSame(path, seen, () => {});
  if (file === null) return null;
  const held = file.size < seen.size ? null : { ...file.hold(), length: seen.size };
  file.close();
  return held;
}

/** Only the regular file that `seen` describes: a link that took its place since is not opened, and nothing else that did is read. */
function openSame(path: Buffer, seen: Stats, failed: Failed): OpenFile | null {
  try {
    const file = openFile(path, 'refuse');
    const { stats } = file;
    if (stats.isFile() && stats.ino === seen.ino && stats.dev === seen.dev) return file;
    file.close();
    failed('it was replaced while the directory was read');
  } catch (error) {
    if (codeOf(error) === '') throw error;
    failed(reasonOf(error));
  }
  return null;
}
