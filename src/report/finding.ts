import { severitiesFrom } from '../base/verdict.ts';
import type { Gate, JudgedVerdict } from './report.ts';

/** A failure that counts: neither waived, nor in the baseline, nor counted with another. The one place that says so. */
export function isFinding(verdict: JudgedVerdict): boolean {
  const { outcome, waived, baselined, countedWith } = verdict;
  const isAccepted = waived !== undefined || baselined !== undefined;
  return outcome === 'fail' && !isAccepted && countedWith === undefined;
}

/** What could not be decided, and that nobody accepted so. */
export function isOpen({ outcome, waived }: JudgedVerdict): boolean {
  return outcome === 'unknown' && waived === undefined;
}

/** Whether this verdict alone breaks the gate. Conditions over many verdicts (coverage, maxima) are not of it. */
export function breaksGate(
  { failOn, failOnRules, failOnUnknown }: Pick<Gate, 'failOn' | 'failOnRules' | 'failOnUnknown'>,
  verdict: JudgedVerdict,
): boolean {
  if (verdict.outsideGate !== undefined) return false;
  if (verdict.outcome === 'unknown') return failOnUnknown && isOpen(verdict);
  if (!isFinding(verdict)) return false;
  return failOnRules.includes(verdict.rule) || severityCounts({ failOn }, verdict);
}

/** Whether a failure that weighs so breaks the gate by its severity. */
export function severityCounts(
  { failOn }: Pick<Gate, 'failOn'>,
  { severity }: Pick<JudgedVerdict, 'severity'>,
): boolean {
  return severitiesFrom(failOn).includes(severity);
}
