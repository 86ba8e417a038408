import { isIncomplete } from '../base/problem.ts';
import type { Subject } from '../policy/subject.ts';
import { isBinary, judgedOf } from '../report/all-judged.ts';
import { isFinding } from '../report/finding.ts';
import type { Report } from '../report/report.ts';
import { binaryChange, placeKey, placesIn } from './binary-change.ts';
import { causesOf } from './causes/causes-of.ts';
import { degreeNotices } from './degrees/degree-notices.ts';
import type {
  BinaryChange,
  Coverage,
  CoverageChange,
  Difference,
  Side,
  VerdictChange,
} from './difference.ts';
import { createGoneFor } from './gone-files.ts';
import { otherSystems } from './other-systems.ts';
import { type Pair, pairBinaries } from './pair-binaries.ts';
import { pairTargets } from './pair-targets.ts';
import { createReplacedBy, type ReplacedBy } from './replaced-files.ts';
import { traitChanges } from './trait-changes.ts';
import { type Counts, type TurnedChange, verdictChanges } from './verdict-changes.ts';

/**
 * Pure. What neither side says about a binary is not a change. `notices` are other messages about the two. `counts`: whether the gate
 * counts what would weigh nothing, a note or what newly cannot be decided; such a change is worse.
 */
export function compareReports(
  before: Report,
  after: Report,
  notices: readonly string[] = [],
  counts: Counts = () => false,
): Difference {
  const { pairs, unclear } = pairBinaries(before, after);
  const places = placesIn(before, after);
  const oldOf = new Map(
    pairTargets(before.targets, after.targets).flatMap((pair) =>
      pair.new === undefined ? [] : [[pair.new, pair.old] as const],
    ),
  );
  const goneFor = createGoneFor(pairs, (target) => oldOf.get(target));
  const newOf = new Map([...oldOf].map(([fresh, old]) => [old, fresh]));
  const replacedBy = createReplacedBy((old) => newOf.get(old));
  const verdicts = pairs
    .flatMap((pair) => verdictChanges(pair, { places, counts, goneFor }))
    .toSorted((a, b) => b.weight - a.weight || compare(a.change, b.change));
  const said = new Set(verdicts.map(({ change }) => placeKey(change.target, change)));
  const traits = traitChanges(pairs, places, (change) => said.has(placeKey(change.target, change)));
  const turned = (wanted: TurnedChange['direction']) =>
    verdicts.filter(({ direction }) => direction === wanted);
  const changesOf = (wanted: TurnedChange['direction']) =>
    turned(wanted).map(({ change }) => change);
  const select = (wanted: (pair: Pair) => boolean, more: (pair: Pair) => OfGone = () => ({})) =>
    pairs
      .filter((pair) => !isOfImage(pair) && wanted(pair))
      .map((pair): BinaryChange => ({ ...binaryChange(pair, places), ...more(pair) }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    old: sideOf(before),
    new: sideOf(after),
    added: select((pair) => pair.old === null),
    removed: select(
      (pair) => pair.new === null,
      ({ old }) => goneWith(old, replacedBy),
    ),
    changed: select(isChanged),
    worse: changesOf('worse'),
    better: changesOf('better'),
    neutral: [...changesOf('neutral'), ...traits],
    unseen: changesOf('unseen'),
    causes: causesOf(turned('worse')),
    byPolicy: changesOf('by policy'),
    policiesDiffer: differ(before, after),
    coverage: coverageChanges(before, after),
    notices: [
      ...noticesOf(before, after),
      ...otherSystems(before, after),
      ...degreeNotices(before, after),
      ...unclear,
      ...notices,
    ],
  };
}

/** A saved report keeps the levels of its own profile: another profile is not a change of the image. */
function noticesOf(before: Report, after: Report): readonly string[] {
  const [was, is] = [before.policy.profile, after.policy.profile];
  if (was === is) return [];
  return [
    `the old one was judged by the profile ${was}, the new one by ${is}: levels may differ for that alone`,
  ];
}

/**
 * What two reports show of their policies. Options that leave no trace in a report show in its verdicts. A report whose gate asks
 * nothing, as one that is only stored, has no opinion that another could differ from.
 */
function differ(before: Report, after: Report): boolean {
  const isSilent = [before, after].some(({ gate }) => asksNothing(gate));
  const [was, is] = [before, after].map(({ policy: { profile, files }, gate }) => {
    const { of, failOn, failOnRules, failOnUnknown } = gate;
    const digests = files.map(({ role, sha256 }) => [role, sha256]);
    const asked = isSilent ? [] : [of, failOn, failOnRules, failOnUnknown];
    return JSON.stringify([profile, digests, ...asked]);
  });
  return was !== is;
}

function asksNothing({ failOn, failOnRules, failOnUnknown }: Report['gate']): boolean {
  return failOn === 'none' && failOnRules.length === 0 && !failOnUnknown;
}

function sideOf({ targets, counts, policy, gate }: Report): Side {
  return {
    targets: targets.map(({ name, digest }) => ({ name, digest })),
    binaries: counts.binaries,
    findings: counts.outcomes.fail,
    profile: policy.profile,
    gate: gate.state,
    unread: targets.flatMap(({ problems }) => problems).filter(isIncomplete),
  };
}

function isOfImage({ old, new: fresh }: Pair): boolean {
  return [old, fresh].some((side) => side !== null && !isBinary(side.judged));
}

/** What is said of files that are gone alone. */
type OfGone = Pick<BinaryChange, 'findings' | 'replacedBy'>;

function goneWith(old: Subject | null, replacedBy: ReplacedBy): OfGone {
  const count = old?.judged.verdicts.filter(isFinding).length ?? 0;
  const is = old === null ? null : replacedBy(old);
  return {
    ...(count === 0 ? {} : { findings: count }),
    ...(is === null ? {} : { replacedBy: is }),
  };
}

function isChanged({ old, new: fresh }: Pair): boolean {
  return old !== null && fresh !== null && old.judged.sha256 !== fresh.judged.sha256;
}

function coverageChanges(before: Report, after: Report): readonly CoverageChange[] {
  const [old, fresh] = [coverageByRule(before), coverageByRule(after)];
  return [...old.keys()]
    .filter((rule) => fresh.has(rule))
    .sort()
    .map((rule) => ({ rule, before: old.get(rule) ?? none, after: fresh.get(rule) ?? none }));
}

const none: Coverage = { passed: 0, judged: 0 };

function coverageByRule({ targets }: Report): ReadonlyMap<string, Coverage> {
  const coverage = new Map<string, { passed: number; judged: number }>();
  for (const { verdicts } of targets.flatMap(judgedOf))
    for (const verdict of verdicts) {
      // Of the rules, and not of what a policy switches off.
      const outcome = verdict.unweighed?.outcome ?? verdict.outcome;
      const counted = coverage.get(verdict.rule) ?? { ...none };
      coverage.set(verdict.rule, counted);
      if (outcome === 'pass') counted.passed += 1;
      if (outcome !== 'not-applicable') counted.judged += 1;
    }
  return coverage;
}

function compare(a: VerdictChange, b: VerdictChange): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.rule < b.rule ? -1 : 1;
}
