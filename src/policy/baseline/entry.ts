import { compare } from '../../base/compare.ts';
import { type Severity, severities } from '../../base/verdict.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { Gate, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { imageNameOf } from '../image-name.ts';
import { isSame } from '../same-json.ts';
import { buildIdOf, packageOf, type Subject } from '../subject.ts';

/** A finding as a baseline remembers it: nothing that a rebuild, a moved layer or another tag changes. */
export interface WrittenEntry extends Acceptance {
  /** Without tag and digest; of a local input its file name. Absent: of any image, as in a file of an older version. */
  readonly image?: string;
  readonly rule: string;
  readonly path: string;
  /** As in Verdict: another cause is another finding. */
  readonly cause?: string;
  readonly package: string | null;
  readonly buildId: string | null;
  /** What it weighed when it was accepted. Absent as above. */
  readonly severity?: Severity;
  /** A condition of the gate named its rule when it was accepted. */
  readonly named?: true;
  /** What it failed for when it was accepted, each by its name. Absent: its rule names nothing, or as above. */
  readonly faults?: readonly string[];
}

/** An entry under the limits of a configuration. */
export interface BaselineEntry extends WrittenEntry {
  /** Why it does not count although it has not ended: it is beyond what a configuration allows. */
  readonly refused?: string;
}

/** Who accepted a finding, when and for how long. */
export interface Acceptance {
  /** As `2026-11-30`. */
  readonly date?: string;
  readonly owner?: string;
  readonly reason?: string;
  /** Last day on which it counts, as `2027-01-31`. Absent: it has no end. */
  readonly expires?: string;
}

export interface Failure {
  readonly verdict: JudgedVerdict;
  readonly subject: Subject;
  readonly entry: BaselineEntry;
}

/** Of all that was judged. */
export function pathsOf(targets: readonly TargetReport[]): ReadonlySet<string> {
  return new Set(targets.flatMap(judgedOf).map(({ path }) => path));
}

/** Of a target: rules that a condition of its gate names. */
export type NamedRules = (target: TargetReport) => readonly string[];

/** All that is not waived, known or new. Sorted by path, so that the order of targets decides nothing. */
export function failuresOf(
  targets: readonly TargetReport[],
  namedRules: NamedRules,
): readonly Failure[] {
  return targets
    .flatMap((target) => {
      const names = namedRules(target);
      return judgedOf(target).flatMap((judged) =>
        judged.verdicts
          .filter(({ outcome, waived }) => outcome === 'fail' && waived === undefined)
          .map((verdict) => {
            const subject = { target, judged };
            return { verdict, subject, entry: entryOf(verdict, subject, names) };
          }),
      );
    })
    .toSorted((a, b) => compare(a.subject.judged.path, b.subject.judged.path));
}

/** As entries; each once, in order. */
export function baselineOf(
  targets: readonly TargetReport[],
  namedRules: NamedRules = () => [],
): readonly BaselineEntry[] {
  return inOrder(failuresOf(targets, namedRules).map(({ entry }) => entry));
}

/** Those that a gate names, of a report that was judged by it. */
export function namedIn(gate: Pick<Gate, 'failOnRules'>): NamedRules {
  return (target) => (target.gate ?? gate).failOnRules;
}

function entryOf(
  { rule, cause, severity, degree }: JudgedVerdict,
  subject: Subject,
  names: readonly string[],
): BaselineEntry {
  return {
    image: imageNameOf(subject.target).repository,
    rule,
    path: subject.judged.path,
    ...(cause === undefined ? {} : { cause }),
    package: packageOf(subject),
    buildId: buildIdOf(subject),
    severity,
    ...(names.includes(rule) ? { named: true as const } : {}),
    ...(degree?.faults === undefined || degree.faults.length === 0
      ? {}
      : { faults: degree.faults }),
  };
}

/** One of each identity, sorted by image, path and rule. */
export function inOrder(entries: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const byIdentity = new Map<string, BaselineEntry>();
  for (const entry of entries) {
    const identity = identityOf(entry);
    const before = byIdentity.get(identity);
    byIdentity.set(identity, withFaultsOf(stronger(before, entry), before ?? entry, entry));
  }
  return [...byIdentity].toSorted(([a], [b]) => compare(a, b)).map(([, entry]) => entry);
}

/** Two platforms of an image may fail for different things. */
function withFaultsOf(entry: BaselineEntry, ...all: readonly BaselineEntry[]): BaselineEntry {
  const faults = faultsOf(all);
  if (faults === null || isSame(faults, entry.faults)) return entry;
  return { ...entry, faults };
}

/** What these accept together; null: whatever their finding fails for. */
export function faultsOf(entries: readonly BaselineEntry[]): readonly string[] | null {
  if (entries.some(({ faults }) => faults === undefined)) return null;
  return [...new Set(entries.flatMap(({ faults = [] }) => faults))].toSorted();
}

/** The one that accepts more: two platforms of an image may weigh the same finding differently. */
export function stronger(one: BaselineEntry | undefined, other: BaselineEntry): BaselineEntry {
  if (one === undefined) return other;
  const rank = ({ severity }: BaselineEntry) =>
    severity === undefined ? -1 : severities.indexOf(severity);
  return rank(one) <= rank(other) ? one : other;
}

function identityOf({ image = '', ...entry }: BaselineEntry): string {
  return `${image}\0${entry.path}\0${entry.rule}\0${entry.cause ?? ''}\0${entry.package ?? ''}\0${entry.buildId ?? ''}`;
}
