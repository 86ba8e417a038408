import { isIncomplete } from '../../base/problem.ts';
import { isFinding } from '../../report/finding.ts';
import type { Finding } from '../../reporters/findings/findings-of.ts';
import { plainText } from '../../reporters/remedies/remedy.ts';
import { renderSarif } from '../../reporters/sarif/render-sarif.ts';
import type { SarifChange, SarifComparison } from '../../reporters/sarif/sarif-comparison.ts';
import { placeKey, placesIn } from '../binary-change.ts';
import { type BothSides, bothSides } from '../both-sides.ts';
import { breakingIn } from '../diff-gate.ts';
import type { Difference, VerdictChange } from '../difference.ts';
import { type ShownCause, shownCauses } from '../shown-causes.ts';
import type { Compared, DiffFormat, DiffLook } from './diff-format.ts';
import { plainSentence } from './words/cause-words.ts';
import { unreadTexts } from './words/words.ts';

/**
 * The SARIF of a scan of the new side, with the same fingerprints, and the state of each result against the old side. What
 * became worse and is not a failure is a result too.
 */
const sarif: DiffFormat = {
  format: 'sarif',
  render(compared, look) {
    const [, fresh] = compared.reports;
    const options = { ...look, suppressions: false };
    return renderSarif(fresh, options, comparisonOf(compared, look));
  },
};
export default sarif;

function comparisonOf(
  { difference, gate, reports }: Compared,
  { all, absent }: Pick<DiffLook, 'all' | 'absent'>,
): SarifComparison {
  const [old, fresh] = reports;
  const sides = bothSides(reports);
  const places = placesIn(fresh);
  const isBreaking = breakingIn(difference, gate);
  // An alert needs an action, as in a scan.
  const isAnswerable = (change: VerdictChange) =>
    all || change.whose === 'yours' || isBreaking(change);
  const worse = changesByPlace(difference.worse.filter(isAnswerable));
  const changed = changesByPlace(changesOf(difference));
  const lost = new Map(
    shownCauses(difference, gate).flatMap((cause) =>
      cause.changes.map((each) => [each, cause] as const),
    ),
  );
  const keyOf = ({ target, judged, verdict }: Finding) =>
    placeKey(places.get(target) ?? -1, { path: judged.path, rule: verdict.rule });
  return {
    old: absent ? old : null,
    answer: { state: gate.state, because: gate.because },
    notes: [...difference.notices, ...unreadTexts(difference)],
    changeOf(finding) {
      const key = keyOf(finding);
      const change = worse.get(key);
      const before = sides.before(finding);
      return {
        state: stateOf(before, changed.has(key)),
        worse: change === undefined ? null : worseningOf(change, before, lost.get(change)),
      };
    },
    oldTargetsOf: (targets, isFirst) => {
      const pairs = new Set(targets.map((target) => sides.oldOf(target)));
      const taken = new Set(fresh.targets.map((target) => sides.oldOf(target)));
      return old.targets.filter((target) => pairs.has(target) || (isFirst && !taken.has(target)));
    },
    isGone: (finding) =>
      isGone(
        finding,
        sides,
        fresh.targets.some(({ problems }) => problems.some(isIncomplete)),
      ),
  };
}

function changesOf({ worse, better, neutral, unseen, byPolicy }: Difference) {
  return [...worse, ...better, ...neutral, ...unseen, ...byPolicy];
}

/** Only what is there now: what is gone has a place in the old report. */
function changesByPlace(changes: readonly VerdictChange[]): ReadonlyMap<string, VerdictChange> {
  return new Map(
    changes
      .filter(({ after }) => after !== null)
      .map((change) => [placeKey(change.target, change), change]),
  );
}

function stateOf(before: Finding | null, isChanged: boolean): SarifChange['state'] {
  if (before === null || !isFinding(before.verdict)) return 'new';
  return isChanged ? 'updated' : 'unchanged';
}

/** What was lost, with the old and the new figures, and what brings it back. */
function worseningOf(
  { severity, before }: VerdictChange,
  was: Finding | null,
  cause: ShownCause | undefined,
) {
  if (was === null) return { severity, before: 'The file was not there before' };
  const lost = cause === undefined || cause.flag === null ? [] : [plainSentence(cause)];
  const fix = cause?.remedy == null ? [] : [`Fix: ${plainText(cause.remedy)}`];
  return {
    severity,
    before: [`Before, it was ${before}: ${was.verdict.message}`, ...lost, ...fix].join('. '),
  };
}

/** What could not be read may still be there, as may what was not decided or not asked. */
function isGone(finding: Finding, sides: BothSides, isPartial: boolean): boolean {
  const now = sides.after(finding);
  if (now === null) return !isPartial && !sides.isThere(finding);
  const { outcome, cause } = now.verdict;
  if (outcome === 'fail') return cause !== finding.verdict.cause;
  return outcome !== 'unknown';
}
