import type { Severity } from '../base/verdict.ts';
import type { PageCause } from '../reporters/html/page-cause.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { DiffGate } from './formats/diff-format.ts';

// What the scripts of the page of a difference work on (reporters/html/page/diff-*.js).

/** The difference as its page has it. */
export interface DiffPayload extends Omit<Difference, 'causes'> {
  readonly causes: readonly PageCause[];
  readonly gate: DiffGate;
  readonly severities: readonly Severity[];
}

/** What one side says of a rule and a binary, and what it rests on: what, seen, and the offset where there is one. */
export interface Said {
  readonly message: string;
  readonly seen: readonly (readonly string[])[];
}

export type ListKey =
  | 'worse'
  | 'better'
  | 'neutral'
  | 'unseen'
  | 'byPolicy'
  | 'added'
  | 'removed'
  | 'changed';

export interface ChangeList {
  readonly key: ListKey;
  readonly name: string;
  readonly verdicts: boolean;
}

/** An item of any list: those of binaries have nothing of a verdict. */
export type Change = Omit<VerdictChange, 'rule' | 'before' | 'after' | 'severity' | 'message'> &
  Partial<Omit<VerdictChange, 'message'>> & {
    readonly was?: Said | null;
    readonly is?: Said | null;
  };

export interface Selection {
  readonly list: string;
  readonly q: string;
  readonly severity: string;
  readonly rule: string;
  readonly package: string;
}

export type Select = (changed: Partial<Selection>) => void;
