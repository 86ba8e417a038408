import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { decodeName } from '../../base/text.ts';
import { zipEndOf } from './zip-end.ts';

/** A file as the central directory describes it (PKWARE APPNOTE 6.3.10). */
export interface ZipRecord {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** `st_mode` where the writer was a Unix, else null. */
  readonly mode: number | null;
  /** Where its local header begins. */
  readonly offset: number;
}

const recordSignature = 0x02014b50;

/**
 * All records, in the order of the central directory. Local headers are not trusted: what has no record is not a file.
 * Throws MalformedInput, LimitExceeded.
 */
export async function readZipDirectory(
  file: RandomAccess,
  limits: Limits,
): Promise<readonly ZipRecord[]> {
  const { count, size, offset, shift } = await zipEndOf(file);
  if (count > limits.maxEntries)
    throw new LimitExceeded(`zip archive has ${count} entries, the limit is ${limits.maxEntries}`);
  if (size > limits.maxTextSize)
    throw new LimitExceeded(`zip directory has ${size} bytes, the limit is ${limits.maxTextSize}`);
  const bytes = await file.read(offset + shift, size);
  const records: ZipRecord[] = [];
  for (let at = 0; at < bytes.length && records.length < count; ) {
    const { record, length } = decodeRecord(bytes, at, shift);
    records.push(record);
    at += length;
  }
  if (records.length === count) return records;
  throw new MalformedInput(
    `zip directory at offset ${offset + shift} has ${records.length} records, expected ${count}`,
  );
}

const recordSize = 46;

function decodeRecord(bytes: Buffer, at: number, shift: number) {
  if (at + recordSize > bytes.length || bytes.readUInt32LE(at) !== recordSignature)
    throw new MalformedInput(`no zip record begins at byte ${at} of the directory`);
  const nameLength = bytes.readUInt16LE(at + 28);
  const extraLength = bytes.readUInt16LE(at + 30);
  const nameAt = at + recordSize;
  const length = recordSize + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  if (at + length > bytes.length)
    throw new MalformedInput(`zip record at byte ${at} of the directory ends behind it`);
  const extra = bytes.subarray(nameAt + nameLength, nameAt + nameLength + extraLength);
  const wide = wideNumbers(extra);
  const narrow = (place: number) => {
    const value = bytes.readUInt32LE(at + place);
    return value === 0xffffffff ? wide(value) : value;
  };
  // The order in which a zip64 field holds them.
  const size = narrow(24);
  const compressedSize = narrow(20);
  const offset = narrow(42);
  const madeByUnix = bytes[at + 5] === 3 || bytes[at + 5] === 19;
  const record: ZipRecord = {
    name: decodeName(bytes.subarray(nameAt, nameAt + nameLength)),
    method: bytes.readUInt16LE(at + 10),
    encrypted: (bytes.readUInt16LE(at + 8) & 0x41) !== 0,
    crc32: bytes.readUInt32LE(at + 16),
    compressedSize,
    size,
    mode: madeByUnix ? bytes.readUInt16LE(at + 40) : null,
    offset: offset + shift,
  };
  return { record, length };
}

/** The numbers of the zip64 field one after the other, or what stands for them where there is none. */
function wideNumbers(extra: Buffer): (otherwise: number) => number {
  let field: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1)
      field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  return (otherwise) => {
    if (field.length < 8) return otherwise;
    const value = number(field.readBigUInt64LE(0), 'zip64 field');
    field = field.subarray(8);
    return value;
  };
}

function number(value: bigint, title: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new MalformedInput(`zip: ${title} is ${value}, which no file reaches`);
}
