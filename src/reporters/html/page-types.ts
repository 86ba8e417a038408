import type { Severity } from '../../base/verdict.ts';
import type { PageRule } from './page-rules.ts';
import type { PayloadHead, PayloadTarget, PayloadVerdict, State } from './payload.ts';

// What the scripts of page/ work on: the payload once it is decoded.

export interface PageReport extends PayloadHead {
  readonly rules: readonly PageRule[];
  readonly targets: readonly PayloadTarget[];
  readonly rows: readonly Row[];
  readonly strings: readonly string[];
}

export interface PageVerdict {
  readonly state: State;
  readonly severity: Severity;
  /** Index of a string. */
  readonly message: number;
  readonly evidence: PayloadVerdict[3];
  /** Index of a string, of what is waived. */
  readonly why: number | null;
}

/** A binary, or an image as a whole: that has no size, digest and layer. */
export interface Row {
  readonly index: number;
  readonly target: number;
  readonly path: string;
  readonly aliases: readonly string[];
  readonly sha256: string | null;
  readonly size: number | null;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly layer: number | null;
  readonly kind: string | null;
  readonly machine: string | null;
  readonly languages: string | null;
  readonly owner: string | null;
  readonly reach: string | null;
  readonly whose: string | null;
  readonly cells: readonly (PageVerdict | null)[];
  readonly haystack: string;
  /** Findings by severity. */
  readonly weight: readonly number[];
}

/** What is chosen on the page, all of it text: it lives in the address. */
export interface Choice {
  readonly q: string;
  readonly state: string;
  readonly severity: string;
  readonly rule: string;
  readonly image: string;
  readonly layer: string;
  readonly package: string;
  readonly whose: string;
  readonly sort: string;
  readonly binary: string;
  readonly in: string;
  readonly open: string;
}

export type Choose = (changed: Partial<Choice>) => void;

/** How many verdicts have each state. */
export type StateCounts = Record<State, number>;

export interface Tally {
  readonly key: string;
  readonly title: string;
  readonly counts: StateCounts;
}
