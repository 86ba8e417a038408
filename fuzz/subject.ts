import type { Random } from './random.ts';

/** A parser, or several that read one another's output, with ways to make bad input for it. One file of subjects/ each. */
export interface Subject {
  readonly name: string;
  make(random: Random): FuzzInput | Promise<FuzzInput>;
  /** Throws Violation, or whatever escapes the parser. */
  check(input: FuzzInput): void | Promise<void>;
}

/** What is saved when a check fails, and checked again by the tests ever after. */
export interface FuzzInput {
  readonly bytes: Buffer;
  /** Name of the sound input that it was made from; '' when that does not matter. */
  readonly origin: string;
  /** Parts of the origin are gone (cut off or zeroed) and nothing else was changed. */
  readonly isDamaged: boolean;
}

/** A promise of hullcheck is broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function holds(condition: boolean, otherwise: () => string): void {
  if (!condition) throw new Violation(otherwise());
}
