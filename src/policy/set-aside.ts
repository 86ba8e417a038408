import { amount } from '../base/amount.ts';
import { judgedOf } from '../report/all-judged.ts';
import { breaksGate, isFinding } from '../report/finding.ts';
import type { Gate, JudgedVerdict, SetAside, TargetReport } from '../report/report.ts';
import { isAskedOf } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';
import { subjectsOf, whoseOf } from './subject.ts';

/** What levels, waivers, the baseline, exclusions and the owners of files take away; of levels, from what the gate is of. */
export function countSetAside(
  targets: readonly TargetReport[],
  conditions: Pick<Gate, 'failOn' | 'failOnRules' | 'failOnUnknown'> & Pick<GateConditions, 'of'>,
): SetAside {
  const sum = (count: (target: TargetReport) => number) =>
    targets.reduce((total, target) => total + count(target), 0);
  const marks = targets.flatMap((target) => marksOf(target, conditions));
  const marked = (mark: JudgedVerdict['setAside']) =>
    marks.filter(({ setAside }) => setAside === mark).length;
  const rules = rulesOf(marks.filter(({ setAside }) => setAside === 'not-required'));
  const waivedUnknown = targets
    .flatMap(judgedOf)
    .flatMap(({ verdicts }) =>
      verdicts.filter(({ outcome, waived }) => outcome === 'unknown' && waived !== undefined),
    ).length;
  return {
    waived: sum(({ counts }) => counts.waived),
    ...(waivedUnknown === 0 ? {} : { waivedUnknown }),
    baselined: sum(({ counts }) => counts.baselined),
    switchedOff: marked('switched-off'),
    notRequired: marked('not-required'),
    ...(rules.length === 0 ? {} : { notRequiredRules: rules }),
    lowered: marked('lowered'),
    ...asBeforeIn(targets),
    excluded: sum(({ excluded }) => excluded),
    ...countOutside(targets, conditions),
  };
}

function asBeforeIn(targets: readonly TargetReport[]): Pick<SetAside, 'asBefore'> {
  const asBefore = targets.reduce((sum, { counts }) => sum + (counts.asBefore ?? 0), 0);
  return asBefore === 0 ? {} : { asBefore };
}

function marksOf(
  target: TargetReport,
  { of }: Pick<GateConditions, 'of'>,
): readonly JudgedVerdict[] {
  return subjectsOf(target).flatMap((subject) => {
    const whose = whoseOf(subject);
    return subject.judged.verdicts.filter(
      (verdict) =>
        verdict.setAside !== undefined &&
        (verdict.setAside !== 'lowered' || isFinding(verdict)) &&
        isAskedOf(whose, verdict.rule, of),
    );
  });
}

/** Those with most verdicts first. */
function rulesOf(verdicts: readonly JudgedVerdict[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { rule } of verdicts) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([rule]) => rule);
}

/** What would break the gate, were it of all files. */
function countOutside(
  targets: readonly TargetReport[],
  conditions: Pick<Gate, 'failOn' | 'failOnRules' | 'failOnUnknown'>,
): Pick<SetAside, 'ofDependencies' | 'ofDistribution'> {
  const outside = targets.flatMap((target) =>
    judgedOf(target).flatMap(({ verdicts }) =>
      verdicts.filter(({ outsideGate }) => outsideGate !== undefined),
    ),
  );
  const count = (whose: JudgedVerdict['outsideGate']) =>
    outside.filter(
      ({ outsideGate, ...verdict }) => outsideGate === whose && breaksGate(conditions, verdict),
    ).length;
  const [ofDependencies, ofDistribution] = [count('dependency'), count('distribution')];
  return {
    ...(ofDependencies === 0 ? {} : { ofDependencies }),
    ...(ofDistribution === 0 ? {} : { ofDistribution }),
  };
}

/** `3 findings waived, 12 switched off`; null where everything counts. */
export function setAsideSentence(setAside: SetAside): string | null {
  const { waivedUnknown = 0 } = setAside;
  const findings = (
    [
      [setAside.waived - waivedUnknown, 'waived'],
      [setAside.baselined, 'in the baseline'],
      [setAside.switchedOff, 'switched off'],
      [setAside.notRequired, `not required by the profile${whichRules(setAside)}`],
      [setAside.lowered, 'lowered below the gate'],
    ] as const
  ).filter(([count]) => count > 0);
  const parts = findings.map(([count, how], index) =>
    index === 0 ? `${amount(count, 'finding')} ${how}` : `${count} ${how}`,
  );
  if (waivedUnknown > 0) parts.push(`${amount(waivedUnknown, 'unknown verdict')} waived`);
  const { excluded, asBefore } = setAside;
  if (asBefore !== undefined) parts.push(`${asBefore} as before`);
  if (excluded > 0) parts.push(`${amount(excluded, 'file')} excluded`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** Rules that the line of the gate names. */
const mostRules = 3;

/** Which rules they are, and how to require them. */
function whichRules({ notRequiredRules = [] }: SetAside): string {
  if (notRequiredRules.length === 0) return '';
  const more = notRequiredRules.length - mostRules;
  const others = more > 0 ? ` and ${amount(more, 'more rule')}` : '';
  return ` (${notRequiredRules.slice(0, mostRules).join(', ')}${others}; --profile default requires them)`;
}

/** `1 finding of dependencies and 35 of the distribution do not count (--gate-of all)`, by the smallest option that counts them; null where all count. */
export function outsideSentence({
  ofDependencies = 0,
  ofDistribution = 0,
}: SetAside): string | null {
  const parts = (
    [
      [ofDependencies, 'of dependencies'],
      [ofDistribution, 'of the distribution'],
    ] as const
  )
    .filter(([count]) => count > 0)
    .map(([count, whose], index) =>
      index === 0 ? `${amount(count, 'finding')} ${whose}` : `${count} ${whose}`,
    );
  if (parts.length === 0) return null;
  const verb = ofDependencies + ofDistribution === 1 ? 'does' : 'do';
  const counting = ofDistribution > 0 ? 'all' : 'dependencies';
  return `${parts.join(' and ')} ${verb} not count (--gate-of ${counting})`;
}
