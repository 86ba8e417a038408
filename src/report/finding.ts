import { severitiesFrom } from '../base/verdict.ts';
import type { Gate, JudgedVerdict } from './report.ts';

/** A failure that counts: neither waived, nor in the baseline, nor counted with another. The one place that says so. */
export function isFinding(verdict: JudgedVerdict): boolean {
  const { outcome, waived, baselined, countedWith } = verdict;
  const isAccepted = waived !== undefined || baselined !== undefined || isAsBefore(verdict);
  return outcome === 'fail' && !isAccepted && countedWith === undefined;
}

/** What could not be decided, and that nobody accepted so. */
export function isOpen(verdict: JudgedVerdict): boolean {
  const { outcome, waived } = verdict;
  return outcome === 'unknown' && waived === undefined && !isAsBefore(verdict);
}

/** The older release has it too. */
export function isAsBefore({ stands }: JudgedVerdict): boolean {
  return stands?.is === 'as before';
}

/** Whether this verdict alone breaks the gate. Conditions over many verdicts (coverage, maxima) are not of it. */
export function breaksGate(
  { failOn, failOnRules, failOnUnknown }: Pick<Gate, 'failOn' | 'failOnRules' | 'failOnUnknown'>,
  verdict: JudgedVerdict,
): boolean {
  if (verdict.stands !== undefined) return verdict.stands.breaks === true;
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

/** The verdict as it stands by itself, whatever an older release has. */
export function byItself(verdict: JudgedVerdict): JudgedVerdict {
  if (verdict.stands === undefined && verdict.worseBy === undefined) return verdict;
  const { stands, worseBy, ...own } = verdict;
  return own;
}
