import { MalformedArchive } from '../errors.ts';

/** Bytes of a header, and the unit that every part of a tar is padded to. */
export const blockSize = 512;

/** One header block as it stands, decoded as Go's archive/tar does, which container runtimes unpack with. */
export interface TarHeader {
  /** The type flag's character; NUL for archives older than POSIX. */
  readonly flag: string;
  readonly name: Buffer;
  readonly linkName: Buffer;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The map of an old GNU sparse file goes on in the blocks behind this one. */
  readonly sparseMapContinues: boolean;
}

/** null: a block of zeros. `offset` is the block's place in the archive, for messages. Throws MalformedArchive. */
export function decodeTarHeader(block: Buffer, offset: number): TarHeader | null {
  const sum = checksumOf(block, offset);
  if (sum === null) return null;
  const flag = String.fromCharCode(block[156] ?? 0);
  const number = (field: Field) => numberAt(block, field, offset);
  return {
    flag,
    name: nameOf(block),
    linkName: textAt(block, 157, 100),
    size: number(['size', 124, 12]),
    mode: number(['mode', 100, 8]) & 0o7777,
    uid: number(['uid', 108, 8]),
    gid: number(['gid', 116, 8]),
    sparseMapContinues: flag === 'S' && block[482] !== 0,
  };
}

type Field = readonly [name: string, at: number, length: number];

/** The sum that the header states and that is right; null for a block of zeros. */
function checksumOf(block: Buffer, offset: number): number | null {
  let sum = 0;
  for (let at = 0; at < blockSize; at += 1) sum += block[at] ?? 0;
  if (sum === 0) return null;
  for (let at = 148; at < 156; at += 1) sum += 32 - (block[at] ?? 0);
  const stated = octal(block.subarray(148, 156));
  if (stated === sum || stated === sum - 256 * highBytes(block)) return sum;
  const seen = stated === null ? `"${block.toString('latin1', 148, 156)}"` : stated;
  throw new MalformedArchive(`tar header checksum is ${seen} at offset ${offset}, expected ${sum}`);
}

/** Old writers summed signed characters; runtimes take both sums. */
function highBytes(block: Buffer): number {
  let count = 0;
  for (let at = 0; at < blockSize; at += 1) {
    if ((at < 148 || at >= 156) && (block[at] ?? 0) > 127) count += 1;
  }
  return count;
}

function numberAt(block: Buffer, [name, at, length]: Field, offset: number): number {
  const field = block.subarray(at, at + length);
  const value = (field[0] ?? 0) & 0x80 ? base256(field) : octal(field);
  if (value !== null && Number.isSafeInteger(value)) return value;
  const seen = value === null ? `"${field.toString('latin1')}"` : value;
  throw new MalformedArchive(`tar ${name} is ${seen} at offset ${offset + at}, expected a number`);
}

/** Digits between blanks and NULs; an empty field is 0; null for anything else. */
function octal(field: Buffer): number | null {
  let at = 0;
  let end = field.length;
  while (at < end && isBlank(field[at])) at += 1;
  while (end > at && isBlank(field[end - 1])) end -= 1;
  let value = 0;
  for (; at < end && field[at] !== 0; at += 1) {
    const digit = (field[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) return null;
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}

/** GNU's binary numbers: two's complement, with the highest bit as the mark. */
function base256(field: Buffer): number {
  const negative = ((field[0] ?? 0) & 0x40) !== 0;
  let value = negative ? (field[0] ?? 0) - 0x100 : (field[0] ?? 0) & 0x7f;
  for (let at = 1; at < field.length; at += 1) value = value * 256 + (field[at] ?? 0);
  return value;
}

const prefixAt = 345;

function nameOf(block: Buffer): Buffer {
  const name = textAt(block, 0, 100);
  const prefix = prefixOf(block);
  return prefix.length > 0 ? Buffer.concat([prefix, Buffer.of(0x2f), name]) : name;
}

function prefixOf(block: Buffer): Buffer {
  const magic = block.toString('latin1', 257, 265);
  if (magic.startsWith('ustar\0')) {
    const star = block.toString('latin1', 508, 512) === 'tar\0';
    return textAt(block, prefixAt, star ? 131 : 155);
  }
  return magic === 'ustar  \0' ? mistakenPrefix(block) : Buffer.alloc(0);
}

/**
 * GNU headers keep times where ustar keeps the prefix. Go before 1.8 (so Docker of that age) wrote a prefix there all
 * the same; it is told by not being a number.
 */
function mistakenPrefix(block: Buffer): Buffer {
  const times = [
    block.subarray(prefixAt, prefixAt + 12),
    block.subarray(prefixAt + 12, prefixAt + 24),
  ];
  const areTimes = times.every((time) => ((time[0] ?? 0) & 0x80) !== 0 || octal(time) !== null);
  const prefix = textAt(block, prefixAt, 155);
  return areTimes || prefix.some((byte) => byte > 127) ? Buffer.alloc(0) : prefix;
}

/** Up to the first NUL. A copy would be of no use: the caller decodes it before the block is gone. */
function textAt(block: Buffer, at: number, length: number): Buffer {
  const end = block.indexOf(0, at);
  return block.subarray(at, end < 0 || end > at + length ? at + length : end);
}
