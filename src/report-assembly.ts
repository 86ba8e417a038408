import type { Root } from './layers/root.ts';
import type { Problem } from './problem.ts';
import type { BinaryReport, Counts, Gate, Report, TargetReport } from './report.ts';
import { readOperatingSystem } from './root/operating-system.ts';
import type { Target } from './sources/source.ts';
import { type Outcome, outcomes, type Severity, severities } from './verdict.ts';
import { version } from './version.ts';

export function assembleReport(targets: readonly TargetReport[], gate: Gate): Report {
  return {
    schemaVersion: '1.0.0',
    tool: { name: 'hullcheck', version },
    targets,
    counts: sum(targets.map((target) => target.counts)),
    gate,
  };
}

/** Sorts what the order of reading could have changed. */
export function assembleTarget(
  target: Target,
  binaries: readonly BinaryReport[],
  root: Root | null,
  problems: readonly Problem[],
): TargetReport {
  const { name, scheme, kind, digest, platform, config, layers } = target;
  return {
    name,
    scheme,
    kind,
    digest,
    platform,
    config,
    os: root === null ? null : readOperatingSystem(root),
    layers: layers.map((layer, index) => ({
      index,
      digest: layer.digest,
      diffId: layer.diffId,
      createdBy: layer.createdBy,
    })),
    binaries: binaries.toSorted((a, b) => compare(a.path, b.path)),
    problems: problems.toSorted(
      (a, b) => compare(a.where, b.where) || compare(a.message, b.message),
    ),
    counts: count(binaries, problems),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function count(binaries: readonly BinaryReport[], problems: readonly Problem[]): Counts {
  const counted = zero();
  for (const { outcome, severity } of binaries.flatMap((binary) => binary.verdicts)) {
    counted.outcomes[outcome] += 1;
    if (outcome === 'fail') counted.failures[severity] += 1;
  }
  return { ...counted, binaries: binaries.length, problems: problems.length };
}

function sum(all: readonly Counts[]): Counts {
  const total = zero();
  for (const counts of all) {
    total.binaries += counts.binaries;
    total.problems += counts.problems;
    for (const outcome of outcomes) total.outcomes[outcome] += counts.outcomes[outcome];
    for (const severity of severities) total.failures[severity] += counts.failures[severity];
  }
  return total;
}

function zero() {
  const outcomeCounts: Record<Outcome, number> = {
    fail: 0,
    unknown: 0,
    pass: 0,
    'not-applicable': 0,
  };
  const failures: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, note: 0 };
  return { binaries: 0, outcomes: outcomeCounts, failures, problems: 0 };
}
