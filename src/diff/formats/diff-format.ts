import type { GateConditions } from '../../policy/policy.ts';
import type { Difference } from '../difference.ts';

/** One format of `hullcheck diff`. One file of this folder is one format; `index.ts` is generated. */
export interface DiffFormat {
  /** As in `-o NAME`. */
  readonly format: string;
  /** The difference in pieces. Pure. */
  render(difference: Difference, gate: DiffGate, look: DiffLook): Iterable<string>;
}

/** What the difference means for a pipeline: one sentence, whether something became worse than allowed, and what counts. */
export interface DiffGate
  extends Pick<GateConditions, 'of' | 'failOn' | 'failOnRules' | 'failOnUnknown'> {
  readonly state: 'holds' | 'broken' | 'undecided';
  readonly because: string;
}

export interface DiffLook {
  readonly color: boolean;
  readonly width: number;
  /** Lists whole. */
  readonly all: boolean;
}
