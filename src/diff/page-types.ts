import type { Severity } from '../base/verdict.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { DiffGate } from './formats/diff-format.ts';

// What the scripts of the page of a difference work on (reporters/html/page/diff-*.js).

/** The difference as its page has it. */
export interface DiffPayload extends Difference {
  readonly gate: DiffGate;
  readonly severities: readonly Severity[];
}

export type ListKey = 'worse' | 'better' | 'byPolicy' | 'added' | 'removed' | 'changed';

export interface ChangeList {
  readonly key: ListKey;
  readonly name: string;
  readonly verdicts: boolean;
}

/** An item of any list: those of binaries have nothing of a verdict. */
export type Change = Omit<VerdictChange, 'rule' | 'before' | 'after' | 'severity' | 'message'> &
  Partial<VerdictChange>;

export interface Selection {
  readonly list: string;
  readonly q: string;
  readonly severity: string;
  readonly rule: string;
  readonly package: string;
}

export type Select = (changed: Partial<Selection>) => void;
