import { compare } from '../base/compare.ts';
import { isIncomplete, isUnread, type Problem } from '../base/problem.ts';
import type { Rule } from '../judge/rule.ts';
import { contradictionsIn } from '../policy/contradictions.ts';
import { judgedOf } from '../report/all-judged.ts';
import { brokenConditions, heldConditions, undecidedConditions } from '../report/conditions-of.ts';
import { distinguishTargets } from '../report/distinguish-targets.ts';
import { gatedImages, gateOfTarget, nameOfImage } from '../report/gates.ts';
import type { Gate, JudgedVerdict, Report, TargetReport } from '../report/report.ts';
import type { AuditedGate, AuditedImage, AuditedReport, Leveled, UnreadPart } from './audit.ts';

/** A saved report without its binaries. */
export function auditedReport(
  report: Report,
  { file, sha256 }: Pick<AuditedReport, 'file' | 'sha256'>,
  rulesHere: readonly Rule[],
): AuditedReport {
  const { tool, date, rules, policy, gate, targets } = report;
  const nameOf = imageNames(targets);
  // Files that are given one by one have one gate together, which is described once.
  const conditionsOf = new Map(
    gatedImages(report).flatMap(({ targets: all, gate: of }) => {
      const conditions = [
        ...heldConditions(of),
        ...brokenConditions(of),
        ...undecidedConditions(of),
      ];
      return all.map((each) => [each, conditions] as const);
    }),
  );
  return {
    ...{ file, sha256, tool },
    date: date ?? null,
    rules: rules ?? null,
    profile: policy.profile,
    sources: policy.files,
    gate: auditedGate(gate),
    images: targets.map((target) => ({
      ...auditedImage(target, nameOf(target), report),
      conditions: conditionsOf.get(target) ?? [],
    })),
    warnings: policy.warnings,
    notices: policy.notices,
    messages: policy.messages ?? null,
    contradictions: contradictionsIn(report, rulesHere),
    inactiveUnlisted: policy.inactiveUnlisted ?? 0,
    settings: policy.settings ?? null,
  };
}

/** Names that distinguish the images of a report. */
export function imageNames(targets: readonly TargetReport[]): (target: TargetReport) => string {
  const apart = distinguishTargets(targets);
  return (target) => nameOfImage([target], apart);
}

function auditedGate({ of, state, because, setAside }: Gate): AuditedGate {
  // A report of a version without this setting is of all files.
  return { of: of ?? 'all', state, because, setAside };
}

function auditedImage(
  target: TargetReport,
  name: string,
  report: Report,
): Omit<AuditedImage, 'conditions'> {
  const { digest, platform, policy, binaries, excluded, exclusions = [], problems } = target;
  const gate = gateOfTarget(target, report);
  return {
    ...{ name, digest, platform },
    profile: policy?.profile ?? null,
    binaries: binaries.length,
    gate: auditedGate(gate),
    ...{ excluded, exclusions },
    unread: problems.filter(isIncomplete).length,
    unreadParts: problems.flatMap(unreadPart),
    leveled: leveledIn(target),
  };
}

function unreadPart(problem: Problem): readonly UnreadPart[] {
  const { kind, where, message, rules } = problem;
  if (!isIncomplete(problem)) return isUnread(problem) ? [{ where, message, how: 'not-read' }] : [];
  const judged = kind === 'unnamed' ? 'unnamed' : 'not-whole';
  return [{ where, message, how: rules === undefined ? 'not-scanned' : judged }];
}

function leveledIn(target: TargetReport): readonly Leveled[] {
  const found = new Map<string, Omit<Leveled, 'paths'> & { readonly paths: Set<string> }>();
  for (const { path, verdicts } of judgedOf(target))
    for (const verdict of verdicts) {
      const how = levelOf(verdict);
      if (how === null) continue;
      const { rule } = verdict;
      const key = `${rule} ${how}`;
      const { verdicts: before, paths } = found.get(key) ?? { verdicts: 0, paths: new Set() };
      if (paths.size < mostPaths) paths.add(path);
      found.set(key, { rule, how, verdicts: before + 1, paths });
    }
  return [...found]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([, { paths, ...leveled }]) => ({ ...leveled, paths: [...paths] }));
}

/** Paths of a rule that a level takes out. */
const mostPaths = 5;

function levelOf({ setAside, knownDeviation }: JudgedVerdict): Leveled['how'] | null {
  return setAside ?? (knownDeviation === undefined ? null : 'known-deviation');
}
