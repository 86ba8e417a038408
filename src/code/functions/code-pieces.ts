import type { Elf } from '../../elf/model.ts';
import { type Piece, piecesOf } from '../../elf/reading/file-pieces.ts';
import { executableRanges } from './executable-ranges.ts';

/** Some code, and where it lies. */
export interface Code {
  /** File offset of the first byte. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Code with what lies around it in its range, as far as a pattern may look. */
export interface CodePiece extends Piece {
  /** Virtual address of the first byte of `bytes`; 0 in a relocatable file. */
  readonly address: bigint;
}

/**
 * All executable ranges, piece by piece: a program can have hundreds of megabytes of code. Patterns look at most `reach`
 * bytes around them (a multiple of the alignment of instructions). A range of up to one piece is its only one.
 */
export function* codePieces(elf: Elf, reach: number, size?: number): Generator<CodePiece> {
  const pieceSize = Number.isFinite(reach) ? size : Number.POSITIVE_INFINITY;
  for (const { offset, end, address } of executableRanges(elf)) {
    for (const piece of piecesOf(elf.bytes, offset, end, reach, pieceSize))
      yield { ...piece, address: address + BigInt(piece.offset - offset) };
  }
}
