import { amount } from '../amount.ts';
import { isFinding, severityCounts } from '../finding.ts';
import { judgedOf } from '../judged.ts';
import type { Gate, JudgedVerdict, SetAside, TargetReport } from '../report.ts';
import type { LevelChange } from './policy.ts';

/** Marks a failure that a change of level takes out of the gate. A mark of an earlier judgement stays: it is still so. */
export function markSetAside(
  before: JudgedVerdict,
  after: JudgedVerdict,
  { by }: LevelChange,
  gate: Pick<Gate, 'failOn'>,
): JudgedVerdict {
  if (before.outcome !== 'fail') return after;
  if (after.outcome !== 'fail')
    return { ...after, setAside: by === 'profile' ? 'not-asked-for' : 'switched-off' };
  return severityCounts(gate, before) && !severityCounts(gate, after)
    ? { ...after, setAside: 'lowered' }
    : after;
}

/** What levels, waivers, the baseline and exclusions take away. */
export function countSetAside(targets: readonly TargetReport[]): SetAside {
  const sum = (count: (target: TargetReport) => number) =>
    targets.reduce((total, target) => total + count(target), 0);
  const marked = (mark: JudgedVerdict['setAside']) =>
    sum((target) =>
      judgedOf(target).reduce((total, { verdicts }) => total + countMarked(verdicts, mark), 0),
    );
  return {
    waived: sum(({ counts }) => counts.waived),
    baselined: sum(({ counts }) => counts.baselined),
    switchedOff: marked('switched-off'),
    notAskedFor: marked('not-asked-for'),
    lowered: marked('lowered'),
    excluded: sum(({ excluded }) => excluded),
  };
}

function countMarked(verdicts: readonly JudgedVerdict[], mark: JudgedVerdict['setAside']): number {
  return verdicts.filter(
    (verdict) => verdict.setAside === mark && (mark !== 'lowered' || isFinding(verdict)),
  ).length;
}

/** `3 findings waived, 12 switched off`; null where everything counts. */
export function setAsideSentence(setAside: SetAside): string | null {
  const findings = (
    [
      [setAside.waived, 'waived'],
      [setAside.baselined, 'in the baseline'],
      [setAside.switchedOff, 'switched off'],
      [setAside.notAskedFor, 'not asked for by the profile'],
      [setAside.lowered, 'lowered below the gate'],
    ] as const
  ).filter(([count]) => count > 0);
  const parts = findings.map(([count, how], index) =>
    index === 0 ? `${amount(count, 'finding')} ${how}` : `${count} ${how}`,
  );
  const { excluded } = setAside;
  if (excluded > 0) parts.push(`${amount(excluded, 'file')} excluded`);
  return parts.length === 0 ? null : parts.join(', ');
}
