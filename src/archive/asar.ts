import { LimitExceeded, MalformedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { RandomAccess } from '../base/random-access.ts';

/** The list of an asar, and where the bytes of its files begin. */
export interface AsarHead {
  readonly json: Buffer;
  readonly start: number;
}

const introSize = 16;

/** Whether a file begins as an archive of Electron does: a size of four bytes, and a list of files in JSON. */
export function isAsar(head: Buffer): boolean {
  return head[0] === 4 && /^\x04\0\0\0.{12}\{"files":/s.test(head.toString('latin1', 0, 25));
}

/** Two pickles of Chromium: the size of the second one, and in that the list (@electron/asar, src/disk.ts). Throws MalformedInput. */
export async function readAsarHead(
  file: RandomAccess,
  { maxDocumentSize }: Limits,
): Promise<AsarHead> {
  const intro = await file.read(0, introSize);
  const size = intro.readUInt32LE(12);
  const start = 8 + intro.readUInt32LE(4);
  if (size > maxDocumentSize)
    throw new LimitExceeded(
      `the list of the asar has ${size} bytes, the limit is ${maxDocumentSize}`,
    );
  if (introSize + size > start || start > file.size)
    throw new MalformedInput(
      `the list of the asar has ${size} bytes and its files begin at ${start}, the archive has ${file.size} bytes`,
    );
  return { json: await file.read(introSize, size), start };
}
