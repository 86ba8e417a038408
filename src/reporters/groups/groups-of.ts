import { compareSeverity, type Severity, worstSeverity } from '../../base/verdict.ts';
import { isBinary, judgedOf } from '../../report/all-judged.ts';
import { breaksGate, isFinding } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { Gate, Judged, JudgedVerdict, Report, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import type { Entry, Group } from './group.ts';
import { type Component, ownershipOf, type Whose } from './ownership-of.ts';

/** Whose files a reader acts on first. */
export const owners: readonly Whose[] = ['yours', 'dependency', 'distribution'];

/** Which verdicts are listed: by default findings, and what breaks the gate though it is none. */
export type Wanted = (verdict: JudgedVerdict, target: TargetReport) => boolean;

/**
 * The findings of a report as people act on them: yours by file, then dependencies and the distribution by component,
 * in each what breaks the gate first, then by severity, then by how exposed the files are. Every format that has room for
 * some findings only takes them in this order.
 */
export function groupsOf(
  report: Report,
  { wanted = countsIn(report), by = 'component' }: Grouping = {},
): readonly Group[] {
  return report.targets
    .flatMap((target) => {
      const gate = gateOfTarget(target, report);
      return bunchesOf(target, wanted, by).map((bunch) => groupOf(target, bunch, gate));
    })
    .toSorted(byUrgency);
}

export interface Grouping {
  readonly wanted?: Wanted;
  /** Files of one component together, or each file by itself, for any owner. */
  readonly by?: 'component' | 'file';
}

/** The findings one by one, in the order of their groups. */
export function findingsByGroup(report: Report, grouping?: Grouping): readonly Finding[] {
  return groupsOf(report, grouping).flatMap(({ entries }) =>
    entries.flatMap((each) => each.findings),
  );
}

/** Findings, and what breaks the gate though it is none. */
export function countsIn(report: Report): Wanted {
  return (verdict, target) =>
    isFinding(verdict) || breaksGate(gateOfTarget(target, report), verdict);
}

/** What becomes a group: its files, each with what is wanted of it. */
interface Bunch {
  readonly whose: Whose;
  readonly component: Component | null;
  readonly members: Member[];
}

interface Member {
  readonly judged: Judged;
  readonly verdicts: readonly JudgedVerdict[];
  readonly severity: Severity;
  readonly exposure: number;
}

function bunchesOf(
  target: TargetReport,
  wanted: Wanted,
  by: 'component' | 'file',
): readonly Bunch[] {
  const bunches = new Map<string, Bunch>();
  for (const judged of judgedOf(target)) {
    const verdicts = judged.verdicts.filter((verdict) => wanted(verdict, target));
    if (verdicts.length === 0) continue;
    const { whose, component } = ownershipOf(judged);
    const isAlone = by === 'file' || whose === 'yours' || component === null;
    const key = isAlone
      ? JSON.stringify([whose, judged.path, isBinary(judged)])
      : JSON.stringify([whose, component.ecosystem, component.group, component.version]);
    const bunch = bunches.get(key) ?? { whose, component: isAlone ? null : component, members: [] };
    bunches.set(key, bunch);
    bunch.members.push({
      judged,
      verdicts,
      severity: worstSeverity(verdicts),
      exposure: exposureRank(judged),
    });
  }
  return [...bunches.values()];
}

function groupOf(target: TargetReport, { whose, component, members }: Bunch, gate: Gate): Group {
  const sorted = members.toSorted((a, b) => compareSeverity(a, b) || a.exposure - b.exposure);
  const findings = sorted.flatMap(({ judged, verdicts }) =>
    verdicts.map((verdict) => ({ target, judged, verdict })),
  );
  return {
    whose,
    target,
    title: component === null ? (sorted[0]?.judged.path ?? '') : titleOf(component),
    component,
    files: sorted.map(({ judged }) => judged),
    entries: entriesOf(findings),
    severity: worstSeverity(sorted),
    breaking: findings.filter(({ verdict }) => breaksGate(gate, verdict)).length,
  };
}

/** Of files of one component a rule's finding is said once, in the words of the file that it weighs most for. */
function entriesOf(all: readonly Finding[]): readonly Entry[] {
  const entries = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of all) {
    const key = `${finding.verdict.rule}\0${finding.verdict.outcome}`;
    const findings = entries.get(key);
    if (findings === undefined) entries.set(key, [finding]);
    else findings.push(finding);
  }
  return [...entries.values()]
    .map((findings) => ({
      rule: findings[0].verdict.rule,
      severity: worstSeverity(findings.map(({ verdict }) => verdict)),
      findings,
    }))
    .toSorted(compareSeverity);
}

function byUrgency(a: Group, b: Group): number {
  return (
    owners.indexOf(a.whose) - owners.indexOf(b.whose) ||
    Number(b.breaking > 0) - Number(a.breaking > 0) ||
    // What does not start is fixed before what is built badly.
    Number(isOfImage(b)) - Number(isOfImage(a)) ||
    compareSeverity(a, b) ||
    exposureOf(a) - exposureOf(b) ||
    severeIn(b) - severeIn(a)
  );
}

function isOfImage({ files }: Group): boolean {
  return files.some((judged) => !isBinary(judged));
}

function severeIn({ entries, severity }: Group): number {
  return entries.filter((entry) => entry.severity === severity).length;
}

function exposureOf({ files }: Group): number {
  return files.reduce((least, judged) => Math.min(least, exposureRank(judged)), leastExposed);
}

/** Rank of what nothing leads to. */
const leastExposed = 3;

/** 0 for what an image starts or what gives more rights; then what that leads to, what PATH has, and the rest. */
function exposureRank(judged: Judged): number {
  if (!isBinary(judged)) return 0;
  const { exposure } = judged.facts;
  if (exposure?.known !== true) return leastExposed;
  const { privileged, reached, onPath } = exposure.value;
  if (privileged || reached?.how === 'started' || reached?.how === 'named') return 0;
  if (!['installed', 'unread'].includes(reached?.how ?? 'installed')) return 1;
  return onPath ? 2 : leastExposed;
}

/** `npm bcrypt 6.0.0`; a package of the distribution has no need of its manager's name. */
export function titleOf({ ecosystem, group, version }: Component): string {
  const isOfSystem = ['apk', 'deb', 'rpm', 'alpm', 'generic'].includes(ecosystem);
  return [isOfSystem ? '' : ecosystem, group, version].filter((part) => part !== '').join(' ');
}
