import { breaksGate, isFinding } from '../../finding.ts';
import { isBinary, judgedOf } from '../../judged.ts';
import type { Gate, Judged, JudgedVerdict, Report, TargetReport } from '../../report.ts';
import { severities } from '../../verdict.ts';
import type { Finding } from '../findings.ts';
import type { Entry, Group } from './group.ts';
import { type Component, ownershipOf, type Whose } from './ownership-of.ts';

/** Whose files a reader acts on first. */
export const owners: readonly Whose[] = ['yours', 'dependency', 'distribution'];

/** Which verdicts are listed: by default findings, and what breaks the gate though it is none. */
export type Wanted = (verdict: JudgedVerdict, judged: Judged) => boolean;

/**
 * The findings of a report as people act on them: yours by file, then dependencies and the distribution by component,
 * in each what breaks the gate first, then by severity, then by how exposed the files are. Every format that has room for
 * some findings only takes them in this order.
 */
export function groupsOf(report: Report, { wanted, by }: Grouping = {}): readonly Group[] {
  const groups = report.targets.flatMap((target) =>
    groupsOfTarget(target, report.gate, wanted ?? countsIn(report.gate), by ?? 'component'),
  );
  return groups.toSorted(byUrgency);
}

export interface Grouping {
  readonly wanted?: Wanted;
  /** Files of one component together, or each file by itself whoever made it. */
  readonly by?: 'component' | 'file';
}

/** The findings one by one, in the order of their groups. */
export function findingsByGroup(report: Report, grouping?: Grouping): readonly Finding[] {
  return groupsOf(report, grouping).flatMap(({ entries }) =>
    entries.flatMap((each) => each.findings),
  );
}

function countsIn(gate: Gate): Wanted {
  return (verdict) => isFinding(verdict) || breaksGate(gate, verdict);
}

function groupsOfTarget(
  target: TargetReport,
  gate: Gate,
  wanted: Wanted,
  by: 'component' | 'file',
): readonly Group[] {
  const bunches = new Map<string, { whose: Whose; component: Component | null; files: Judged[] }>();
  for (const judged of judgedOf(target)) {
    if (!judged.verdicts.some((verdict) => wanted(verdict, judged))) continue;
    const { whose, component } = ownershipOf(judged);
    const isAlone = by === 'file' || whose === 'yours' || component === null;
    const key = isAlone
      ? JSON.stringify([whose, judged.path, isBinary(judged)])
      : JSON.stringify([whose, component.ecosystem, component.group, component.version]);
    const bunch = bunches.get(key) ?? { whose, component: isAlone ? null : component, files: [] };
    bunches.set(key, bunch);
    bunch.files.push(judged);
  }
  return [...bunches.values()].map(({ whose, component, files }) => {
    const sorted = files.toSorted(
      (a, b) => worstOf(a, wanted) - worstOf(b, wanted) || exposureRank(a) - exposureRank(b),
    );
    const verdicts = sorted.flatMap((judged) =>
      judged.verdicts.filter((verdict) => wanted(verdict, judged)),
    );
    const worst = Math.min(...verdicts.map(({ severity }) => severities.indexOf(severity)));
    return {
      whose,
      target,
      title: component === null ? (sorted[0]?.path ?? '') : titleOf(component),
      component,
      files: sorted,
      entries: entriesOf(target, sorted, wanted),
      severity: severities[worst] ?? 'note',
      breaking: verdicts.filter((verdict) => breaksGate(gate, verdict)).length,
    };
  });
}

/** Of files of one component a rule's finding is said once, in the words of the file that it weighs most for. */
function entriesOf(
  target: TargetReport,
  files: readonly Judged[],
  wanted: Wanted,
): readonly Entry[] {
  const entries = new Map<string, Finding[]>();
  for (const judged of files)
    for (const verdict of judged.verdicts) {
      if (!wanted(verdict, judged)) continue;
      const key = `${verdict.rule}\0${verdict.outcome}`;
      const findings = entries.get(key) ?? [];
      entries.set(key, findings);
      findings.push({ target, judged, verdict });
    }
  return [...entries.values()]
    .map((findings) => ({
      rule: findings[0]?.verdict.rule ?? '',
      severity: severities[Math.min(...findings.map(({ verdict }) => rankOf(verdict)))] ?? 'note',
      findings,
    }))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function rankOf({ severity }: JudgedVerdict): number {
  return severities.indexOf(severity);
}

function worstOf(judged: Judged, wanted: Wanted): number {
  return Math.min(...judged.verdicts.filter((each) => wanted(each, judged)).map(rankOf));
}

function byUrgency(a: Group, b: Group): number {
  return (
    owners.indexOf(a.whose) - owners.indexOf(b.whose) ||
    Number(b.breaking > 0) - Number(a.breaking > 0) ||
    // What does not start is fixed before what is built badly.
    Number(isOfImage(b)) - Number(isOfImage(a)) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
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
  return Math.min(...files.map(exposureRank));
}

/** 0 for what an image starts or what gives more rights; then what that leads to, what PATH has, and the rest. */
function exposureRank(judged: Judged): number {
  if (!isBinary(judged)) return 0;
  const { exposure } = judged.facts;
  if (exposure?.known !== true) return 3;
  const { privileged, reached, onPath } = exposure.value;
  if (privileged || reached?.how === 'started' || reached?.how === 'named') return 0;
  if (reached !== null) return 1;
  return onPath ? 2 : 3;
}

/** `npm bcrypt 6.0.0`; a package of the distribution has no need of its manager's name. */
function titleOf({ ecosystem, group, version }: Component): string {
  const isOfSystem = ['apk', 'deb', 'rpm', 'alpm', 'generic'].includes(ecosystem);
  return [isOfSystem ? '' : ecosystem, group, version].filter((part) => part !== '').join(' ');
}
