import { MalformedInput } from '../../base/errors.ts';
import { type Pages, pageAt } from './sqlite-pages.ts';

/** A value of a row: texts and blobs as bytes; null also for real numbers, which are not needed here. */
export type Column = number | Buffer | null;

/** As SQLite takes it at most (sqlite.org/limits.html): 32,767, and 2,000 by default. */
const mostColumns = 2000;
const longestVarint = 9;

/** The row of a leaf cell: its payload's size, the row's id, then a record (fileformat2.html, sections 1.6 and 2.1). */
export function readRecord(pages: Pages, page: Buffer, at: number): Column[] {
  const size = readVarint(page, at);
  const id = readVarint(page, size.end);
  const payload = readPayload(pages, page, id.end, size.value);
  const header = readVarint(payload, 0);
  if (header.value > mostColumns * longestVarint)
    throw new MalformedInput(`the header of a record has ${header.value} bytes`);
  const columns: Column[] = [];
  let value = header.value;
  for (let type = header.end; type < header.value; ) {
    const serial = readVarint(payload, type);
    const length = serialSize(serial.value);
    if (value + length > payload.length) {
      throw new MalformedInput(`a column of ${length} bytes does not fit into its record`);
    }
    columns.push(decode(serial.value, payload.subarray(value, value + length)));
    value += length;
    type = serial.end;
  }
  return columns;
}

/** A row's own page holds the beginning of a long payload, a chain of overflow pages the rest. */
function readPayload(pages: Pages, page: Buffer, start: number, size: number): Buffer {
  const { usable, file } = pages;
  if (size > file.length) {
    throw new MalformedInput(`a row has ${size} bytes, but the file has ${file.length}`);
  }
  pages.spend(size);
  const most = usable - 35;
  if (size <= most) return slice(page, start, size);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  const local = fitting <= most ? fitting : least;
  const parts = [slice(page, start, local)];
  let left = size - local;
  let next = slice(page, start + local, 4).readUInt32BE(0);
  while (left > 0) {
    const overflow = pageAt(pages, next);
    const part = overflow.subarray(4, 4 + Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function slice(page: Buffer, start: number, length: number): Buffer {
  if (start + length > page.length) {
    throw new MalformedInput(`a cell of ${length} bytes at ${start} does not fit into its page`);
  }
  return page.subarray(start, start + length);
}

/** Section 2.1: 0 null, 1 to 6 integers, 7 a real number, 8 and 9 the constants 0 and 1, from 12 blobs and texts. */
function serialSize(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0;
}

function decode(type: number, bytes: Buffer): Column {
  if (type >= 12) return bytes;
  if (type === 8 || type === 9) return type - 8;
  if (type >= 1 && type <= 5) return bytes.readIntBE(0, bytes.length);
  return type === 6 ? Number(bytes.readBigInt64BE(0)) : null;
}

/** Big-endian in groups of 7 bits; the ninth byte counts whole. Values past 2^53 are larger than any file. */
function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new MalformedInput(`a number at ${at} ends outside its page`);
    if (index === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return { value, end: at + 9 };
}
