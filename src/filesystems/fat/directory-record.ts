import { MalformedInput } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';

export interface DirectoryRecord {
  readonly name: string;
  readonly isDirectory: boolean;
  /** 0: it has no content. */
  readonly cluster: number;
  readonly size: number;
}

const recordSize = 32;
const attribute = { volume: 0x08, directory: 0x10, longName: 0x0f } as const;
const deleted = 0xe5;

/** Gathers records of 32 bytes to files: long names stand in front of the short ones that they belong to. */
export class RecordReader {
  readonly #hasHighWords: boolean;
  #long: LongName | null = null;

  /** FAT32 has the upper half of a cluster's number where others have something else. */
  constructor(kind: 'FAT12' | 'FAT16' | 'FAT32') {
    this.#hasHighWords = kind === 'FAT32';
  }

  /** Files of the next bytes; ends with `null` where the directory ends. */
  *read(bytes: Buffer): Iterable<DirectoryRecord | null> {
    for (let at = 0; at + recordSize <= bytes.length; at += recordSize) {
      const record = bytes.subarray(at, at + recordSize);
      if (record[0] === 0) {
        yield null;
        return;
      }
      const found = this.#next(record);
      if (found !== null) yield found;
    }
  }

  #next(record: Buffer): DirectoryRecord | null {
    const attributes = record[11] ?? 0;
    if (record[0] === deleted) {
      this.#long = null;
      return null;
    }
    if ((attributes & 0x3f) === attribute.longName) {
      this.#long = longNameWith(this.#long, record);
      return null;
    }
    const long = this.#long;
    this.#long = null;
    if ((attributes & attribute.volume) !== 0) return null;
    const name = nameOf(long, record);
    if (name === '.' || name === '..') return null;
    const high = this.#hasHighWords ? record.readUInt16LE(20) : 0;
    return {
      name,
      isDirectory: (attributes & attribute.directory) !== 0,
      cluster: (record.readUInt16LE(26) | (high << 16)) & 0x0fffffff,
      size: record.readUInt32LE(28),
    };
  }
}

/** The last part comes first; `missing` parts are still to come. */
interface LongName {
  readonly text: string;
  readonly missing: number;
  readonly sum: number;
}

const lastPart = 0x40;
const mostParts = 20;

function longNameWith(before: LongName | null, record: Buffer): LongName | null {
  const order = record[0] ?? 0;
  const number = order & 0x1f;
  const sum = record[13] ?? 0;
  const units = [...wordsAt(record, 1, 5), ...wordsAt(record, 14, 6), ...wordsAt(record, 28, 2)];
  const end = units.indexOf(0);
  const text = String.fromCharCode(...(end < 0 ? units : units.slice(0, end)));
  if ((order & lastPart) !== 0)
    return number >= 1 && number <= mostParts ? { text, missing: number - 1, sum } : null;
  if (before === null || before.missing !== number || before.sum !== sum) return null;
  return { text: text + before.text, missing: number - 1, sum };
}

function wordsAt(record: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => record.readUInt16LE(at + 2 * index));
}

/** A long name that does not belong to this short one was left over by a system that knows none. */
function nameOf(long: LongName | null, record: Buffer): string {
  const short = record.subarray(0, 11);
  if (long !== null && long.missing === 0 && long.sum === sumOf(short)) {
    if (long.text.isWellFormed()) return long.text;
    throw new MalformedInput('a long name of FAT is not UTF-16');
  }
  return shortName(record);
}

function sumOf(short: Buffer): number {
  let sum = 0;
  for (const byte of short) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

const lowerBase = 0x08;
const lowerEnding = 0x10;

/** Eight and three characters, padded with blanks. Windows NT marks those that are all lower case. */
function shortName(record: Buffer): string {
  const bytes = Buffer.from(record.subarray(0, 11));
  // A name may begin with the byte that marks deleted ones.
  if (bytes[0] === 0x05) bytes[0] = deleted;
  const marks = record[12] ?? 0;
  const base = decodeName(bytes.subarray(0, 8)).trimEnd();
  const ending = decodeName(bytes.subarray(8)).trimEnd();
  const name = (marks & lowerBase) !== 0 ? base.toLowerCase() : base;
  if (ending === '') return name;
  return `${name}.${(marks & lowerEnding) !== 0 ? ending.toLowerCase() : ending}`;
}
