// supporting: the content of one file of a directory
import type { Stats } from 'node:fs';
import { UnreadablePart } from '../errors.ts';
import { type OpenFile, openFile } from './open-file.ts';
import { codeOf, reasonOf } from './system-error.ts';

/**
 * Opens when the first piece is asked for, and closes however reading ends. What cannot be read is told to `failed`
 * and left out, so one file without permission does not end the walk over the others. Only the regular file that `seen`
 * describes is read: a link that took its place since is not opened, and nothing else that did is read.
 */
export async function* fileBody(
  path: Buffer,
  seen: Stats,
  failed: (message: string) => void,
): AsyncGenerator<Buffer, void, undefined> {
  let file: OpenFile | undefined;
  try {
    file = openFile(path, 'refuse');
    const { stats } = file;
    if (!stats.isFile() || stats.ino !== seen.ino || stats.dev !== seen.dev) {
      failed('it was replaced while the directory was read');
      return;
    }
    let size = 0;
    for await (const piece of file.stream(0, seen.size)) {
      size += piece.length;
      yield piece;
    }
    if (size < seen.size) failed(`it was cut to ${size} bytes while it was read`);
  } catch (error) {
    if (error instanceof UnreadablePart) failed(error.message);
    else if (codeOf(error) !== '') failed(reasonOf(error));
    else throw error;
  } finally {
    file?.close();
  }
}
