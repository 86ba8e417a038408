import { isSeverity, type Severity, severitiesFrom } from '../base/verdict.ts';
import type { JudgedVerdict } from '../report/report.ts';
import type { Whose } from '../root/ownership/ownership.ts';
import { isAskedOf } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';

/** What a comparison with another release asks. */
export type WorseConditions = Pick<
  GateConditions,
  'of' | 'failOn' | 'failOnRules' | 'failOnUnknown' | 'worseThan'
>;

/** A verdict that got worse, whether it is of a file that both releases have or of a new one. */
export interface WorseVerdict {
  readonly rule: string;
  /** Standings: an outcome, or the severity of a failure; null: the file was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of the failure, or what a failure of the rule would weigh. */
  readonly severity: Severity;
  readonly whose: Whose;
  /** Whose it was. Absent: the same, or it was not there. */
  readonly wasOf?: Whose;
  /** Of a new file: what passed, is gone and was of the same kind. It is asked both as a new file and as that one. */
  readonly passedIn?: string;
  readonly outsideGate?: 'dependency' | 'distribution';
  /** The file was there, and the code that fails is new: it is asked what a new file is. */
  readonly newCode?: true;
}

/** Why a verdict that got worse breaks the gate, or why it does not. */
export type Weight =
  /** A verdict of a file that was there before got worse. */
  | 'lost'
  /** A new file, or new code, has what the gate fails. */
  | 'added'
  /** Whose file it is. */
  | 'of a dependency'
  | 'of the distribution'
  /** Below what breaks. */
  | 'light'
  | 'light in a new file';

/** The one place that says which verdicts break the gate of a comparison. */
export function weightOfWorse(conditions: WorseConditions, verdict: WorseVerdict): Weight {
  const isNew = verdict.before === null || verdict.newCode === true;
  const hasLost = (!isNew || verdict.passedIn !== undefined) && isLost(conditions, verdict);
  const isHeavy = hasLost || (isNew && failsGate(conditions, verdict));
  if (!isInside(conditions, verdict))
    return verdict.whose === 'dependency' ? 'of a dependency' : 'of the distribution';
  if (isHeavy) return hasLost ? 'lost' : 'added';
  return isNew && verdict.passedIn === undefined ? 'light in a new file' : 'light';
}

export function breaksAsWorse(conditions: WorseConditions, verdict: WorseVerdict): boolean {
  const weight = weightOfWorse(conditions, verdict);
  return weight === 'lost' || weight === 'added';
}

/** As in a scan: a new file has nothing to be compared with. */
function failsGate(conditions: WorseConditions, { rule, after, severity }: WorseVerdict): boolean {
  if (after === 'unknown') return conditions.failOnUnknown;
  if (!isSeverity(after)) return false;
  return (
    conditions.failOnRules.includes(rule) || severitiesFrom(conditions.failOn).includes(severity)
  );
}

/** Lost evidence is lost too: a verdict need not be a failure now. */
function isLost(
  { worseThan, failOnRules, failOnUnknown }: WorseConditions,
  { rule, after, severity }: WorseVerdict,
): boolean {
  if (after === 'unknown' && failOnUnknown) return true;
  if (isSeverity(after) && failOnRules.includes(rule)) return true;
  return severitiesFrom(worseThan).includes(severity);
}

/**
 * What was yours stays yours for this question: the release itself says where a file lies and what package it came with. A failure of
 * another's file that the gate counts anyway has no mark.
 */
function isInside({ of }: WorseConditions, verdict: WorseVerdict): boolean {
  const { rule, whose, wasOf, after, outsideGate } = verdict;
  if (isAskedOf(whose, rule, of) || (wasOf !== undefined && isAskedOf(wasOf, rule, of)))
    return true;
  return outsideGate === undefined && (isSeverity(after) || after === 'unknown');
}

/**
 * A rule may say that its failure is but a note because another part of the mitigation is still there. What is lost of that weighs
 * more, unless the policy says what the rule weighs.
 */
export function severityOfLess({ severity, unweighed }: JudgedVerdict): Severity {
  return severity === 'note' && unweighed?.severity === undefined ? 'low' : severity;
}

/** `pass`, `unknown`, `not-applicable`, the severity of a failure, or what the policy makes of it. */
export function standingOf(verdict: JudgedVerdict): string {
  if (verdict.waived !== undefined) return 'waived';
  if (verdict.baselined !== undefined) return 'known';
  if (verdict.countedWith !== undefined) return 'not-applicable';
  return verdict.outcome === 'fail' ? verdict.severity : verdict.outcome;
}
