import { amount } from '../../base/amount.ts';
import { globOfPath } from '../../base/glob.ts';
import { runtimesAmong } from '../../base/known-runtimes.ts';
import { isIncomplete, type Problem } from '../../base/problem.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { severities, severitiesFrom, worstSeverity } from '../../base/verdict.ts';
import { isBinary, judgedOf } from '../../report/all-judged.ts';
import { undecidedConditions } from '../../report/conditions-of.ts';
import { breaksGate, isFinding } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import { type LockedSettings, lockedSettings } from '../../report/locked-settings.ts';
import type { Gate, Judged, JudgedVerdict, Report, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import { findingsByGroup } from '../groups/groups-of.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import { waiveCommand } from './waive-command.ts';

export interface Way {
  /** A sentence without its full stop. */
  readonly text: string;
  /** A line for a shell that does it. */
  readonly command?: string;
}

/** The best way first. What a lock refuses is not a way. */
export function waysOut(report: Report): readonly Way[] {
  const breaking = breakingOf(report);
  const locks = lockedSettings(report);
  return [
    ...sentences(report, breaking, locks).map((text) => ({ text })),
    ...waiverOf(report, breaking, locks),
    ...(breaking.length === 0 ? waiverOf(report, unknownOf(report), locks) : []),
    ...keptBy(report, locks),
  ];
}

function sentences(
  report: Report,
  breaking: readonly Finding[],
  locks: LockedSettings,
): readonly string[] {
  const { gate } = report;
  if (gate.state === 'holds') return waysToBreak(report, locks);
  const ways = waysToHold(gate, breaking, locks);
  return gate.state === 'undecided' ? [...waysToAnAnswer(report, locks), ...ways] : ways;
}

/** Why settings that would loosen the gate are not among the ways. */
function keptBy({ gate }: Report, { place, isLocked }: LockedSettings): readonly Way[] {
  if (gate.state === 'holds' || place === null || !loosening.some(isLocked)) return [];
  return [
    {
      text: `settings that are locked by ${place} are not listed here: only that policy can change them`,
    },
  ];
}

/** Settings that some way out changes. */
const loosening = ['gate', 'exclude', 'dependencies', 'baseline', 'waivers'];

function waysToAnAnswer(
  { gate, targets }: Report,
  { isLocked }: LockedSettings,
): readonly string[] {
  const gaps = targets.flatMap(({ problems }) => problems).filter(isIncomplete);
  const ways = gaps.slice(0, 3).map((gap) => {
    const { kind, where, rules } = gap;
    if (kind === 'unnamed') return wayToAName(where, targetOf(gap, targets));
    if (rules !== undefined)
      return isLocked('exclude')
        ? `a whole copy of ${where}`
        : `a whole copy of ${where}; or --exclude ${shellQuote(globOfPath(where) ?? where)}, if nothing needs it`;
    if (kind === 'limit') return `a higher limit for ${where} (hullcheck config lists the limits)`;
    return `what could not be read of ${where}, whole`;
  });
  if (gaps.length > ways.length) ways.push(`the same for ${gaps.length - ways.length} more parts`);
  if (undecidedConditions(gate).length > 0)
    ways.push(
      'judge every platform of the image: --platform all, of a registry or an archive that has all of them',
    );
  if (ways.length > 0) return ways;
  const orEmpty = isLocked('gate.allow-empty') ? '' : ', or --allow-empty';
  return [`${gate.because}: a target with something to judge${orEmpty}`];
}

function targetOf(problem: Problem, targets: readonly TargetReport[]): TargetReport | undefined {
  return targets.find(({ problems }) => problems.includes(problem));
}

function wayToAName(image: string, target: TargetReport | undefined): string {
  if (target !== undefined && target.kind !== 'image')
    return `the scheme in front of the path of ${image} (${target.scheme}:PATH), if no image is meant, or an entry of images: for its path in the policy that locks`;
  return /@\w+:[0-9a-f]+$/.test(image)
    ? `the tag of the image before its digest (${image.replace('@', ':TAG@')}), or an entry of images: for every tag`
    : `the name of ${image} behind its file (FILE:NAME) or with its registry and tag (HOST/NAME:TAG), or an entry of images: for its path in the policy that locks`;
}

function waysToHold(
  gate: Gate,
  breaking: readonly Finding[],
  { isLocked }: LockedSettings,
): readonly string[] {
  const ofUnknown = gate.failed.filter(({ condition }) => condition === 'fail-on-unknown');
  const decided =
    ofUnknown.length === 0
      ? []
      : [
          'give what decides the unknown verdicts, such as files that are not stripped (the report has the reason of each); a waiver accepts them, and no baseline does',
        ];
  if (breaking.length === 0) {
    if (gate.failed.length === ofUnknown.length) return decided;
    const isFixed = isLocked('gate.coverage') || isLocked('gate.maximum');
    const number = isFixed ? '' : ', or set another number';
    return [...decided, `fix the findings that the condition counts${number}`];
  }
  const whose = new Set(breaking.map(({ judged }) => ownershipOf(judged).whose));
  return [
    ...(whose.has('yours')
      ? ['fix what is yours: the report without --explain-gate has a line to copy for each file']
      : []),
    ...decided,
    ...(whose.has('dependency')
      ? [
          isLocked('dependencies')
            ? 'update or replace the dependencies named above'
            : 'update or replace the dependencies named above; a package that you know and accept as its makers build it stands under dependencies: in hullcheck.yaml',
        ]
      : []),
    ...(whose.has('distribution')
      ? [
          `find out why a file of the distribution is not built as that distribution promises: compare it with the one in its archive. Where they are the same, the package deviates there too, and no list here knows it${isLocked('waivers') ? '' : ': waive it with that reason'}; where not, somebody else made the file`,
        ]
      : []),
    ...(isLocked('dependencies') ? [] : ofOthers(breaking)),
    ...(isLocked('gate.fail-on') ? [] : lessSevere(gate, breaking)),
    ...(isLocked('baseline') || isLocked('gate')
      ? []
      : [
          'take what there is today as known, so that only new findings break it: --baseline FILE --update-baseline',
        ]),
  ];
}

/** Under a lock only those that have an end and an approval are accepted. */
function waiverOf(
  report: Report,
  [first]: readonly Finding[],
  { isLocked }: LockedSettings,
): readonly Way[] {
  if (first === undefined) return [];
  const settings = (report.policy.settings ?? []).map(({ name }) => name);
  const requires = (name: string) => settings.includes(`waivers.${name}`);
  const isBounded = requires('expires') || requires('at-most');
  if (isLocked('waivers') && !(isBounded && requires('approved-by'))) return [];
  const command = waiveCommand(first, report);
  return command === null
    ? []
    : [{ text: `accept ${called(first)} for a while, with a reason:`, command }];
}

function called({ verdict: { outcome } }: Finding): string {
  return outcome === 'unknown' ? 'an unknown verdict' : 'a finding';
}

function breakingOf(report: Report): readonly Finding[] {
  return breakingBy(report, 'fail');
}

function unknownOf(report: Report): readonly Finding[] {
  return breakingBy(report, 'unknown');
}

function breakingBy(report: Report, wanted: JudgedVerdict['outcome']): readonly Finding[] {
  return findingsByGroup(report, {
    wanted: (verdict, target) =>
      verdict.outcome === wanted && breaksGate(gateOfTarget(target, report), verdict),
  });
}

/** Files that no list has may still be somebody else's, where something says so; not those that the user claims. */
function ofOthers(breaking: readonly Finding[]): readonly string[] {
  const own = breaking.find(
    ({ judged }) =>
      isBinary(judged) &&
      ownershipOf(judged).whose === 'yours' &&
      !isClaimed(judged) &&
      isNamed(judged),
  );
  return own === undefined
    ? []
    : [
        `if others built ${own.judged.path}, declare it under dependencies: in hullcheck.yaml; hullcheck init IMAGE proposes what it recognises`,
      ];
}

/** It has a released version of a name, or the place of a runtime that others build. */
function isNamed(judged: Judged): boolean {
  const version = ownershipOf(judged).component?.version ?? '';
  return /^v?\d/.test(version) || runtimesAmong([judged.path]).length > 0;
}

function isClaimed({ facts }: Judged): boolean {
  const { ownership } = facts;
  return ownership?.known === true && ownership.value.isDeclared === true;
}

/** The strictest severity under which the findings of today would not break it. */
function lessSevere({ failOn }: Gate, breaking: readonly Finding[]): readonly string[] {
  if (failOn === 'none') return [];
  const worst = severities.indexOf(worstSeverity(breaking.map(({ verdict }) => verdict)));
  const next = worst === 0 ? 'none' : severities[worst - 1];
  return [`--fail-on ${next} breaks on none of these findings, and lets all like them pass`];
}

/** Of a gate that holds: the next stricter ones, with what they would break on. */
function waysToBreak(report: Report, { isLocked }: LockedSettings): readonly string[] {
  const { failOn, setAside, of = 'all', failOnUnknown, asked } = report.gate;
  const verdicts = report.targets.flatMap((target) =>
    judgedOf(target).flatMap((each) => each.verdicts),
  );
  const counts = verdicts.filter(({ outsideGate }) => outsideGate === undefined);
  const ways = [...stricter(failOn, counts)];
  const { ofDependencies = 0, ofDistribution = 0 } = setAside;
  // A share of more files is another one, so a lock keeps it from both sides.
  const isShare = Object.values(asked?.coverage ?? {}).some((least) => least > 0 && least < 100);
  const isKept = isShare && isLocked('gate.of');
  if (of === 'yours' && ofDependencies > 0 && !isKept)
    ways.push(
      `--gate-of dependencies breaks on ${amount(ofDependencies, 'finding')} of dependencies`,
    );
  if (of !== 'all' && ofDistribution > 0 && !isKept)
    ways.push(
      `--gate-of all breaks on ${amount(ofDistribution, 'finding')} of the distribution too`,
    );
  const open = counts.filter(({ outcome }) => outcome === 'unknown').length;
  if (!failOnUnknown && open > 0)
    ways.push(
      `--fail-on-unknown breaks on ${amount(open, 'verdict')} that ${open === 1 ? 'is' : 'are'} undecided`,
    );
  return ways.length > 0 ? ways : ['nothing that was found: no stricter gate would break either'];
}

function* stricter(failOn: Gate['failOn'], verdicts: readonly JudgedVerdict[]): Generator<string> {
  const held = severitiesFrom(failOn);
  let said = 0;
  for (const severity of severities) {
    if (held.includes(severity)) continue;
    const gated = severitiesFrom(severity);
    const found = verdicts.filter(
      (verdict) => isFinding(verdict) && gated.includes(verdict.severity),
    ).length;
    if (found > said) yield `--fail-on ${severity} breaks on ${amount(found, 'finding')}`;
    said = found;
  }
}
