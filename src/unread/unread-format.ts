import type { RandomAccess } from '../base/random-access.ts';

/** A format that can hold programs and is known, but not read. */
export interface UnreadFormat {
  /** With its article, for messages: `an EROFS file system`. */
  readonly name: string;
  /** Any of them, at its place. */
  readonly marks: readonly Mark[];
  /**
   * Bytes that it takes by its own account; null: it only begins like one. Magic numbers of few bytes are there by chance
   * in other files, so they have a second sign. `head` has `unreadHead` bytes where the file has so many. Absent: the mark
   * is enough, and it takes the whole file.
   */
  readonly sizeOf?: (head: Buffer, file: RandomAccess) => number | null | Promise<number | null>;
}

export interface Mark {
  readonly at: number;
  readonly magic: Buffer;
}

/** Bytes that the marks and their second signs need: Btrfs has its superblock behind the first 64 KiB. */
export const unreadHead = 0x11000;

/** `magic` as latin1. */
export function mark(magic: string, at = 0): Mark {
  return { at, magic: Buffer.from(magic, 'latin1') };
}

export function isAt(head: Buffer, { at, magic }: Mark): boolean {
  return head[at] === magic[0] && head.subarray(at, at + magic.length).equals(magic);
}

/** Numbers of a head; 0 for what is behind its end. */
export function numbersOf(head: Buffer, order: 'little' | 'big') {
  const little = order === 'little';
  const there = (at: number, size: number) => at + size <= head.length;
  return {
    half: (at: number) =>
      there(at, 2) ? (little ? head.readUInt16LE(at) : head.readUInt16BE(at)) : 0,
    word: (at: number) =>
      there(at, 4) ? (little ? head.readUInt32LE(at) : head.readUInt32BE(at)) : 0,
    long: (at: number) =>
      there(at, 8) ? Number(little ? head.readBigUInt64LE(at) : head.readBigUInt64BE(at)) : 0,
  };
}

export function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && Number.isInteger(Math.log2(value));
}

/** The size, if the second sign is there. */
export function where(isSound: boolean, size: number): number | null {
  return isSound ? size : null;
}
