import type { JudgedVerdict } from '../report.ts';
import { notApplicable } from '../verdict.ts';
import type { LevelChange } from './policy.ts';
import { compileSelector, type Matches } from './select.ts';
import type { Subject } from './subject.ts';

/** Sets what each verdict weighs. The last change that matches wins, as later lines of a configuration do. */
export function compileLevels(
  changes: readonly LevelChange[],
): (verdict: JudgedVerdict, subject: Subject) => JudgedVerdict {
  const byRule = new Map<string, CompiledChange[]>();
  for (const change of changes.toReversed()) {
    const compiled = { change, matches: compileSelector(change.where) };
    byRule.set(change.rule, [...(byRule.get(change.rule) ?? []), compiled]);
  }
  return (verdict, subject) => {
    const found = byRule.get(verdict.rule)?.find(({ matches }) => matches(subject));
    return found === undefined ? verdict : weigh(verdict, found.change);
  };
}

interface CompiledChange {
  readonly change: LevelChange;
  readonly matches: Matches;
}

/** What is switched off keeps its place and its evidence, so that a reader sees that it was seen and not asked for. */
function weigh(verdict: JudgedVerdict, { level, because }: LevelChange): JudgedVerdict {
  if (level !== 'off') return { ...verdict, severity: level };
  if (verdict.outcome === 'pass' || verdict.outcome === 'not-applicable') return verdict;
  const { undecidedBy, message, evidence, ...rest } = verdict;
  return { ...rest, ...notApplicable(`not asked for: ${because} (${message})`, evidence) };
}
