import type { Elf } from '../../elf/model.ts';
import { hotSize } from '../../elf/reading/file-pieces.ts';
import { type CodePiece, codePieces } from '../functions/code-pieces.ts';
import { machineOf } from '../machine-of.ts';
import { slotTable } from './function-slots.ts';
import { intervalOf } from './interval.ts';

/** Calls that somebody looks for. */
export interface CallSearch {
  /** Addresses of stubs and functions that may be called. */
  readonly straight: readonly number[];
  /** Addresses of slots that calls may go through. */
  readonly slots: readonly number[];
  /** A call at the offset `at` of the piece leads to `target`: an address that this or another search is for. */
  visit(piece: CodePiece, at: number, target: number): void;
}

/** A question that a pass over the code answers. */
export interface CallQuestion<T> {
  /** null where the answer is known without. */
  readonly search: CallSearch | null;
  /** To be asked behind the pass. */
  answer(): T;
}

/**
 * What is searched for lies close together, and most calls lead elsewhere. A call near the end of a piece is seen in the
 * next one too.
 *
 * @param pieceSize for tests, which look at small pieces
 */
export function searchCalls(
  elf: Elf,
  questions: readonly Pick<CallQuestion<unknown>, 'search'>[],
  pieceSize = hotSize,
): void {
  const searches = questions.map(({ search }) => search).filter((search) => search !== null);
  const calls = machineOf(elf.header)?.calls ?? null;
  if (calls === null || searches.length === 0) return;
  const places = {
    straight: intervalOf(searches.flatMap(({ straight }) => straight)),
    slots: intervalOf(searches.flatMap(({ slots }) => slots)),
  };
  const table = slotTable(elf);
  const wanted = new Set(searches.flatMap(({ straight, slots }) => [...straight, ...slots]));
  for (const piece of codePieces(elf, calls.reach, pieceSize)) {
    calls.visitCalls(
      piece.bytes,
      Number(piece.address),
      places,
      (at, target) => {
        if (!wanted.has(target)) return;
        for (const search of searches) search.visit(piece, at, target);
      },
      table,
    );
  }
}
