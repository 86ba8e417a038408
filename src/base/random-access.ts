/** Bytes that can be read at any place: a file, a part of one, or memory. */
export interface RandomAccess {
  /** Bytes in all. */
  readonly size: number;
  /** `length` bytes from `offset`; fewer only where the end comes first. */
  read(offset: number, length: number): Promise<Buffer>;
  /** The same bytes in order, in pieces of any size. */
  stream(offset: number, length: number): AsyncIterable<Buffer>;
  /** Where they lie as they are in an open file of this process; absent where they do not. */
  hold?(): HeldRange;
}

/** A range of an open file that threads may read by themselves, until it is released. */
export interface HeldRange {
  readonly descriptor: number;
  /** Of the first byte, in the file. */
  readonly offset: number;
  /** In bytes; the file may have been cut since. */
  readonly length: number;
  readonly bytes: RandomAccess;
  /** To be called once. The descriptor may be closed then. */
  release(): void;
}

const pieceSize = 256 * 1024;

export function bufferAccess(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    async read(offset, length) {
      return bytes.subarray(offset, offset + length);
    },
    async *stream(offset, length) {
      const end = Math.min(offset + length, bytes.length);
      for (let at = offset; at < end; at += pieceSize) {
        yield bytes.subarray(at, Math.min(at + pieceSize, end));
      }
    },
  };
}

/** `size` bytes from `start` as a whole of their own; fewer where the outer one ends. */
export function partOf(whole: RandomAccess, start: number, size: number): RandomAccess {
  const present = Math.max(0, Math.min(size, whole.size - start));
  const within = (offset: number, length: number) =>
    Math.max(0, Math.min(length, present - offset));
  const part: RandomAccess = {
    size: present,
    read: (offset, length) => whole.read(start + offset, within(offset, length)),
    stream: (offset, length) => whole.stream(start + offset, within(offset, length)),
  };
  const hold = whole.hold?.bind(whole);
  return hold === undefined ? part : { ...part, hold: () => partOfHeld(hold(), start, part) };
}

function partOfHeld(held: HeldRange, start: number, bytes: RandomAccess): HeldRange {
  return { ...held, offset: held.offset + start, length: bytes.size, bytes };
}

/** The same bytes, of which the first ones, and those from `tailStart` on, are known and not read again. */
export function withEnds(
  whole: RandomAccess,
  head: Buffer,
  tail: Buffer,
  tailStart: number,
): RandomAccess {
  return {
    ...whole,
    async read(offset, length) {
      const end = offset + length;
      if (end <= head.length) return head.subarray(offset, end);
      if (offset >= tailStart) return tail.subarray(offset - tailStart, end - tailStart);
      return whole.read(offset, length);
    },
  };
}
