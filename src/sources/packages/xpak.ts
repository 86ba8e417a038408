import { MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';

const introSize = 16;
const trailerSize = 16;

/**
 * Where the xpak begins that stands at the end of a file (xpak(5)): `XPAKPACK`, an index, the values, `XPAKSTOP`, then its size
 * and `STOP`. null: there is none.
 */
export async function xpakAt(file: RandomAccess): Promise<number | null> {
  if (file.size < introSize + trailerSize) return null;
  const trailer = await file.read(file.size - trailerSize, trailerSize);
  if (!/^XPAKSTOP[\s\S]{4}STOP$/.test(trailer.toString('latin1'))) return null;
  const start = file.size - 8 - trailer.readUInt32BE(8);
  if (start < 0) return null;
  const magic = await file.read(start, 8);
  return magic.toString('latin1') === 'XPAKPACK' ? start : null;
}

/** The value of this name; null: there is none. Throws MalformedInput. */
export async function readXpak(
  file: RandomAccess,
  start: number,
  wanted: string,
  { maxDocumentSize }: Limits,
): Promise<Buffer | null> {
  const intro = await file.read(start, introSize);
  const size = intro.readUInt32BE(8);
  const values = start + introSize + size;
  if (size > maxDocumentSize || values + intro.readUInt32BE(12) > file.size)
    throw new MalformedInput(
      `the index of the xpak at ${start} has ${size} bytes, which is too much`,
    );
  const index = await file.read(start + introSize, size);
  for (let at = 0; at + 4 <= index.length; ) {
    const end = at + 4 + index.readUInt32BE(at);
    if (end + 8 > index.length) break;
    const place = values + index.readUInt32BE(end);
    const length = index.readUInt32BE(end + 4);
    const isWanted = index.toString('latin1', at + 4, end) === wanted;
    if (isWanted && length <= maxDocumentSize && place + length <= file.size)
      return file.read(place, length);
    at = end + 8;
  }
  return null;
}
