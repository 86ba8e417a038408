import { severitiesFrom } from '../base/verdict.ts';
import type { Judged, JudgedVerdict } from '../report/report.ts';
import type { Whose } from '../root/ownership/ownership.ts';
import { compileChanges, compileLevels } from './levels.ts';
import type { GateConditions } from './policy.ts';
import { levelsOf } from './profile.ts';
import { profiles } from './profiles/index.ts';
import { factAt, type Subject, systemEcosystems, whoseOf } from './subject.ts';
import { createTrusting } from './words/trusting.ts';

/**
 * What a dependency must not fail, whatever its origin: it does not start, or it lets others in. Its user can choose
 * another version, build or dependency, but cannot change compiler flags.
 */
const ofDependencies: ReadonlySet<string> = new Set([
  'entrypoint-starts',
  'loadable',
  'musl-linkage',
  'no-writable-code',
  'non-executable-stack',
  'safe-run-path',
]);

/** Whether the gate asks this rule of files that are so owned. */
export function isAskedOf(whose: Whose, rule: string, of: GateConditions['of']): boolean {
  if (of === 'all' || whose === 'yours') return true;
  return whose === 'dependency' && (of === 'dependencies' || ofDependencies.has(rule));
}

/**
 * Marks what does not count because of whose file it is. A deviation of the distribution from its own promise counts anyway
 * where it is severe and the file can be reached: a forged database of packages is found by it.
 */
export function createOutsideGate({
  of,
  accept,
}: Pick<GateConditions, 'of' | 'accept'>): (
  verdict: JudgedVerdict,
  unweighed: JudgedVerdict,
  subject: Subject,
) => JudgedVerdict {
  if (of === 'all') return (verdict) => verdict;
  const isSevere = createSevereDeviation(accept);
  return (verdict, unweighed, subject) => {
    if (verdict.outcome !== 'fail' && verdict.outcome !== 'unknown') return verdict;
    const whose = whoseOf(subject);
    if (whose === 'yours' || isAskedOf(whose, verdict.rule, of)) return verdict;
    const countsAlways =
      whose === 'distribution' ? isReached(subject.judged) : isReachedOfOthers(subject.judged);
    if (countsAlways && isSevere(unweighed, subject)) return verdict;
    return { ...verdict, outsideGate: whose };
  };
}

/** Whether a verdict as a rule gives it is a severe deviation from what is promised of the file, whatever profile is in force. */
export function createSevereDeviation(
  accept?: GateConditions['accept'],
): (verdict: JudgedVerdict, subject: Subject) => boolean {
  let compiled: ReturnType<typeof compileLevels> | null = null;
  return (verdict, subject) => {
    // For the first file that can be reached: most runs have none.
    compiled ??= compileLevels(
      compileChanges(
        profiles.filter(({ name }) => name === 'auto').flatMap(levelsOf),
        createTrusting(accept),
      ),
      { failOn: 'none' },
    );
    return isSevereDeviation(compiled(verdict, subject));
  };
}

/** Of a verdict that weighs what the distribution promises; what is known of stock files is a note there. What damage hides may be one. */
function isSevereDeviation({ outcome, severity, undecidedBy }: JudgedVerdict): boolean {
  if (outcome !== 'fail' && undecidedBy === undefined) return false;
  return severitiesFrom('high').includes(severity);
}

/**
 * A dependency with rights lets others in by whatever it lacks. A package of a third party in the same place as one of the
 * distribution is not exempted more than that: anybody may have made it, the user too. Not where the user, who is not the image,
 * says what it is.
 */
function isReachedOfOthers(judged: Judged): boolean {
  if (factAt(judged, 'ownership.isDeclared') === true) return false;
  const isOfSystem = systemEcosystems.has(String(factAt(judged, 'ownership.component.ecosystem')));
  // Packages bring files of services along, whatever the image starts.
  const isByService = ['service', 'installed'].includes(howReached(judged) ?? '');
  return isOfSystem && !isByService
    ? isReached(judged)
    : factAt(judged, 'exposure.privileged') === true;
}

/** What the image's command line leads to, or runs with more rights than the one who starts it. */
function isReached(judged: Judged): boolean {
  const how = howReached(judged);
  return (
    (how !== null && how !== 'installed' && how !== 'unread') ||
    factAt(judged, 'exposure.privileged') === true
  );
}

export function howReached(judged: Judged): string | null {
  const how = factAt(judged, 'exposure.reached.how');
  return typeof how === 'string' ? how : null;
}
