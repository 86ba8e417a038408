import type { Result } from 'sarif';
import type { Severity } from '../../base/verdict.ts';
import type { Report, TargetReport } from '../../report/report.ts';
import type { Alert } from '../alerts/alerts.ts';
import type { Finding } from '../findings/findings-of.ts';

/** How the results of a report stand to those of an older one. */
export interface SarifComparison {
  changeOf(finding: Finding): SarifChange;
  /** What it means as a whole, in `properties.comparison` of each run. */
  readonly answer: { readonly state: string; readonly because: string };
  /** What a reader must know of it, and what was not read of the old report. */
  readonly notes: readonly string[];
  /** Its results that are gone are listed too; null: they are not. */
  readonly old: Report | null;
  /** Targets of the old report that these are the new ones of; with `isFirst` also those that are gone as a whole. */
  oldTargetsOf(targets: readonly TargetReport[], isFirst: boolean): readonly TargetReport[];
  /** Of a finding of the old report: it was seen that it is not there any more. */
  isGone(finding: Finding): boolean;
}

export interface SarifChange {
  readonly state: 'new' | 'updated' | 'unchanged';
  /** What became worse is a result even if it is not a failure; null: it did not. */
  readonly worse: Worsening | null;
}

export interface Worsening {
  readonly severity: Severity;
  /** What the old report said: a sentence without its end. */
  readonly before: string;
}

/** The spec's result.baselineState (3.27.24): of the files of a package together, `new` if all of them are. */
export function stateOf(alert: Alert, { changeOf }: SarifComparison): Result['baselineState'] {
  const states = new Set(alert.findings.map((finding) => changeOf(finding).state));
  const [only = 'updated', ...others] = states;
  return others.length === 0 ? only : 'updated';
}

/** Of the first finding: alerts are the most severe first. */
export function worseningOf(alert: Alert, comparison: SarifComparison | null): Worsening | null {
  if (comparison === null) return null;
  for (const finding of alert.findings) {
    const { worse } = comparison.changeOf(finding);
    if (worse !== null) return worse;
  }
  return null;
}

export function isWorsened(finding: Finding, { changeOf }: SarifComparison): boolean {
  return changeOf(finding).worse !== null;
}
