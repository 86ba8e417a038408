import type { Problem } from '../base/problem.ts';
import type { Degree, Severity } from '../base/verdict.ts';
import type { Gate, OtherProgram } from '../report/report.ts';
import type { Whose } from '../reporters/groups/ownership-of.ts';

/** What became of the binaries and verdicts of one image in another, or of one release in the next. Sorted, plain data. */
export interface Difference {
  readonly old: Side;
  readonly new: Side;
  readonly added: readonly BinaryChange[];
  readonly removed: readonly BinaryChange[];
  /** Other bytes under the same name, or the same place in the same package. */
  readonly changed: readonly BinaryChange[];
  /** The most severe first. */
  readonly worse: readonly VerdictChange[];
  readonly better: readonly VerdictChange[];
  /** Changes that weigh nothing: of severity note, or of no weight. */
  readonly neutral: readonly VerdictChange[];
  /** What is not seen any more only because the new file is stripped: it is neither worse nor better. */
  readonly unseen: readonly VerdictChange[];
  /** Why entries of `worse` are worse, the most severe first: each entry has one cause, and a cause may have many. */
  readonly causes: readonly Cause[];
  /**
   * What the two policies make of the same verdict of a rule: waived, switched off, raised; and what got worse and is accepted. The
   * most severe first.
   */
  readonly byPolicy: readonly VerdictChange[];
  /** Whether the two were judged by different policies, as far as their reports show it. */
  readonly policiesDiffer: boolean;
  readonly coverage: readonly CoverageChange[];
  /** What makes the two hard to compare. */
  readonly notices: readonly string[];
}

export interface Side {
  /** Names and digests of the targets. */
  readonly targets: readonly { readonly name: string; readonly digest: string | null }[];
  readonly binaries: number;
  readonly findings: number;
  /** Name of the profile it was judged by. */
  readonly profile: string;
  /** State of its own gate. */
  readonly gate: Gate['state'];
  /** Parts that were not read: what they hold is not compared. */
  readonly unread: readonly Problem[];
}

export interface BinaryChange {
  readonly path: string;
  /** Which of `new.targets` it is in, from 0; where it is gone, which of `old.targets` it was in. */
  readonly target: number;
  /** Where it was before; null where it is new, or in the same place. */
  readonly from: string | null;
  readonly package: string | null;
  /** Digest of its layer, or `layer N`. */
  readonly layer: string;
  /** Whose it is now; where it is gone, whose it was. */
  readonly whose: Whose;
  /** Whose it was before. Absent: the same, or it was not there. */
  readonly wasOf?: Whose;
  /** What it came with; null of what is yours, and where that is not known. */
  readonly component: ChangedComponent | null;
  /** Of a file that is gone: its findings, which got no better by that. Absent: it had none, or is there. */
  readonly findings?: number;
  /** Of a file that is gone: what stands in its place, which is not an ELF file. */
  readonly replacedBy?: OtherProgram['is'];
}

/** A package or module that was there before, is there after, or both. */
export interface ChangedComponent {
  readonly ecosystem: string;
  /** The source package where there is one, else the name. */
  readonly name: string;
  /** Versions; null where it was not there, or brought the binary on the other side only. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface VerdictChange extends BinaryChange {
  readonly rule: string;
  /** `pass`, `unknown`, `fail`, `waived`, `known` ...; null where the binary was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /**
   * Of the failure on the side that counts: after for worse, before for better. Where that is not a failure, the severity that a
   * failure of the rule would have there.
   */
  readonly severity: Severity;
  /** Of a rule whose mitigation has degrees; null where a side has none. Absent: both have none. */
  readonly degree?: { readonly before: Degree | null; readonly after: Degree | null };
  /**
   * Of a new file: the first of the files of yours that are gone and all passed the rule. It is asked as if it were one of them.
   */
  readonly passedIn?: string;
  /** Where it does not count in the gate because of whose file it is. */
  readonly outsideGate?: 'dependency' | 'distribution';
  /** Nothing was lost: the code is new and lacks it, as what was there did. It breaks the gate as a finding of a new file does. */
  readonly newCode?: true;
  readonly message: string;
}

/** Entries of `worse` with one rule and one reason, and those by the options that the same files record for it. */
export interface Cause {
  readonly rule: string;
  /** The option of a compiler or linker that was probably lost; null where no single one is known. */
  readonly flag: string | null;
  /** What happened, with the numbers: "`-fstack-protector-strong` was lost: 142 of 160 functions, now 37". */
  readonly sentence: string;
  /** Paths, sorted, each once. */
  readonly files: readonly string[];
  /** Positions in `worse`, from 0, in its order. */
  readonly entries: readonly number[];
  /** Whose the files are. */
  readonly whose: Whose;
  /** The worst of its entries. */
  readonly severity: Severity;
  /** The command line, or the sentence, that brings it back. Markdown; null where none is known. */
  readonly remedy: string | null;
}

/** Passes among the binaries that a rule applies to. */
export interface CoverageChange {
  readonly rule: string;
  readonly before: Coverage;
  readonly after: Coverage;
}

export interface Coverage {
  readonly passed: number;
  readonly judged: number;
}
