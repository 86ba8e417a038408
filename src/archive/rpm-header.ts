import { MalformedInput } from '../base/errors.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { decodeName } from '../base/text.ts';

/** A table of tags with their values, which lie behind it. */
export interface RpmHeader {
  readonly index: Buffer;
  /** Where its data begin, and where they end. */
  readonly data: number;
  readonly end: number;
}

const headerMagic = Buffer.from('8eade801', 'hex');
const introSize = 16;
const recordSize = 16;

/** As rpm itself limits it (lib/header.c): no more is ever written. */
const maxRecords = 0xffff;

export async function readHeader(
  file: RandomAccess,
  at: number,
  title: string,
): Promise<RpmHeader> {
  const intro = await file.read(at, introSize);
  if (intro.length < introSize || !intro.subarray(0, 4).equals(headerMagic)) {
    throw new MalformedInput(`no rpm ${title} begins at offset ${at}, expected 8eade801`);
  }
  const records = intro.readUInt32BE(8);
  const size = intro.readUInt32BE(12);
  const data = at + introSize + records * recordSize;
  if (records > maxRecords || data + size > file.size) {
    throw new MalformedInput(
      `the rpm ${title} at offset ${at} has ${records} records and ${size} bytes, expected at most ${maxRecords} records and the end at ${file.size}`,
    );
  }
  const index = await file.read(at + introSize, records * recordSize);
  return { index, data, end: data + size };
}

/** Of the values of a tag (rpm's lib/rpmtag.h). */
export const types = { int16: 3, int32: 4, int64: 5, string: 6, strings: 8 };

/** Names and versions are short; more is not read. */
const maxText = 256;

export async function textOf(
  file: RandomAccess,
  header: RpmHeader,
  tag: number,
): Promise<string | null> {
  const at = placeOf(header, tag, types.string);
  if (at === null) return null;
  const bytes = await file.read(at, Math.min(maxText, header.end - at));
  const end = bytes.indexOf(0);
  if (end < 0) throw new MalformedInput(`rpm tag ${tag} at offset ${at} does not end with NUL`);
  return decodeName(bytes.subarray(0, end));
}

export async function numberOf(
  file: RandomAccess,
  header: RpmHeader,
  tag: number,
): Promise<number | null> {
  const at = placeOf(header, tag, types.int32);
  if (at === null) return null;
  const bytes = await file.read(at, Math.min(4, header.end - at));
  if (bytes.length < 4) throw new MalformedInput(`rpm tag ${tag} at offset ${at} is cut`);
  return bytes.readUInt32BE(0);
}

/** Offset of a tag's data in the file. */
function placeOf(header: RpmHeader, tag: number, type: number): number | null {
  return valuesOf(header, tag, type)?.place ?? null;
}

/** Offset in the file of a tag's values, and how many there are by the header's account; null: there are none. */
export function valuesOf(
  { index, data, end }: RpmHeader,
  tag: number,
  type: number,
): { readonly place: number; readonly count: number } | null {
  for (let at = 0; at < index.length; at += recordSize) {
    if (index.readUInt32BE(at) !== tag || index.readUInt32BE(at + 4) !== type) continue;
    const place = data + index.readUInt32BE(at + 8);
    if (place < end) return { place, count: index.readUInt32BE(at + 12) };
    throw new MalformedInput(`rpm tag ${tag} lies at ${place}, behind its header's end ${end}`);
  }
  return null;
}

export function hasTag({ index }: RpmHeader, tag: number): boolean {
  for (let at = 0; at < index.length; at += recordSize)
    if (index.readUInt32BE(at) === tag) return true;
  return false;
}
