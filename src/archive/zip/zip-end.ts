import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';

/** Where the central directory of a zip archive is, and what lies around the archive. */
export interface ZipEnd {
  readonly count: number;
  /** Of the directory, in bytes. */
  readonly size: number;
  /** Of the directory, as the archive counts. */
  readonly offset: number;
  /** Bytes in front of the archive that its offsets do not count, as in a self-extracting one. */
  readonly shift: number;
  /** Bytes of the file behind the archive and its comment. */
  readonly behind: number;
}

const endSize = 22;
const endSignature = Buffer.from('PK\x05\x06', 'latin1');
const recordSignature = Buffer.from('PK\x01\x02', 'latin1');
const recordSize = 46;
const longestComment = 0xffff;

/** As far back as every reader of zips looks for the end. */
export const zipTailSize = endSize + longestComment;

/**
 * The end of the zip archive that a file holds, wherever it begins: unzip, Java and Python look for it from the end too. Something
 * may stand in front of it, and something behind. null: there is none. `tailSize`: how much of the file is looked at.
 */
export async function findZipEnd(
  file: RandomAccess,
  tailSize = zipTailSize,
): Promise<ZipEnd | null> {
  const start = Math.max(0, file.size - tailSize);
  const tries = { left: mostTried };
  const found = await lastEndIn(file, start, await file.read(start, file.size - start), tries);
  return found instanceof MalformedInput ? null : found;
}

/** Whether the last bytes of a file could be the end of an archive. */
export function zipEndIn(tail: Buffer): boolean {
  return tail.lastIndexOf(endSignature) >= 0;
}

/** The same of a file that begins as a zip archive does. Throws MalformedInput when there is no end. */
export async function zipEndOf(file: RandomAccess): Promise<ZipEnd> {
  const tail = Math.max(0, file.size - zipTailSize);
  const tries = { left: mostTried };
  const found = await lastEndIn(file, tail, await file.read(tail, file.size - tail), tries);
  if (found !== null && !(found instanceof MalformedInput)) return found;
  const further = await endFurtherInFront(file, tail, tries);
  if (further !== null) return further;
  throw found ?? new MalformedInput('the zip archive has no end record: it is cut');
}

const pieceSize = 1024 * 1024;

/** Signatures without a directory that are looked at: a comment has room for fewer, and content may be full of them. */
const mostTried = 20_000;

interface Tries {
  left: number;
}

/** Something long may have been put behind an archive. */
async function endFurtherInFront(file: RandomAccess, from: number, tries: Tries) {
  for (let end = from; end > 0 && tries.left > 0; end -= pieceSize) {
    const start = Math.max(0, end - pieceSize);
    // An end may stand across the border of two pieces.
    const piece = await file.read(start, end - start + endSize);
    const found = await lastEndIn(file, start, piece, tries);
    if (found !== null && !(found instanceof MalformedInput)) return found;
  }
  return null;
}

/** The last end that a directory stands in front of; why there is none where something looks like one. */
async function lastEndIn(
  file: RandomAccess,
  start: number,
  bytes: Buffer,
  tries: Tries,
): Promise<ZipEnd | MalformedInput | null> {
  if (bytes.length < endSize) return null;
  let failure: MalformedInput | null = null;
  let at = bytes.lastIndexOf(endSignature, bytes.length - endSize);
  for (; at >= 0 && tries.left > 0; tries.left -= 1) {
    const found = await endAt(file, bytes.subarray(at, at + endSize), start + at);
    if (!(found instanceof MalformedInput)) return found;
    failure ??= found;
    at = at === 0 ? -1 : bytes.lastIndexOf(endSignature, at - 1);
  }
  return failure;
}

async function endAt(
  file: RandomAccess,
  record: Buffer,
  at: number,
): Promise<ZipEnd | MalformedInput> {
  const short = {
    count: record.readUInt16LE(10),
    size: record.readUInt32LE(12),
    offset: record.readUInt32LE(16),
  };
  const wide = short.count === 0xffff || short.size === 0xffffffff || short.offset === 0xffffffff;
  const found = wide ? await findWideEnd(file, at) : { ...short, end: at };
  if (found instanceof MalformedInput) return found;
  const { count, size, offset, end } = found;
  const behind = Math.max(0, file.size - (at + endSize + record.readUInt16LE(20)));
  for (const shift of [end - (offset + size), 0]) {
    const place = offset + shift;
    if (shift < 0 || place < 0 || place + size > end) continue;
    if (await isDirectory(file, place, count, size)) return { count, size, offset, shift, behind };
  }
  return new MalformedInput(
    `zip directory of ${size} bytes at offset ${offset} does not end before ${end}`,
  );
}

/** An empty archive has none. */
async function isDirectory(file: RandomAccess, at: number, count: number, size: number) {
  if (count === 0) return size === 0;
  if (size < recordSize) return false;
  return (await file.read(at, recordSignature.length)).equals(recordSignature);
}

const locatorSize = 20;
const wideEndSize = 56;

/** zip64: a locator in front of the end record names a wider one, right in front of it where something precedes the archive. */
async function findWideEnd(file: RandomAccess, end: number) {
  const locatorAt = Math.max(0, end - locatorSize);
  const locator = await file.read(locatorAt, locatorSize);
  if (locator.length < locatorSize || locator.readUInt32LE(0) !== 0x07064b50)
    return new MalformedInput(`no zip64 locator stands before offset ${end}`);
  const named = number(locator.readBigUInt64LE(8));
  for (const at of [named, locatorAt - wideEndSize]) {
    if (at < 0 || at > locatorAt) continue;
    const record = await file.read(at, wideEndSize);
    if (record.length < wideEndSize || record.readUInt32LE(0) !== 0x06064b50) continue;
    return {
      count: number(record.readBigUInt64LE(32)),
      size: number(record.readBigUInt64LE(40)),
      offset: number(record.readBigUInt64LE(48)),
      end: at,
    };
  }
  return new MalformedInput(`no zip64 end record begins at offset ${named}`);
}

/** What no file reaches stays so. */
function number(value: bigint): number {
  return Number(value);
}

/** As far as one that stands in front is looked for. */
const longestFront = 8 * 1024 * 1024;
const localSignature = Buffer.from('PK\x03\x04', 'latin1');

/**
 * Whether entries of another archive stand in the bytes in front of one: readers that begin at the first byte take those, and
 * of an archive that was cut, the end that is found is the one of a file in it.
 */
export async function hasZipInFront(file: RandomAccess, size: number): Promise<boolean> {
  const bytes = await file.read(0, Math.min(size, longestFront));
  for (let at = bytes.indexOf(localSignature); at >= 0; at = bytes.indexOf(localSignature, at + 1))
    if (isLocalHeader(bytes, at)) return true;
  return false;
}

/** Programs that read zips have the signature alone. */
function isLocalHeader(bytes: Buffer, at: number): boolean {
  if (at + 30 > bytes.length) return false;
  const nameSize = bytes.readUInt16LE(at + 26);
  const name = bytes.subarray(at + 30, at + 30 + nameSize);
  return (
    bytes.readUInt16LE(at + 4) <= 63 &&
    bytes.readUInt16LE(at + 8) <= 99 &&
    nameSize > 0 &&
    nameSize <= 4096 &&
    name.every((byte) => byte >= 0x20)
  );
}
