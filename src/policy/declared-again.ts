import { UsageError } from '../base/errors.ts';
import type { Report, TargetReport } from '../report/report.ts';
import { applyDeclared } from './declared.ts';
import { mapVerdicts } from './map-verdicts.ts';
import { createOutsideGate } from './outside-gate.ts';
import type { Policy } from './policy.ts';
import { levelsOf } from './profile.ts';
import { profiles } from './profiles/index.ts';
import { whoseOf } from './subject.ts';

export interface DeclaredAgain<T> {
  readonly reports: T;
  /** Sentences: which declarations match nothing in any of the reports. */
  readonly notices: readonly string[];
  /** What of it belongs alongside the gate. */
  readonly alongside: readonly string[];
}

/**
 * A saved report has the owners that it was judged with. What the policy of this run declares holds for it too: files that are
 * claimed count, files that are declared do not. What was scanned in this run has it already, and stays as it is.
 *
 * Throws UsageError for a claim of files that a report judged by what their distribution promises: what the rules say of them is
 * not in it any more.
 */
export function declareAgain<T extends readonly Report[]>(
  reports: T,
  policy: Pick<Policy, 'yours' | 'dependencies' | 'gate'>,
): DeclaredAgain<T> {
  const all = reports.flatMap(({ targets }) => targets);
  const { targets, notices: notes, alongside } = applyDeclared(all, policy);
  const notices = notes.map(({ message }) => message);
  if (targets === all) return { reports, notices, alongside };
  const outside = createOutsideGate(policy.gate);
  const after = targets.values();
  const declared = reports.map((report) => ({
    ...report,
    targets: report.targets.map((before) =>
      marked(report, before, after.next().value ?? before, outside),
    ),
  }));
  // As many as there were.
  return { reports: declared as unknown as T, notices, alongside };
}

type Outside = ReturnType<typeof createOutsideGate>;

function marked(
  { policy }: Report,
  before: TargetReport,
  after: TargetReport,
  outside: Outside,
): TargetReport {
  const owners = new Map(
    before.binaries.map((judged) => [judged.path, whoseOf({ target: before, judged })]),
  );
  return mapVerdicts(after, (verdict, subject) => {
    const { path } = subject.judged;
    const was = owners.get(path);
    const is = whoseOf(subject);
    if (was === undefined || was === is) return verdict;
    if (was === 'distribution' && isOfPromises(policy.profile))
      throw new UsageError(
        `${before.name} is a saved report, in which ${path} is judged by what its distribution promises: to claim it, name the image in place of the report`,
      );
    const { outsideGate, ...unmarked } = verdict;
    return outside(unmarked, unmarked, subject);
  });
}

/** A promise takes weight away, and a report does not keep what it was. One of another version may have had other profiles. */
function isOfPromises(name: string): boolean {
  const profile = profiles.find((each) => each.name === name);
  return profile === undefined || levelsOf(profile).some(({ where }) => 'promised' in where);
}
