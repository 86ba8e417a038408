/** What a rule can say of a binary. Only evidence makes a `pass` or a `fail`; what cannot be decided is `unknown`. */
export const outcomes = ['fail', 'unknown', 'pass', 'not-applicable'] as const;
export type Outcome = (typeof outcomes)[number];

/** Most severe first. */
export const severities = ['critical', 'high', 'medium', 'low', 'note'] as const;
export type Severity = (typeof severities)[number];

export function isSeverity(name: string | null): name is Severity {
  return severities.some((severity) => severity === name);
}

/** The worst of them, however many there are; `note` of none. */
export function worstSeverity(all: readonly { readonly severity: Severity }[]): Severity {
  return severities.find((one) => all.some(({ severity }) => severity === one)) ?? 'note';
}

/** The first of the most severe; one without a severity has the rule's own. */
export function worst<T extends { readonly severity?: Severity }>(
  all: readonly T[],
  own: Severity = 'note',
): T | undefined {
  const weight = ({ severity = own }: T) => severities.indexOf(severity);
  return all.toSorted((a, b) => weight(a) - weight(b))[0];
}

/** For a sort, the worst first. */
export function compareSeverity(
  a: { readonly severity: Severity },
  b: { readonly severity: Severity },
): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

/** This severity and all that weigh more; none for 'none'. */
export function severitiesFrom(least: Severity | 'none'): readonly Severity[] {
  return least === 'none' ? [] : severities.slice(0, severities.indexOf(least) + 1);
}

/** One thing seen in the file (or in its root filesystem) that a verdict rests on. */
export interface Evidence {
  /** What was looked at, in the vocabulary of readelf: `PT_GNU_STACK flags`. */
  readonly what: string;
  /** What was seen there: `RWE`. */
  readonly saw: string;
  /** File offset in bytes, where one place in the file shows it. */
  readonly offset?: bigint;
}

/** Where a remedy is applied. */
export type Toolchain =
  | 'gcc'
  | 'clang'
  | 'rustc'
  | 'go'
  | 'zig'
  | 'cmake'
  | 'alpine'
  | 'debian'
  | 'image';

/** What to do, by toolchain. Markdown. */
export type Remedies = Readonly<Partial<Record<Toolchain, string>>>;

export interface Verdict {
  readonly outcome: Outcome;
  /** One sentence for a person: what is the case, and for `unknown` and `not-applicable` why. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Set on a `fail` that weighs more or less than its rule's own severity. */
  readonly severity?: Severity;
  /**
   * Set on an `unknown` that damage or an exceeded limit left undecided. Without it the file is complete and does not
   * show it: nothing more can be decided. A gate where the rule counts is undecided while a verdict is undecided by
   * damage.
   */
  readonly undecidedBy?: Damage;
  /** Of a `fail`: what fixes this very case, where that is more than the rule says of all. */
  readonly remedies?: Remedies;
  /**
   * Of a `fail` of a rule that fails for causes of many kinds: which one it is, the same in every build. Who accepts one cause has
   * not seen another.
   */
  readonly cause?: string;
  /** Of a rule whose mitigation has degrees, whatever the outcome is. Absent: nothing was counted. */
  readonly degree?: Degree;
  /** Set where the file by itself leaves it undecided, and a separate debug file decides it. */
  readonly decidedBy?: DecidedBy;
}

/** What a verdict rests on that is not in the file. */
export interface DecidedBy {
  /** Path of the debug file in its folder. */
  readonly debugFile: string;
  /** Why it is unknown without that. */
  readonly otherwise: string;
}

/**
 * How much of a mitigation is there: two releases with the same verdict are compared by it. Small, since each report has it for each
 * binary. What is counted, and which steps there are, is the rule's to know.
 */
export interface Degree {
  /** `[142, 160]`: of 160 functions, calls or frames that need it, 142 have it. */
  readonly share?: readonly [have: number, need: number];
  /** A step on the rule's own scale: `partial`, `strong`, `3`. */
  readonly level?: string;
  /** What of it is there, sorted: `IBT`, `SHSTK`. */
  readonly parts?: readonly string[];
  /** What a failure is for, each by its name: one that was not there before is a further one. */
  readonly faults?: readonly string[];
  /** The share counts functions of every language, or of a C library in the file, too: the two figures are not a ratio of the program's own. */
  readonly mixed?: true;
}

/** What leaves a verdict undecided though the file may hold the answer. */
export type Damage = 'damage' | 'limit';

export function pass(message: string, evidence: readonly Evidence[] = []): Verdict {
  return { outcome: 'pass', message, evidence };
}

export function fail(
  message: string,
  evidence: readonly Evidence[],
  more: Pick<Verdict, 'severity' | 'remedies' | 'cause'> = {},
): Verdict {
  return { outcome: 'fail', message, evidence, ...more };
}

export function unknown(
  because: string,
  evidence: readonly Evidence[] = [],
  cause: { readonly undecidedBy?: Damage } = {},
): Verdict {
  return { outcome: 'unknown', message: because, evidence, ...cause };
}

export function notApplicable(because: string, evidence: readonly Evidence[] = []): Verdict {
  return { outcome: 'not-applicable', message: because, evidence };
}
