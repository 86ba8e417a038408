import { isIncomplete } from '../base/problem.ts';
import { severities } from '../base/verdict.ts';
import { packageOf, type Subject, whoseOf } from '../policy/subject.ts';
import { bare } from '../policy/unweighed.ts';
import { isBinary, judgedOf } from '../report/all-judged.ts';
import { isFinding } from '../report/finding.ts';
import type { JudgedVerdict, Report, TargetReport } from '../report/report.ts';
import { ownershipOf } from '../reporters/groups/ownership-of.ts';
import type {
  BinaryChange,
  ChangedComponent,
  Coverage,
  CoverageChange,
  Difference,
  Side,
  VerdictChange,
} from './difference.ts';
import { type Pair, pairBinaries } from './pair-binaries.ts';

/** Pure. What neither side says about a binary is not a change. `notices` are other messages about the two. */
export function compareReports(
  before: Report,
  after: Report,
  notices: readonly string[] = [],
): Difference {
  const { pairs, unclear } = pairBinaries(before, after);
  const places = placesIn(before, after);
  const verdicts = pairs.flatMap((pair) => verdictChanges(pair, places));
  const byWeight = (changes: readonly WeighedChange[]) =>
    changes
      .toSorted((a, b) => b.weight - a.weight || compare(a.change, b.change))
      .map(({ change }) => change);
  const select = (wanted: (pair: Pair) => boolean) =>
    pairs
      .filter((pair) => !isOfImage(pair) && wanted(pair))
      .map((pair) => binaryChange(pair, places))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    old: sideOf(before),
    new: sideOf(after),
    added: select((pair) => pair.old === null),
    removed: select((pair) => pair.new === null),
    changed: select(isChanged),
    worse: byWeight(verdicts.filter(({ direction }) => direction === 'worse')),
    better: byWeight(verdicts.filter(({ direction }) => direction === 'better')),
    neutral: [],
    unseen: [],
    causes: [],
    byPolicy: byWeight(verdicts.filter(({ direction }) => direction === 'by policy')),
    policiesDiffer: differ(before, after),
    coverage: coverageChanges(before, after),
    notices: [...noticesOf(before, after), ...unclear, ...notices],
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

/** What two reports show of their policies. Options that leave no trace in a report show in its verdicts. */
function differ(before: Report, after: Report): boolean {
  const [was, is] = [before, after].map(({ policy: { profile, files }, gate }) => {
    const { of, failOn, failOnRules, failOnUnknown } = gate;
    const digests = files.map(({ role, sha256 }) => [role, sha256]);
    return JSON.stringify([profile, digests, of, failOn, failOnRules, failOnUnknown]);
  });
  return was !== is;
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

function isChanged({ old, new: fresh }: Pair): boolean {
  return old !== null && fresh !== null && old.judged.sha256 !== fresh.judged.sha256;
}

/** Of each target, its position in its report. */
type Places = ReadonlyMap<TargetReport, number>;

function placesIn(...reports: readonly Report[]): Places {
  return new Map(reports.flatMap(({ targets }) => targets.map((target, at) => [target, at])));
}

function binaryChange(pair: Pair, places: Places): BinaryChange {
  const { old, new: fresh } = pair;
  const subject = fresh ?? old;
  const before = old?.judged.path ?? null;
  if (subject === null) throw new Error('a pair of nothing');
  const { path } = subject.judged;
  return {
    path,
    target: places.get(subject.target) ?? -1,
    from: fresh === null || before === path ? null : before,
    package: packageOf(subject),
    layer: layerOf(subject),
    whose: whoseOf(subject),
    ...wasOf(pair),
    ...(pair.image === undefined ? {} : { image: pair.image }),
    component: componentOf(pair),
  };
}

function wasOf({ old, new: fresh }: Pair): Pick<BinaryChange, 'wasOf'> {
  if (old === null || fresh === null) return {};
  const was = whoseOf(old);
  return was === whoseOf(fresh) ? {} : { wasOf: was };
}

/** Its current name. Versions are given if both sides are the same component: another component is not an update. */
function componentOf({ old, new: fresh }: Pair): ChangedComponent | null {
  const [before, after] = [old, fresh].map((side) => (side === null ? null : broughtBy(side)));
  const is = after ?? (fresh === null ? before : null);
  if (!is) return null;
  const wasSame = before?.ecosystem === is.ecosystem && before.group === is.group;
  return {
    ecosystem: is.ecosystem,
    name: is.group,
    before: wasSame ? before.version : null,
    after: after?.version ?? null,
  };
}

/** null of what is yours: each of your files stands by itself. */
function broughtBy({ judged }: Subject) {
  const { whose, component } = ownershipOf(judged);
  return whose === 'yours' ? null : component;
}

/** An image as a whole belongs to no layer. */
function layerOf({ target, judged }: Subject): string {
  if (judged.layer === null) return 'image';
  const layer = target.layers[judged.layer];
  return layer?.digest ?? layer?.diffId ?? `layer ${judged.layer + 1}`;
}

interface WeighedChange {
  readonly change: VerdictChange;
  readonly direction: 'worse' | 'better' | 'by policy';
  readonly weight: number;
}

function verdictChanges(pair: Pair, places: Places): readonly WeighedChange[] {
  const before = byRule(pair.old);
  const after = byRule(pair.new);
  const place = binaryChange(pair, places);
  const isPaired = pair.old !== null && pair.new !== null;
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((rule) => {
    const [was, is] = [before.get(rule), after.get(rule)];
    const change = weightOf(is) - weightOf(was);
    // A rule that only one of two scans asked says nothing of a change.
    const incomparable = isPaired && (!was || !is);
    if ((change === 0 && !hasOtherCause(was, is)) || incomparable) return [];
    const byPolicy = isPaired && isByPolicy([before, after], rule, change);
    const shown = change >= 0 ? is : was;
    return {
      direction: byPolicy ? 'by policy' : change >= 0 ? 'worse' : 'better',
      weight: Math.max(weightOf(was), weightOf(is)),
      change: {
        ...place,
        rule,
        before: was === undefined ? null : standingOf(was),
        after: is === undefined ? null : standingOf(is),
        severity: shown?.severity ?? 'note',
        ...degreesOf(was, is),
        ...(shown?.outsideGate === undefined ? {} : { outsideGate: shown.outsideGate }),
        message: (is ?? was)?.message ?? '',
      },
    };
  });
}

function degreesOf(
  was: JudgedVerdict | undefined,
  is: JudgedVerdict | undefined,
): Pick<VerdictChange, 'degree'> {
  const [before, after] = [was?.degree ?? null, is?.degree ?? null];
  return before === null && after === null ? {} : { degree: { before, after } };
}

/**
 * Whether the rule itself says nothing that points the same way: what changed is what the policies make of it. What was counted
 * with another verdict depends on that one.
 */
function isByPolicy([was, is]: readonly [ByRule, ByRule], rule: string, change: number): boolean {
  if (change === 0) return false;
  const turned = (id: string) => ownWeight(is.get(id)) - ownWeight(was.get(id));
  const withOther = was.get(rule)?.countedWith ?? is.get(rule)?.countedWith;
  const points = [turned(rule), ...(withOther === undefined ? [] : [-turned(withOther)])];
  return !points.some((own) => Math.sign(own) === Math.sign(change));
}

/** Of the verdict as the rule gave it. */
function ownWeight(verdict: JudgedVerdict | undefined): number {
  return weightOf(verdict === undefined ? undefined : bare(verdict));
}

/** What was wrong is gone, and something else is wrong now. */
function hasOtherCause(was: JudgedVerdict | undefined, is: JudgedVerdict | undefined): boolean {
  return was !== undefined && is !== undefined && isFinding(is) && was.cause !== is.cause;
}

type ByRule = ReadonlyMap<string, JudgedVerdict>;

function byRule(subject: Subject | null): ByRule {
  return new Map((subject?.judged.verdicts ?? []).map((verdict) => [verdict.rule, verdict]));
}

/** Nothing to complain of is 0, what is not known 1, and findings weigh more the more severe they are. */
function weightOf(verdict: JudgedVerdict | undefined): number {
  if (verdict === undefined) return 0;
  if (verdict.outcome === 'unknown') return 1;
  return isFinding(verdict) ? severities.length + 1 - severities.indexOf(verdict.severity) : 0;
}

function standingOf(verdict: JudgedVerdict): string {
  if (verdict.waived !== undefined) return 'waived';
  if (verdict.baselined !== undefined) return 'known';
  if (verdict.countedWith !== undefined) return 'not-applicable';
  return verdict.outcome === 'fail' ? verdict.severity : verdict.outcome;
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
  const coverage = new Map<string, Coverage>();
  // Of the rules, and not of what a policy switches off.
  for (const { rule, outcome } of targets.flatMap((target) =>
    judgedOf(target).flatMap(({ verdicts }) => verdicts.map(bare)),
  )) {
    const { passed, judged } = coverage.get(rule) ?? none;
    const counts = outcome === 'not-applicable' ? 0 : 1;
    coverage.set(rule, {
      passed: passed + (outcome === 'pass' ? 1 : 0),
      judged: judged + counts,
    });
  }
  return coverage;
}

function compare(a: VerdictChange, b: VerdictChange): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.rule < b.rule ? -1 : 1;
}
