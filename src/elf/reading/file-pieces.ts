import type { Bytes } from './bytes.ts';

/** A piece of some bytes, with what lies around it. It is a glance: there until the next one. */
export interface Piece {
  /** File offset of the first byte of `bytes`. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** File offsets of the piece itself: what lies outside of them is in another piece as well. */
  readonly start: number;
  readonly end: number;
}

/** How much of a file is in memory at a time. A multiple of every alignment. */
const usualSize = 4 * 1024 * 1024;

/** What stays in a processor's cache between reading and looking, for one look at a time. */
export const hotSize = 256 * 1024;

/** [start, end) of a file piece by piece, each with at most `margin` bytes before and behind it. */
export function* piecesOf(
  bytes: Bytes,
  start: number,
  end: number,
  margin: number,
  size = usualSize,
): Generator<Piece> {
  for (let at = start; at < end; at += size) {
    const offset = Math.max(start, at - margin);
    const until = Math.min(end, at + size);
    const around = bytes.glance(offset, Math.min(end, until + margin) - offset);
    yield { offset, bytes: around, start: at, end: until };
  }
}
