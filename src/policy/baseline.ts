import { judgedOf } from '../report/all-judged.ts';
import { isFinding } from '../report/finding.ts';
import type { FixedFinding, JudgedVerdict, TargetReport } from '../report/report.ts';
import { mapVerdicts } from './map-verdicts.ts';
import { buildIdOf, packageOf, type Subject } from './subject.ts';

/** A finding as a baseline remembers it: nothing that a rebuild, a moved layer or another tag changes. */
export interface BaselineEntry {
  readonly rule: string;
  readonly path: string;
  /** As in Verdict: another cause is another finding. */
  readonly cause?: string;
  readonly package: string | null;
  readonly buildId: string | null;
  /** Last day on which it counts, as `2027-01-31`. Absent: it has no end. */
  readonly expires?: string;
}

/** All failures that are not waived, known or new; each once, in order. */
export function baselineOf(targets: readonly TargetReport[]): readonly BaselineEntry[] {
  const entries = failuresOf(targets).map(({ verdict, subject }) => entryOf(verdict, subject));
  const byIdentity = new Map(entries.map((entry) => [identityOf(entry), entry]));
  return [...byIdentity.values()].toSorted((a, b) => compare(identityOf(a), identityOf(b)));
}

export interface Compared {
  readonly targets: readonly TargetReport[];
  readonly fixed: readonly FixedFinding[];
}

/**
 * Marks the findings that the baseline has. A finding is known by rule, path and cause. Where its path is new, an entry whose
 * own finding is gone stands for it: one of the same package and file name without numbers (an update renamed it), else
 * one of the same build id (it was moved). Such an entry stands for one finding only, so that no old finding hides many.
 */
export function compareWithBaseline(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
): Compared {
  if (baseline.length === 0) return { targets, fixed: [] };
  const failures = failuresOf(targets);
  const byPath = new Map(baseline.map((entry) => [pathKey(entry), entry]));
  const known = new Set<JudgedVerdict>();
  const used = new Set<BaselineEntry>();
  for (const { verdict, subject } of failures) {
    const entry = byPath.get(pathKey(entryOf(verdict, subject)));
    if (entry === undefined) continue;
    known.add(verdict);
    used.add(entry);
  }
  for (const keyOf of [packageKey, buildKey])
    matchMoved(failures, baseline, { known, used, keyOf });
  const marked = targets.map((target) => mark(target, known));
  return { targets: marked, fixed: fixedOf(targets, baseline, used) };
}

interface Failure {
  readonly verdict: JudgedVerdict;
  readonly subject: Subject;
}

/** Sorted by path, so that the order of targets decides nothing. */
function failuresOf(targets: readonly TargetReport[]): readonly Failure[] {
  return targets
    .flatMap((target) =>
      judgedOf(target).flatMap((judged) =>
        judged.verdicts
          .filter(({ outcome, waived }) => outcome === 'fail' && waived === undefined)
          .map((verdict) => ({ verdict, subject: { target, judged } })),
      ),
    )
    .toSorted((a, b) => compare(a.subject.judged.path, b.subject.judged.path));
}

interface Matching {
  readonly known: Set<JudgedVerdict>;
  readonly used: Set<BaselineEntry>;
  /** Null where an entry lacks what is compared. */
  readonly keyOf: (entry: BaselineEntry) => string | null;
}

function matchMoved(
  failures: readonly Failure[],
  baseline: readonly BaselineEntry[],
  { known, used, keyOf }: Matching,
): void {
  const free = new Map<string, BaselineEntry[]>();
  for (const entry of baseline) {
    const key = keyOf(entry);
    if (key === null || used.has(entry)) continue;
    append(free, key, entry);
  }
  for (const { verdict, subject } of failures) {
    if (known.has(verdict)) continue;
    const entry = free.get(keyOf(entryOf(verdict, subject)) ?? '')?.shift();
    if (entry === undefined) continue;
    known.add(verdict);
    used.add(entry);
  }
}

function mark(target: TargetReport, known: ReadonlySet<JudgedVerdict>): TargetReport {
  return mapVerdicts(target, (verdict) =>
    known.has(verdict) ? { ...verdict, baselined: true as const } : verdict,
  );
}

/** An entry whose place is there but was not decided, or whose rule was not asked, is neither known nor fixed. */
function fixedOf(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
  used: ReadonlySet<BaselineEntry>,
): readonly FixedFinding[] {
  const all = targets.flatMap(judgedOf);
  const asked = new Set(all.flatMap(({ verdicts }) => verdicts.map(({ rule }) => rule)));
  const verdictsAt = new Map<string, JudgedVerdict[]>();
  for (const { path, verdicts } of all)
    for (const verdict of verdicts) append(verdictsAt, path, verdict);
  const fixed: FixedFinding[] = [];
  for (const entry of baseline) {
    const { rule, path } = entry;
    if (used.has(entry) || !asked.has(rule)) continue;
    const verdicts = verdictsAt.get(path);
    if (verdicts === undefined) fixed.push({ rule, path, how: 'removed' });
    else if (verdicts.every((verdict) => verdict.rule !== rule || isMended(verdict, entry)))
      fixed.push({ rule, path, how: 'fixed' });
  }
  return fixed.toSorted((a, b) => compare(a.path, b.path) || compare(a.rule, b.rule));
}

/** Where it fails for another cause, the one of the entry is gone. */
function isMended(verdict: JudgedVerdict, { cause }: BaselineEntry): boolean {
  if (verdict.outcome === 'fail' && verdict.cause !== cause) return true;
  return verdict.outcome !== 'unknown' && !isFinding(verdict) && verdict.waived === undefined;
}

function entryOf({ rule, cause }: JudgedVerdict, subject: Subject): BaselineEntry {
  const { path } = subject.judged;
  const named = cause === undefined ? {} : { cause };
  return { rule, path, ...named, package: packageOf(subject), buildId: buildIdOf(subject) };
}

function pathKey({ rule, path, cause = '' }: BaselineEntry): string {
  return `${rule}\0${path}\0${cause}`;
}

function packageKey({ rule, path, cause = '', package: name }: BaselineEntry): string | null {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return name === null ? null : `${rule}\0${cause}\0${name}\0${file.replace(/\d+/g, '')}`;
}

function buildKey({ rule, cause = '', buildId }: BaselineEntry): string | null {
  return buildId === null ? null : `${rule}\0${cause}\0${buildId}`;
}

function identityOf(entry: BaselineEntry): string {
  return `${entry.path}\0${entry.rule}\0${entry.cause ?? ''}\0${entry.package ?? ''}\0${entry.buildId ?? ''}`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
