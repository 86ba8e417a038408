import type { Severity } from '../../base/verdict.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import type { Component, Whose } from './ownership-of.ts';

/** What a person looks at together: a file of yours, or all files of one component. */
export interface Group {
  readonly whose: Whose;
  readonly target: TargetReport;
  /** The path of a file of yours; else the component with its version. */
  readonly title: string;
  readonly component: Component | null;
  /** With something to list, those that matter most first. */
  readonly files: readonly Judged[];
  /** Each once, however many files have it; worst first. */
  readonly entries: readonly Entry[];
  /** Of the worst entry. */
  readonly severity: Severity;
  /** How many of its verdicts break the gate by themselves. */
  readonly breaking: number;
}

/** The same finding of one or more files. */
export interface Entry {
  readonly rule: string;
  /** The worst of them. */
  readonly severity: Severity;
  /** In the order of the group's files. */
  readonly findings: readonly [Finding, ...Finding[]];
}
