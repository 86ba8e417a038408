import { amount, listed } from '../base/amount.ts';
import type {
  FailedCondition,
  HeldCondition,
  JudgedVerdict,
  TargetReport,
} from '../report/report.ts';
import type { GateConditions } from './policy.ts';
import { scopeOf } from './scope-of.ts';
import { type Subject, subjectsOf, whoseOf } from './subject.ts';
import { bare } from './unweighed.ts';
import { breaksAsWorse, severityOfLess, standingOf } from './worse.ts';

/** The verdict with the mark whether it breaks the gate for having got worse. What the policy accepts of it does not. */
export function stampWorse(
  verdict: JudgedVerdict,
  subject: Subject,
  conditions: GateConditions,
): JudgedVerdict {
  const { stands } = verdict;
  if (stands === undefined) return verdict;
  const { breaks: _, ...mark } = stands;
  const breaks = breaksForWorse(verdict, subject, conditions);
  return { ...verdict, stands: breaks ? { ...mark, breaks: true } : mark };
}

/** From what the verdict says, and not from its mark: anybody can write one. */
function breaksForWorse(
  verdict: JudgedVerdict,
  subject: Subject,
  conditions: GateConditions,
): boolean {
  const { stands, rule, outsideGate } = verdict;
  // What was yours is asked as yours, though a profile does not require it of files of the distribution.
  const isKept = stands?.wasOf === 'yours' && verdict.setAside === 'not-required';
  const isAccepted =
    verdict.waived !== undefined ||
    verdict.baselined !== undefined ||
    verdict.setAside === 'switched-off' ||
    (verdict.setAside === 'not-required' && !isKept);
  if (stands?.is !== 'worse' || isAccepted) return false;
  const asked = isKept ? bare(verdict) : verdict;
  const severity = stands.isLess === true ? severityOfLess(asked) : asked.severity;
  return breaksAsWorse(conditions, {
    ...{ rule, severity, after: standingOf(asked) },
    before: stands.passedIn === undefined ? (stands.was ?? 'pass') : null,
    ...(stands.passedIn === undefined ? {} : { passedIn: stands.passedIn }),
    whose: whoseOf(subject),
    ...(stands.wasOf === undefined ? {} : { wasOf: stands.wasOf }),
    ...(outsideGate === undefined ? {} : { outsideGate }),
    ...(stands.newCode === undefined ? {} : { newCode: true }),
  });
}

interface WorseCondition {
  readonly failed: readonly FailedCondition[];
  readonly held: readonly HeldCondition[];
}

/** Of targets that are compared with an older release: what got worse. */
export function worseCondition(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): WorseCondition {
  const compared = targets.filter(({ against }) => against !== undefined);
  if (compared.length === 0) return { failed: [], held: [] };
  const { worseThan } = conditions;
  const condition = `worse-than ${worseThan}`;
  const found = compared.flatMap((target) =>
    subjectsOf(target).flatMap((subject) =>
      subject.judged.verdicts
        .filter((verdict) => breaksForWorse(verdict, subject, conditions))
        .map(({ rule }) => ({ rule, path: subject.judged.path })),
    ),
  );
  const old = listed([...new Set(compared.map(({ against }) => against?.name ?? ''))]);
  if (found.length === 0)
    return { failed: [], held: [{ condition, because: lightOf(compared, old) }] };
  const reach = worseThan === 'none' ? '' : ` (${scopeOf(worseThan)})`;
  const places = listed([...new Set(found.map(({ rule, path }) => `${rule} of ${path}`))]);
  const because = `${amount(found.length, 'verdict')} got worse than in ${old}${reach}: ${places}`;
  return { failed: [{ condition, because, of: 'verdicts' }], held: [] };
}

/** `no verdict got worse than in app 1.0`, and how many did and do not count. */
export function lightOf(targets: readonly TargetReport[], old: string): string {
  const worse = targets
    .flatMap(subjectsOf)
    .flatMap(({ judged }) => judged.verdicts)
    // A verdict on a new file has no standing, and a cause.
    .filter(({ stands, worseBy }) => stands?.is === 'worse' || worseBy !== undefined).length;
  return worse === 0
    ? `no verdict got worse than in ${old}`
    : `no verdict that counts got worse than in ${old}, but ${amount(worse, 'other')} did`;
}
