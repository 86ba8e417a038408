import { severities } from '../../base/verdict.ts';
import type { Rule } from '../../judge/rule.ts';
import { isBinary } from '../../report/all-judged.ts';
import { breaksGate, isFinding } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { Report } from '../../report/report.ts';
import type { Group } from '../groups/group.ts';
import { groupsOf, owners } from '../groups/groups-of.ts';
import type { Whose } from '../groups/ownership-of.ts';
import type { Fix } from '../remedies/fix.ts';
import { fixesOfGroup } from '../remedies/fixes-of-group.ts';
import { placementLine } from '../text/text-placement.ts';

/** What a reader acts on, by whose it is: some cards, and how much there is in all. */
export interface PageSection {
  readonly whose: Whose;
  readonly files: number;
  readonly components: number;
  /** Findings by severity, most severe first. */
  readonly failures: readonly number[];
  /** How many files break the gate. */
  readonly breaking: number;
  readonly cards: readonly PageCard[];
}

/** A file of yours, or what one component brought. */
export interface PageCard {
  /** Index of the target. */
  readonly target: number;
  readonly title: string;
  /** Of the first file: what opens it. null: the image as a whole. */
  readonly path: string | null;
  readonly files: number;
  readonly about: string;
  readonly isBreaking: boolean;
  readonly lines: readonly PageLine[];
  readonly fixes: readonly Fix[];
}

type PageLine = readonly [label: string, rule: string, message: string, files: number];

/** Cards of one section: the page is read by a person, and the rest is in its table. */
const mostCards: Readonly<Record<Whose, number>> = {
  yours: 60,
  dependency: 30,
  distribution: 60,
};

const shownSeverities = new Set<string>(['critical', 'high', 'medium']);

/** By whose the files are: yours first, as in every format. Low findings and notes are in the table. */
export function describeFirstScreen(
  report: Report,
  rules: readonly Rule[],
): readonly PageSection[] {
  const groups = groupsOf(report, {
    wanted: (verdict, target) =>
      breaksGate(gateOfTarget(target, report), verdict) ||
      (isFinding(verdict) && shownSeverities.has(verdict.severity)),
  });
  return owners.flatMap((whose) => {
    const own = groups.filter((group) => group.whose === whose);
    return own.length === 0 ? [] : [sectionOf(whose, own, report, rules)];
  });
}

function sectionOf(
  whose: Whose,
  groups: readonly Group[],
  report: Report,
  rules: readonly Rule[],
): PageSection {
  const verdicts = groups.flatMap(({ entries }) =>
    entries.flatMap(({ findings }) => findings.map(({ verdict }) => verdict)),
  );
  const breaking = groups.flatMap(({ files, target }) => {
    const gate = gateOfTarget(target, report);
    return files.filter((judged) => judged.verdicts.some((verdict) => breaksGate(gate, verdict)));
  });
  return {
    whose,
    files: groups.reduce((sum, { files }) => sum + files.length, 0),
    components: groups.filter(({ component }) => component !== null).length,
    failures: severities.map(
      (severity) =>
        verdicts.filter((each) => each.outcome === 'fail' && each.severity === severity).length,
    ),
    breaking: breaking.length,
    cards: groups.slice(0, mostCards[whose]).map((group) => cardOf(group, report, rules)),
  };
}

function cardOf(group: Group, report: Report, rules: readonly Rule[]): PageCard {
  const { target, title, files, component, entries, breaking } = group;
  const [first] = files;
  const isImage = first !== undefined && !isBinary(first);
  return {
    target: report.targets.indexOf(target),
    title,
    path: first === undefined || isImage ? null : first.path,
    files: files.length,
    about: first === undefined || component !== null ? '' : placementLine(first, target),
    isBreaking: breaking > 0,
    lines: linesOf(entries),
    fixes: group.whose === 'distribution' ? [] : fixesOfGroup(group, { rules, toolchain: null }),
  };
}

/** One line for a rule, whatever the words: the first message stands for the others. */
function linesOf(entries: Group['entries']): readonly PageLine[] {
  const lines = new Map<string, PageLine>();
  for (const { rule, severity, findings } of entries) {
    const [first] = findings;
    if (first === undefined) continue;
    const { outcome, message } = first.verdict;
    const label = outcome === 'fail' ? severity : outcome;
    const key = `${label} ${rule}`;
    const [, , text = message, files = 0] = lines.get(key) ?? [];
    lines.set(key, [label, rule, text, files + findings.length]);
  }
  return [...lines.values()];
}
