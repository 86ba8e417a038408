import { findZipEnd, zipEndIn, zipTailSize } from '../../archive/zip/zip-end.ts';
import { DamagedInput, UnsupportedFormat } from '../../base/errors.ts';
import { type RandomAccess, withEnds } from '../../base/random-access.ts';
import { isUnreadTrailer } from '../../unread/unread.ts';
import { squashfsBehind } from '../appimage.ts';
import { unreadBehindElf } from './behind-elf.ts';
import { archiveInScript } from './script.ts';

const elf = '\x7fELF';

/** Programs and scripts that unpack or start what is behind them; a `jmod` of Java and an extension of Chromium are zips. */
const carriers: readonly string[] = ['#!', 'MZ', 'JM\x01', 'Cr24', elf];

export function isCarrier(head: Buffer): boolean {
  return carriers.some((magic) => head.toString('latin1', 0, magic.length) === magic);
}

/** Of a file that begins with nothing that carries others: further back than this, comments and trailers are rare. */
const usualTail = 4096;

/** Of one that does: the tables of an ELF file begin there, and are looked at again and again. */
const usualHead = 4096;

/** As Nesting has it. */
export async function carries(file: RandomAccess): Promise<boolean> {
  try {
    const head = await file.read(0, usualHead);
    const isOne = isCarrier(head);
    const start = Math.max(0, file.size - (isOne ? zipTailSize : usualTail));
    const tail = await file.read(start, file.size - start);
    if (!isOne) {
      if (isUnreadTrailer(tail)) return true;
      return zipEndIn(tail) && (await findZipEnd(file)) !== null;
    }
    const bytes = withEnds(file, head, tail, start);
    if ((await findZipEnd(bytes)) !== null) return true;
    if (head.toString('latin1', 0, elf.length) === elf)
      return (await squashfsBehind(bytes)) !== null || (await unreadBehindElf(bytes)) !== null;
    return (await archiveInScript(bytes)) !== null;
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}

/** As Nesting has it. */
export function lostBehind(tail: Buffer, size: number): DamagedInput | null {
  if (!zipEndIn(tail) && !isUnreadTrailer(tail)) return null;
  return new UnsupportedFormat(
    `it ends as an archive does, in a stream of ${size} bytes whose beginning is not kept: the archive was not read`,
  );
}
