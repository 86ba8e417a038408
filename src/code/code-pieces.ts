import type { Elf } from '../elf/model.ts';
import { type ExecutableRange, executableRanges } from './executable-ranges.ts';

/** Some code, and where it lies. */
export interface Code {
  /** File offset of the first byte. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Code with what lies around it in its range, as far as a pattern may look. */
export interface CodePiece extends Code {
  /** Virtual address of the first byte of `bytes`; 0 in a relocatable file. */
  readonly address: bigint;
  /** File offsets of the code itself: what is seen outside of them is seen in another piece as well. */
  readonly start: number;
  readonly end: number;
}

/** How much code is in memory at a time, beside what lies around it. A multiple of every instruction's alignment. */
const usualSize = 4 * 1024 * 1024;

/**
 * All executable ranges, piece by piece: a program can have hundreds of megabytes of code. Patterns look at most `reach`
 * bytes around them (a multiple of the alignment of instructions). A range of up to one piece is its only one.
 * The bytes are there until the next piece, or another glance at the file.
 */
export function* codePieces(elf: Elf, reach: number, size = usualSize): Generator<CodePiece> {
  const piece = Number.isFinite(reach) ? size : Number.POSITIVE_INFINITY;
  for (const range of executableRanges(elf)) yield* piecesOf(elf, range, reach, piece);
}

function* piecesOf(
  elf: Elf,
  range: ExecutableRange,
  reach: number,
  size: number,
): Generator<CodePiece> {
  for (let start = range.offset; start < range.end; start += size) {
    const end = Math.min(start + size, range.end);
    const from = Math.max(range.offset, start - reach);
    const bytes = elf.bytes.glance(from, Math.min(range.end, end + reach) - from);
    yield { offset: from, bytes, address: range.address + BigInt(from - range.offset), start, end };
  }
}
