import { groupBy } from '../base/group-by.ts';
import { oncePer } from '../base/once-per.ts';
import { notApplicable, severities } from '../base/verdict.ts';
import { severityCounts } from '../report/finding.ts';
import type { Gate, JudgedVerdict, TargetReport } from '../report/report.ts';
import type { LevelChange, Selector } from './policy.ts';
import { isOfSystem } from './select.ts';
import type { Subject } from './subject.ts';
import type { Trusted, Trusting } from './words/trusting.ts';

/**
 * Sets what each verdict weighs. The last change that matches wins, as later lines of a configuration do. One that matches only
 * by a word that the policy does not accept wins where it weighs more.
 */
export function compileLevels(
  changesOf: Changes,
  gate: Pick<Gate, 'failOn'>,
): (verdict: JudgedVerdict, subject: Subject) => JudgedVerdict {
  return (verdict, subject) => {
    if (changesOf.areIdle(verdict, subject)) return verdict;
    const { certain, doubtful } = changesOf.matching(verdict, subject);
    const changed = (change: LevelChange) =>
      markSetAside(verdict, weigh(verdict, change), change, gate);
    const surely = certain === undefined ? verdict : changed(certain);
    return doubtful.length === 0 ? surely : doubtful.map(changed).reduce(heavier, surely);
  };
}

/** Changes that match a file. */
export interface Matching {
  /** The last one that surely matches. */
  readonly certain: LevelChange | undefined;
  /** Later ones that match if a word is true that the policy does not accept. */
  readonly doubtful: readonly LevelChange[];
}

export interface Changes {
  matching(verdict: Pick<JudgedVerdict, 'rule'>, subject: Subject): Matching;
  /** Whether no change would leave the verdict another one, whatever matches: most verdicts are passes, and most changes switch off. */
  areIdle(verdict: Pick<JudgedVerdict, 'rule' | 'outcome'>, subject: Subject): boolean;
}

export function compileChanges(changes: readonly LevelChange[], trusting: Trusting): Changes {
  const lastFirst = compileEach(changes, trusting);
  // Most expectations are of other systems than what is judged.
  const ofTarget = oncePer((target: TargetReport) => {
    const isFor = oncePer((where: Selector) => isOfSystem(where, target));
    const asked = lastFirst.filter(({ change }) => isFor(change.where));
    const byRule = groupBy(asked, ({ change }) => change.rule);
    const some = [...byRule].filter(([, own]) => !own.every(onlySwitchesOff));
    return { byRule, weighing: new Set(some.map(([rule]) => rule)) };
  });
  return {
    matching({ rule }, subject) {
      const asked = ofTarget(subject.target).byRule.get(rule);
      if (asked === undefined) return noChange;
      let doubtful: readonly LevelChange[] = [];
      for (const { change, matches } of asked) {
        const trust = matches(subject);
        if (trust === 'yes') return { certain: change, doubtful };
        if (trust === 'maybe') doubtful = [...doubtful, change];
      }
      return { certain: undefined, doubtful };
    },
    areIdle: ({ rule, outcome }, { target }) =>
      (outcome === 'pass' || outcome === 'not-applicable') && !ofTarget(target).weighing.has(rule),
  };
}

/** What a configuration says is asked anyway: by what it matched is a notice. */
function onlySwitchesOff({ change: { level, by } }: CompiledChange): boolean {
  return level === 'off' && by === 'profile';
}

const noChange: Matching = { certain: undefined, doubtful: [] };

/** The last one first, which wins. */
function compileEach(
  changes: readonly LevelChange[],
  trusting: Trusting,
): readonly CompiledChange[] {
  // An expectation of a profile is one change for each of its rules.
  const expectations = new Map<LevelChange['where'], Trusted>();
  return changes.toReversed().map((change) => {
    const { where, by } = change;
    const known = by === 'profile' ? expectations.get(where) : undefined;
    const matches = known ?? onceInARow(trusting.compile(where, askerOf(change), by));
    if (by === 'profile') expectations.set(where, matches);
    return { change, matches };
  });
}

/** The verdicts of a file come one after another, and nearly all rules of a profile share a few expectations. */
function onceInARow(matches: Trusted): Trusted {
  let last: Subject | null = null;
  let answer: ReturnType<Trusted> = 'no';
  return (subject) => {
    if (subject !== last) answer = matches(subject);
    last = subject;
    return answer;
  };
}

function askerOf({ rule, by, where }: LevelChange): string | null {
  if (by === 'profile') return null;
  const named = Object.keys(where).filter((key) => key !== 'path' && key !== 'kind');
  return named.length === 0 ? null : `the level of ${rule} by ${named.join(' and ')}`;
}

/** Of one verdict that two changes were made to. */
function heavier(one: JudgedVerdict, other: JudgedVerdict): JudgedVerdict {
  return weightOf(other) < weightOf(one) ? other : one;
}

/** 0 is the heaviest. What is not required weighs nothing. */
function weightOf({ outcome, severity }: JudgedVerdict): number {
  return outcome === 'not-applicable' ? severities.length : severities.indexOf(severity);
}

interface CompiledChange {
  readonly change: LevelChange;
  readonly matches: Trusted;
}

/** What is switched off keeps its place and its evidence, so that a reader sees that it was found and not required. */
function weigh(
  verdict: JudgedVerdict,
  { level, because, isDeviation }: LevelChange,
): JudgedVerdict {
  if (level !== 'off') {
    const isKnown = isDeviation === true && verdict.outcome === 'fail';
    if (!isKnown && verdict.severity === level) return verdict;
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
