import { amount } from '../../base/amount.ts';
import { globOfPath } from '../../base/glob.ts';
import { runtimesAmong } from '../../base/known-runtimes.ts';
import { isIncomplete } from '../../base/problem.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { severities, severitiesFrom, worstSeverity } from '../../base/verdict.ts';
import { isBinary, judgedOf } from '../../report/all-judged.ts';
import { breaksGate, isFinding } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { Gate, Judged, JudgedVerdict, Report } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import { findingsByGroup } from '../groups/groups-of.ts';
import { ownershipOf } from '../groups/ownership-of.ts';

export interface Way {
  /** A sentence without its full stop. */
  readonly text: string;
  /** A line for a shell that does it. */
  readonly command?: string;
}

/** The best way first. */
export function waysOut(report: Report): readonly Way[] {
  const breaking = breakingOf(report);
  return [...sentences(report, breaking).map((text) => ({ text })), ...waiverOf(breaking)];
}

function sentences(report: Report, breaking: readonly Finding[]): readonly string[] {
  const { gate } = report;
  if (gate.state === 'holds') return waysToBreak(report);
  const ways = waysToHold(gate, breaking);
  return gate.state === 'undecided' ? [...waysToAnAnswer(report), ...ways] : ways;
}

function waysToAnAnswer({ gate, targets }: Report): readonly string[] {
  const gaps = targets.flatMap(({ problems }) => problems).filter(isIncomplete);
  const ways = gaps.slice(0, 3).map(({ kind, where, rules }) => {
    if (rules !== undefined)
      return `a whole copy of ${where}; or --exclude ${shellQuote(globOfPath(where) ?? where)}, if nothing needs it`;
    if (kind === 'limit') return `a higher limit for ${where} (hullcheck config lists the limits)`;
    return `what could not be read of ${where}, whole`;
  });
  if (gaps.length > ways.length) ways.push(`the same for ${gaps.length - ways.length} more parts`);
  return ways.length > 0
    ? ways
    : [`${gate.because}: a target with something to judge, or --allow-empty`];
}

function waysToHold(gate: Gate, breaking: readonly Finding[]): readonly string[] {
  const [first] = breaking;
  if (first === undefined)
    return gate.failed.length === 0
      ? []
      : ['fix the findings that the condition counts, or set another number'];
  const whose = new Set(breaking.map(({ judged }) => ownershipOf(judged).whose));
  return [
    ...(whose.has('yours')
      ? ['fix what is yours: the report without --explain-gate has a line to copy for each file']
      : []),
    ...(whose.has('dependency')
      ? [
          'update or replace the dependencies named above; a package that you know and accept as its makers build it stands under dependencies: in hullcheck.yaml',
        ]
      : []),
    ...(whose.has('distribution')
      ? [
          'find out why a file of the distribution is not built as that distribution promises: compare it with the one in its archive. Where they are the same, the package deviates there too, and no list here knows it: waive it with that reason; where not, somebody else made the file',
        ]
      : []),
    ...ofOthers(breaking),
    ...lessSevere(gate, breaking),
    'take what there is today as known, so that only new findings break it: --baseline FILE --update-baseline',
  ];
}

function waiverOf([first]: readonly Finding[]): readonly Way[] {
  return first === undefined
    ? []
    : [{ text: 'accept a finding for a while, with a reason:', command: waiveCommand(first) }];
}

function breakingOf(report: Report): readonly Finding[] {
  return findingsByGroup(report, {
    wanted: (verdict, target) =>
      verdict.outcome === 'fail' && breaksGate(gateOfTarget(target, report), verdict),
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

function waiveCommand({ judged, verdict }: Finding): string {
  const { whose, component } = ownershipOf(judged);
  const glob = globOfPath(judged.path);
  const place =
    whose !== 'yours' && component !== null
      ? `--package ${shellQuote(component.name)}`
      : glob !== null || judged.sha256 === null
        ? `--path ${shellQuote(glob ?? '**')}`
        : `--digest ${judged.sha256}`;
  const cause = verdict.cause === undefined ? '' : ` --cause ${shellQuote(verdict.cause)}`;
  return `hullcheck waive ${verdict.rule} ${place}${cause} --reason '...' --expires 90d`;
}

/** Of a gate that holds: the next stricter ones, with what they would break on. */
function waysToBreak(report: Report): readonly string[] {
  const { failOn, setAside, of = 'all', failOnUnknown } = report.gate;
  const verdicts = report.targets.flatMap((target) =>
    judgedOf(target).flatMap((each) => each.verdicts),
  );
  const counts = verdicts.filter(({ outsideGate }) => outsideGate === undefined);
  const ways = [...stricter(failOn, counts)];
  const { ofDependencies = 0, ofDistribution = 0 } = setAside;
  if (of === 'yours' && ofDependencies > 0)
    ways.push(
      `--gate-of dependencies breaks on ${amount(ofDependencies, 'finding')} of dependencies`,
    );
  if (of !== 'all' && ofDistribution > 0)
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
