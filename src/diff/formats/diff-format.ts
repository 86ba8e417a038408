import type { Difference } from '../difference.ts';

/** One format of `hullcheck diff`. One file of this folder is one format; `index.ts` is generated. */
export interface DiffFormat {
  /** As in `-o NAME`. */
  readonly format: string;
  /** The difference in pieces. Pure. */
  render(difference: Difference, gate: DiffGate, look: DiffLook): Iterable<string>;
}

/** What the difference means for a pipeline: one sentence, and whether something became worse than allowed. */
export interface DiffGate {
  readonly state: 'holds' | 'broken' | 'open';
  readonly because: string;
}

export interface DiffLook {
  readonly color: boolean;
  readonly width: number;
  /** Lists whole. */
  readonly all: boolean;
}
