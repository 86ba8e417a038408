import { MalformedInput } from '../../base/errors.ts';

/** Bytes of a header, and the unit that every part of a tar is padded to. */
export const blockSize = 512;

/** One header block as it stands, decoded as Go's archive/tar does, which container runtimes unpack with. */
export interface TarHeader {
  /** The type flag's character; NUL for archives older than POSIX. */
  readonly flag: string;
  readonly name: Buffer;
  /** Empty unless it is a link. */
  readonly linkName: Buffer;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of an old sparse file of GNU tar; null: it is none. */
  readonly sparse: OldSparse | null;
}

/** The map of an old sparse file of GNU tar (tar.h: `oldgnu_header`, `sparse_header`). */
export interface OldSparse {
  /** Of the file. */
  readonly size: number;
  readonly part: SparsePart;
}

/** What one block has of such a map. */
export interface SparsePart {
  /** Offset and length, one pair after the other. */
  readonly extents: readonly number[];
  /** It goes on in the next block. */
  readonly continues: boolean;
}

/** A block behind the header of such a file. Throws MalformedInput. */
export function decodeSparseBlock(block: Buffer, offset: number): SparsePart {
  return sparsePart(block, offset, 0, 21);
}

/** Whether a checksum stands where a header has it: hardly any other file has digits there, so few need a closer look. */
export function hasChecksumField(block: Buffer): boolean {
  return octal(block, checksumAt, checksumLength) !== null;
}

/** null: a block of zeros. `offset` is the block's place in the archive, for messages. Throws MalformedInput. */
export function decodeTarHeader(block: Buffer, offset: number): TarHeader | null {
  const sum = checksumOf(block, offset);
  if (sum === null) return null;
  const flag = String.fromCharCode(byteAt(block, 156));
  return {
    flag,
    name: nameOf(block),
    linkName: flag === '1' || flag === '2' ? textAt(block, 157, 100) : none,
    size: numberAt(block, sizeField, offset),
    mode: numberAt(block, modeField, offset) & 0o7777,
    uid: numberAt(block, uidField, offset),
    gid: numberAt(block, gidField, offset),
    sparse: flag === 'S' ? oldSparse(block, offset) : null,
  };
}

/** star has the same flag, and its map in another place. */
function oldSparse(block: Buffer, offset: number): OldSparse | null {
  if (block.toString('latin1', 257, 265) !== gnuMagic) return null;
  return {
    size: numberAt(block, ['realsize', 483, 12], offset),
    part: sparsePart(block, offset, 386, 4),
  };
}

/** Unused pairs at its end are empty. */
function sparsePart(block: Buffer, offset: number, start: number, most: number): SparsePart {
  const extents: number[] = [];
  const end = start + 24 * most;
  for (let at = start; at < end && block[at] !== 0; at += 24)
    extents.push(
      numberAt(block, ['sparse offset', at, 12], offset),
      numberAt(block, ['sparse length', at + 12, 12], offset),
    );
  return { extents, continues: block[end] !== 0 };
}

const gnuMagic = 'ustar  \0';

const sizeField: Field = ['size', 124, 12];
const modeField: Field = ['mode', 100, 8];
const uidField: Field = ['uid', 108, 8];
const gidField: Field = ['gid', 116, 8];

type Field = readonly [name: string, at: number, length: number];

const checksumAt = 148;
const checksumLength = 8;

/** The sum that the header states and that is right; null for a block of zeros. */
function checksumOf(block: Buffer, offset: number): number | null {
  let sum = 0;
  for (let at = 0; at < blockSize; at += 1) sum += byteAt(block, at);
  if (sum === 0) return null;
  for (let at = checksumAt; at < checksumAt + checksumLength; at += 1)
    sum += blank - byteAt(block, at);
  const stated = octal(block, checksumAt, checksumLength);
  if (stated === sum || stated === sum - 256 * highBytes(block)) return sum;
  const seen = stated === null ? `"${block.toString('latin1', 148, 156)}"` : stated;
  throw new MalformedInput(`tar header checksum is ${seen} at offset ${offset}, expected ${sum}`);
}

/** Old writers summed signed characters; runtimes take both sums. */
function highBytes(block: Buffer): number {
  let count = 0;
  for (let at = 0; at < blockSize; at += 1) {
    if ((at < 148 || at >= 156) && byteAt(block, at) > 127) count += 1;
  }
  return count;
}

function numberAt(block: Buffer, [name, at, length]: Field, offset: number): number {
  const binary = (byteAt(block, at) & 0x80) !== 0;
  const value = binary ? base256(block, at, length) : octal(block, at, length);
  if (value !== null && Number.isSafeInteger(value)) return value;
  const seen = value === null ? `"${block.toString('latin1', at, at + length)}"` : value;
  throw new MalformedInput(`tar ${name} is ${seen} at offset ${offset + at}, expected a number`);
}

const blank = 0x20;

/** Digits between blanks and NULs; an empty field is 0; null for anything else. */
function octal(block: Buffer, start: number, length: number): number | null {
  let at = start;
  let end = start + length;
  while (at < end && isBlank(byteAt(block, at))) at += 1;
  while (end > at && isBlank(byteAt(block, end - 1))) end -= 1;
  let value = 0;
  for (; at < end && block[at] !== 0; at += 1) {
    const digit = byteAt(block, at) - 0x30;
    if (digit < 0 || digit > 7) return null;
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number): boolean {
  return byte === blank || byte === 0;
}

/** GNU's binary numbers: two's complement, with the highest bit as the mark. */
function base256(block: Buffer, start: number, length: number): number {
  const first = byteAt(block, start);
  let value = first & 0x40 ? first - 0x100 : first & 0x7f;
  for (let at = start + 1; at < start + length; at += 1) value = value * 256 + byteAt(block, at);
  return value;
}

const prefixAt = 345;

function nameOf(block: Buffer): Buffer {
  const name = textAt(block, 0, 100);
  const length = block[prefixAt] === 0 ? 0 : prefixLength(block);
  if (length === 0) return name;
  return Buffer.concat([textAt(block, prefixAt, length), Buffer.of(0x2f), name]);
}

/** Room for the prefix by the format that the magic names; 0: that format has none. */
function prefixLength(block: Buffer): number {
  const magic = block.toString('latin1', 257, 265);
  if (magic.startsWith('ustar\0')) {
    const star = block.toString('latin1', 508, 512) === 'tar\0';
    return star ? 131 : 155;
  }
  return magic === gnuMagic && hasMistakenPrefix(block) ? 155 : 0;
}

/**
 * GNU headers keep times where ustar keeps the prefix. Go before 1.8 (so Docker of that age) wrote a prefix there
 * anyway; it is recognised because it is not a number.
 */
function hasMistakenPrefix(block: Buffer): boolean {
  const isTime = (at: number) => (byteAt(block, at) & 0x80) !== 0 || octal(block, at, 12) !== null;
  if (isTime(prefixAt) && isTime(prefixAt + 12)) return false;
  return textAt(block, prefixAt, 155).every((byte) => byte < 128);
}

const none = Buffer.alloc(0);

/** Up to the first NUL. A copy would be of no use: the caller decodes it before the block is gone. */
function textAt(block: Buffer, start: number, length: number): Buffer {
  let end = start;
  while (end < start + length && block[end] !== 0) end += 1;
  return block.subarray(start, end);
}

/** Blocks are whole: every field lies inside. */
function byteAt(block: Buffer, at: number): number {
  return block[at] ?? 0;
}
