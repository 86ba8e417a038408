import { MalformedInput } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';

/**
 * A package's header as rpm's database holds it (rpm, lib/header.c): two big-endian words, the number of entries and
 * the size of the store; entries of tag, type, offset and count; the store.
 */
export interface RpmHeader {
  /** Texts of a tag; [] without it. */
  texts(tag: number): readonly string[];
  /** 32-bit numbers of a tag; [] without it. */
  numbers(tag: number): readonly number[];
  /** Whether there is a tag of any type. */
  has(tag: number): boolean;
}

const entrySize = 16;
const int32Type = 4;
const textTypes = new Set([6, 8, 9]);

export function readRpmHeader(blob: Buffer): RpmHeader {
  if (blob.length < 8) throw new MalformedInput(`an rpm header has ${blob.length} bytes`);
  const count = blob.readUInt32BE(0);
  const storeAt = 8 + count * entrySize;
  if (storeAt > blob.length) {
    throw new MalformedInput(`an rpm header of ${blob.length} bytes has ${count} entries`);
  }
  const store = blob.subarray(storeAt);
  const find = (tag: number) => {
    for (let at = 8; at < storeAt; at += entrySize) {
      if (blob.readUInt32BE(at) !== tag) continue;
      return {
        type: blob.readUInt32BE(at + 4),
        offset: blob.readUInt32BE(at + 8),
        count: blob.readUInt32BE(at + 12),
      };
    }
    return null;
  };
  return {
    texts(tag) {
      const entry = find(tag);
      return entry !== null && textTypes.has(entry.type) ? textsAt(store, entry) : [];
    },
    numbers(tag) {
      const entry = find(tag);
      return entry !== null && entry.type === int32Type ? numbersAt(store, entry) : [];
    },
    has: (tag) => find(tag) !== null,
  };
}

interface Place {
  readonly offset: number;
  readonly count: number;
}

/** A count beyond the store's own bytes is damage, found where the bytes end. */
function textsAt(store: Buffer, { offset, count }: Place): string[] {
  const texts: string[] = [];
  let at = offset;
  while (texts.length < count) {
    const end = store.indexOf(0, at);
    if (end < 0 || at >= store.length) {
      throw new MalformedInput(`a text of an rpm header at ${at} does not end`);
    }
    texts.push(decodeName(store.subarray(at, end)));
    at = end + 1;
  }
  return texts;
}

function numbersAt(store: Buffer, { offset, count }: Place): number[] {
  if (offset + 4 * count > store.length) {
    throw new MalformedInput(`${count} numbers of an rpm header at ${offset} do not fit`);
  }
  return Array.from({ length: count }, (_, index) => store.readUInt32BE(offset + 4 * index));
}
