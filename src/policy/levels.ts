import { notApplicable } from '../base/verdict.ts';
import { severityCounts } from '../report/finding.ts';
import type { Gate, JudgedVerdict } from '../report/report.ts';
import type { LevelChange } from './policy.ts';
import { compileSelector, type Matches } from './select.ts';
import type { Subject } from './subject.ts';

/** Sets what each verdict weighs. The last change that matches wins, as later lines of a configuration do. */
export function compileLevels(
  changes: readonly LevelChange[],
  gate: Pick<Gate, 'failOn'>,
): (verdict: JudgedVerdict, subject: Subject) => JudgedVerdict {
  const changeOf = compileChanges(changes);
  return (verdict, subject) => {
    const found = changeOf(verdict, subject);
    return found === undefined
      ? verdict
      : markSetAside(verdict, weigh(verdict, found), found, gate);
  };
}

/** The one of them that is in force. */
export function compileChanges(
  changes: readonly LevelChange[],
): (verdict: Pick<JudgedVerdict, 'rule'>, subject: Subject) => LevelChange | undefined {
  const byRule = new Map<string, CompiledChange[]>();
  for (const change of changes.toReversed()) {
    const compiled = { change, matches: compileSelector(change.where) };
    byRule.set(change.rule, [...(byRule.get(change.rule) ?? []), compiled]);
  }
  return ({ rule }, subject) => byRule.get(rule)?.find(({ matches }) => matches(subject))?.change;
}

interface CompiledChange {
  readonly change: LevelChange;
  readonly matches: Matches;
}

/** What is switched off keeps its place and its evidence, so that a reader sees that it was found and not required. */
function weigh(
  verdict: JudgedVerdict,
  { level, because, isDeviation }: LevelChange,
): JudgedVerdict {
  if (level !== 'off') {
    const isKnown = isDeviation === true && verdict.outcome === 'fail';
    return { ...verdict, severity: level, ...(isKnown ? { knownDeviation: because } : {}) };
  }
  if (verdict.outcome === 'pass' || verdict.outcome === 'not-applicable') return verdict;
  const { undecidedBy, message, evidence, ...rest } = verdict;
  return { ...rest, ...notApplicable(`not required: ${because} (${message})`, evidence) };
}

/** Marks a failure that a change of level takes out of the gate. A mark of an earlier judgement stays: it is still so. */
function markSetAside(
  before: JudgedVerdict,
  after: JudgedVerdict,
  { by }: LevelChange,
  gate: Pick<Gate, 'failOn'>,
): JudgedVerdict {
  if (before.outcome !== 'fail') return after;
  if (after.outcome !== 'fail')
    return { ...after, setAside: by === 'profile' ? 'not-required' : 'switched-off' };
  return severityCounts(gate, before) && !severityCounts(gate, after)
    ? { ...after, setAside: 'lowered' }
    : after;
}
