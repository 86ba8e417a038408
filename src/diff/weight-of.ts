import { severities } from '../base/verdict.ts';
import { isFinding } from '../report/finding.ts';
import type { JudgedVerdict } from '../report/report.ts';

/** Nothing to complain of is 0, what is not known 1, and findings weigh more the more severe they are. */
export function weightOf(verdict: JudgedVerdict | undefined): number {
  if (verdict === undefined) return 0;
  if (verdict.outcome === 'unknown') return 1;
  return isFinding(verdict) ? severities.length + 1 - severities.indexOf(verdict.severity) : 0;
}
