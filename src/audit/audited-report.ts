import { isIncomplete } from '../base/problem.ts';
import type { Rule } from '../judge/rule.ts';
import { contradictionsIn } from '../policy/contradictions.ts';
import { judgedOf } from '../report/all-judged.ts';
import { brokenConditions, heldConditions, undecidedConditions } from '../report/conditions-of.ts';
import { distinguishTargets } from '../report/distinguish-targets.ts';
import { gatedImages, gateOfTarget, nameOfImage } from '../report/gates.ts';
import type { Gate, JudgedVerdict, Report, TargetReport } from '../report/report.ts';
import type { AuditedGate, AuditedImage, AuditedReport, Leveled } from './audit.ts';

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
  const unread = problems.filter(isIncomplete);
  return {
    ...{ name, digest, platform },
    profile: policy?.profile ?? null,
    binaries: binaries.length,
    gate: auditedGate(gate),
    ...{ excluded, exclusions },
    unread: unread.length,
    unreadParts: unread.map(({ where, message }) => ({ where, message })),
    leveled: leveledIn(target),
  };
}

function leveledIn(target: TargetReport): readonly Leveled[] {
  const counts = new Map<string, Leveled>();
  for (const { verdicts } of judgedOf(target))
    for (const verdict of verdicts) {
      const how = levelOf(verdict);
      if (how === null) continue;
      const key = `${verdict.rule} ${how}`;
      const before = counts.get(key)?.verdicts ?? 0;
      counts.set(key, { rule: verdict.rule, how, verdicts: before + 1 });
    }
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, leveled]) => leveled);
}

function levelOf({ setAside, knownDeviation }: JudgedVerdict): Leveled['how'] | null {
  return setAside ?? (knownDeviation === undefined ? null : 'known-deviation');
}
