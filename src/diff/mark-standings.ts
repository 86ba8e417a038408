import { missingIn } from '../policy/conditions.ts';
import { fallenBelow, marginsOf } from '../policy/fallen.ts';
import { mapVerdicts } from '../policy/map-verdicts.ts';
import type { GateConditions } from '../policy/policy.ts';
import type { Subject } from '../policy/subject.ts';
import { breaksAsWorse } from '../policy/worse.ts';
import { isBinary } from '../report/all-judged.ts';
import { breaksGate } from '../report/finding.ts';
import { groupImages } from '../report/gates.ts';
import type {
  AgainstTarget,
  JudgedVerdict,
  Stands,
  TargetReport,
  WorseCause,
} from '../report/report.ts';
import { isAcceptedLoss } from './accepted-loss.ts';
import { placeKey, placesIn } from './binary-change.ts';
import type { Difference, VerdictChange } from './difference.ts';
import type { Compared } from './formats/diff-format.ts';
import { pairBinaries } from './pair-binaries.ts';
import { pairTargets } from './pair-targets.ts';
import { shownCauses } from './shown-causes.ts';

export interface Marking {
  readonly gateFor: (target: TargetReport) => GateConditions;
  /** Conditions that a policy locks are asked of everything, whatever the older release had; null: none is locked. */
  readonly locked: LockedConditions | null;
  /** Sentences: what could not be compared. */
  readonly uncompared: readonly string[];
  /** Sentences: what may have got worse. */
  readonly unclear: readonly string[];
}

export interface LockedConditions {
  readonly failOn: boolean;
  readonly failOnUnknown: boolean;
  readonly coverage: boolean;
  readonly maximum: boolean;
}

export interface Marked {
  readonly targets: readonly TargetReport[];
  /** Of what got worse: `worseBy` of a verdict is a place in this list. */
  readonly causes: readonly WorseCause[];
}

/**
 * The new targets, with how each verdict stands to that of the older release, and why what is worse is worse. What only the new one
 * has, stands to nothing.
 */
export function markStandings(compared: Compared, marking: Marking): Marked {
  const marked = withStandings(compared, marking);
  const causes = shownCauses(compared.difference, compared.gate);
  if (causes.length === 0) return { targets: marked, causes };
  const causeOf = new Map(
    causes.flatMap(({ changes }, at) =>
      changes.map((change) => [placeKey(change.target, change), at] as const),
    ),
  );
  return {
    targets: marked.map((target, at) =>
      mapVerdicts(target, (verdict, { judged }) => {
        const worseBy = causeOf.get(placeKey(at, { path: judged.path, rule: verdict.rule }));
        return worseBy === undefined ? verdict : { ...verdict, worseBy };
      }),
    ),
    causes: causes.map(({ rule, flag, sentence, remedy }) => ({ rule, flag, sentence, remedy })),
  };
}

function withStandings(
  { difference, reports: [before, after] }: Compared,
  marking: Marking,
): readonly TargetReport[] {
  const { gateFor, locked } = marking;
  const changes = changesBy(difference);
  const { pairs } = pairBinaries(before, after);
  const places = placesIn(after);
  const paired = new Set(
    pairs.flatMap(({ old, new: fresh }) =>
      old === null || fresh === null ? [] : [placeOf(fresh)],
    ),
  );
  const against = againstIn([before.targets, after.targets], marking);
  return after.targets.map((target, at) => {
    const compared = against.get(target);
    if (compared === undefined) return target;
    const gate = gateFor(target);
    const marked = mapVerdicts(target, (verdict, { judged }) => {
      const change = changes.get(placeKey(at, { path: judged.path, rule: verdict.rule })) ?? null;
      const isInPlace = change?.is === 'worse' && change.change.passedIn !== undefined;
      if (!isInPlace && !paired.has(placeOf({ target, judged }))) return verdict;
      const stands = standsOf(verdict, change);
      const isWhole = stands !== null && breaksWhole(verdict, gate, locked);
      // A locked condition asks it as if nothing had been there before.
      const isLost = change?.is === 'worse' && breaksAsWorse(gate, change.change);
      return stands === null || (isWhole && !isLost) ? verdict : { ...verdict, stands };
    });
    return { ...marked, against: compared };
  });

  /** An image as a whole has the path of the file that it starts. */
  function placeOf({ target, judged }: Subject): string {
    return `${places.get(target)} ${isBinary(judged) ? 'file' : 'image'} ${judged.path}`;
  }
}

interface Change {
  readonly is: Stands['is'];
  readonly change: VerdictChange;
}

function changesBy({ worse, neutral, unseen, byPolicy }: Difference): ReadonlyMap<string, Change> {
  const all = [
    ...neutral.map((change) => ({ is: 'neutral' as const, change })),
    ...unseen.map((change) => ({ is: 'unseen' as const, change })),
    ...[...worse, ...byPolicy.filter(isAcceptedLoss)].map((change) => ({
      is: 'worse' as const,
      change,
    })),
  ];
  return new Map(all.map((each) => [placeKey(each.change.target, each.change), each]));
}

/** null: it passes in both, or got better and passes. */
function standsOf({ outcome, severity }: JudgedVerdict, found: Change | null): Stands | null {
  if (found === null)
    return outcome === 'fail' || outcome === 'unknown' ? { is: 'as before' } : null;
  const { before, wasOf, passedIn, newCode } = found.change;
  const isLess = found.is === 'worse' && found.change.severity !== severity;
  return {
    is: found.is,
    ...(before === null ? {} : { was: before }),
    ...(wasOf === undefined ? {} : { wasOf }),
    ...(passedIn === undefined ? {} : { passedIn }),
    ...(newCode === undefined ? {} : { newCode }),
    ...(isLess ? { isLess } : {}),
  };
}

function breaksWhole(
  verdict: JudgedVerdict,
  { failOn, failOnRules, failOnUnknown }: GateConditions,
  locked: LockedConditions | null,
): boolean {
  if (locked === null) return false;
  const asked = {
    failOn: locked.failOn ? failOn : ('none' as const),
    failOnRules: locked.failOn ? failOnRules : [],
    failOnUnknown: locked.failOnUnknown && failOnUnknown,
  };
  return breaksGate(asked, verdict);
}

/** Images that are one by one have their own old one; files share a gate, and what it compares. */
function againstIn(
  [before, after]: readonly [readonly TargetReport[], readonly TargetReport[]],
  { gateFor, locked, uncompared, unclear }: Marking,
): ReadonlyMap<TargetReport, AgainstTarget> {
  const found = new Map<TargetReport, AgainstTarget>();
  for (const { group, olds } of groupsWithOld(before, after)) {
    const [first] = group;
    if (first === undefined) continue;
    const all = olds.length === group.length ? marginsOf(olds, gateFor(first)) : {};
    const margins = Object.entries(all).filter(
      ([condition]) => !(condition.startsWith('coverage') ? locked?.coverage : locked?.maximum),
    );
    for (const [at, target] of group.entries()) {
      const old = olds[at];
      if (old === undefined) continue;
      const { name, digest, platform } = old;
      const own = {
        ...{ name, digest, platform, uncompared },
        ...(unclear.length === 0 ? {} : { unclear }),
        margins: Object.fromEntries(margins),
      };
      found.set(target, own);
    }
  }
  return found;
}

interface GroupWithOld {
  readonly group: readonly TargetReport[];
  /** Those of the group that have one, in its order. */
  readonly olds: readonly TargetReport[];
}

/** What has a gate of its own in the new release, and what it was in the old one. */
function groupsWithOld(
  before: readonly TargetReport[],
  after: readonly TargetReport[],
): readonly GroupWithOld[] {
  const oldOf = new Map(pairTargets(before, after).map((pair) => [pair.new, pair.old]));
  return groupImages(after).flatMap((group) => {
    const compared = group.filter((target) => oldOf.get(target) !== undefined);
    const olds = compared.flatMap((target) => oldOf.get(target) ?? []);
    // New files are asked by themselves, and what was there before is compared.
    return [{ group: compared, olds }];
  });
}

/** Conditions over whole images that got worse, and rules that must apply to something and do not, as sentences. */
export function fallenIn(
  before: readonly TargetReport[],
  after: readonly TargetReport[],
  gateFor: (target: TargetReport) => GateConditions,
): readonly string[] {
  return groupsWithOld(before, after).flatMap(({ group, olds }) => {
    const [first] = group;
    if (first === undefined) return [];
    const gate = gateFor(first);
    return [...fallenBelow(olds, group, gate), ...missingIn(group, gate)];
  });
}
