import { severities } from '../base/verdict.ts';
import { byItself, isAsBefore, isFinding } from '../report/finding.ts';
import type { Judged, JudgedVerdict } from '../report/report.ts';
import { isNamed } from './named-rules.ts';
import type { GateConditions } from './policy.ts';
import { factAt } from './subject.ts';

interface Following {
  /** The rule that fails for the same cause, and whose remedy fixes both. */
  readonly with: string;
  /** Whether it is the same cause in this file. */
  readonly where: (judged: Judged) => boolean;
}

/** By rule: what it is counted with. */
const followers: Readonly<Record<string, Following>> = {
  // Lazily bound slots are those that partial RELRO leaves writable; without RELRO all are.
  'bind-now': { with: 'relro', where: () => true },
  // Code with fixed addresses in it. If it is not announced to the loader, the file crashes, which is more than pie
  // says.
  'no-text-relocations': {
    with: 'pie',
    where: (judged) => {
      const announced = factAt(judged, 'textRelocations.announced');
      return Array.isArray(announced) && announced.length > 0;
    },
  },
};

/**
 * One cause is one finding: a failure is counted with another of the same file that says more. Not where a condition names
 * its rule, and not where the other does not count itself: it was not asked, is accepted or weighs less. Called when all
 * else is settled.
 */
export function markOneCause(
  verdict: JudgedVerdict,
  judged: Judged,
  conditions: GateConditions,
): JudgedVerdict {
  const following = followers[verdict.rule];
  if (following === undefined || !isFinding(byItself(verdict))) return verdict;
  const leader = judged.verdicts.find(({ rule }) => rule === following.with);
  if (isNamed(conditions, verdict.rule) || leader === undefined || !isFinding(byItself(leader)))
    return verdict;
  // What was there before stands for nothing that is new.
  if (isAsBefore(leader) && !isAsBefore(verdict)) return verdict;
  const isWeaker = severities.indexOf(leader.severity) > severities.indexOf(verdict.severity);
  // What counts in the gate stands for what does not, and never the other way round.
  const isElsewhere =
    leader.outsideGate !== undefined && leader.outsideGate !== verdict.outsideGate;
  if (isWeaker || isElsewhere || !following.where(judged)) return verdict;
  return { ...verdict, countedWith: following.with };
}
