import type { ChangedSetting } from '../../policy/config/changed-settings.ts';
import type { Gate, PolicyFile } from '../../report/report.ts';

/** What another policy makes of the same images. Sorted, plain data. */
export interface PolicyDifference {
  readonly old: PolicySide;
  readonly new: PolicySide;
  readonly settings: readonly ChangedSetting[];
  /** All of them, in the order of the reports. */
  readonly images: readonly ImageChange[];
  readonly totals: Totals;
  /** Sentences: by which files the reports were judged that are on neither side. */
  readonly leftOut: readonly string[];
}

export interface PolicySide {
  readonly profile: string;
  readonly files: readonly PolicyFile[];
  /** What each of the policies says of itself. */
  readonly warnings: readonly string[];
  readonly notices: readonly string[];
}

export interface ImageChange {
  readonly name: string;
  readonly before: GateAnswer;
  readonly after: GateAnswer;
  /** Where the state is another one. */
  readonly turns: Turn | null;
  /** What was counted by conditions over many verdicts that hold on one side alone. */
  readonly conditions: {
    readonly broken: readonly string[];
    readonly repaired: readonly string[];
  };
  readonly changes: readonly RuleChange[];
}

export type GateAnswer = Pick<Gate, 'state' | 'because'>;

/** From a gate that holds to one that does not, back to one that holds, and between the two that do not. */
export type Turn = 'breaks' | 'becomes undecided' | 'holds' | 'other';

/** What the new policy does to verdicts of a rule; the first that fits. */
export const changeKinds = [
  'counts',
  'waived no more',
  'new again',
  'required',
  'raised',
  'inside the gate',
  'counts no more',
  'waived',
  'in the baseline',
  'switched off',
  'lowered',
  'outside the gate',
  'excluded',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface RuleChange {
  readonly kind: ChangeKind;
  readonly rule: string;
  readonly verdicts: number;
  /** Of these, how many break the gate now and did not before, and the other way round. */
  readonly breaking: number;
  readonly released: number;
  /** The first of them. */
  readonly files: readonly string[];
}

export interface Totals {
  readonly images: number;
  readonly breaks: number;
  readonly undecided: number;
  readonly holds: number;
  readonly changes: readonly TotalChange[];
}

export interface TotalChange extends Omit<RuleChange, 'files'> {
  readonly images: number;
}
