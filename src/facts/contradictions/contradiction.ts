import type { Evidence, Severity } from '../../base/verdict.ts';

export interface Contradiction extends Evidence {
  /** A sentence's predicate: `PT_LOAD segments 2 and 3 overlap`. */
  readonly message: string;
  /** Where it weighs less than what could show a reader another program than the one that runs. */
  readonly severity?: Severity;
}
