import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { severities, severitiesFrom } from '../../base/verdict.ts';
import { breaksGate } from '../../report/finding.ts';
import type { Report } from '../../report/report.ts';
import type { Group } from '../groups/group.ts';
import { groupsOf } from '../groups/groups-of.ts';
import type { Whose } from '../groups/ownership-of.ts';
import { blockLines, blocksOf } from './text-blocks.ts';
import { hang } from './text-layout.ts';
import type { Page } from './text-page.ts';

/** Lines of a section before the rest is counted: a report fits a screen or two. */
const room: Readonly<Record<Whose, number>> = { yours: 34, dependency: 12, distribution: 4 };

export function* renderSections(report: Report, page: Page): Generator<string> {
  const by = page.isWhole ? 'file' : 'component';
  const groups = groupsOf(report, { wanted: page.isListed, by });
  const of = (whose: Whose) => groups.filter((group) => group.whose === whose);
  yield* renderOwn(of('yours'), report, page);
  yield* renderOthers('dependency', of('dependency'), page);
  const isDistributionListed = page.isWhole || page.packages || page.groupBy === 'package';
  if (groups.length > 0 && isQuiet(report, groups, page)) {
    const head = headOf('distribution', groups, page).replace(/ of \d+ packages?(?=:)/, '');
    yield `${head} (--packages)\n`;
    return;
  }
  yield* isDistributionListed
    ? renderOthers('distribution', of('distribution'), page)
    : renderDistribution(of('distribution'), page);
}

/** Nothing to do: the gate holds, and what was found is the distribution's. */
export function isQuiet({ gate }: Report, groups: readonly Group[], page: Page): boolean {
  const isAsked = page.isWhole || page.packages || page.verbose || page.groupBy !== null;
  return (
    !isAsked &&
    gate.state === 'holds' &&
    groups.every(({ whose, breaking }) => whose === 'distribution' && breaking === 0)
  );
}

function* renderOwn(groups: readonly Group[], report: Report, page: Page): Generator<string> {
  if (groups.length === 0) return;
  const isBareFile = report.targets.every(
    ({ kind, binaries }) => kind === 'file' && binaries.length === 1,
  );
  if (isBareFile) yield* renderBlocks('yours', groups, page);
  else {
    yield `\n${page.style.bold('YOURS')}  ${whatIsIn(groups)}\n`;
    yield* renderBlocks('yours', groups, page);
  }
}

const titles = { dependency: 'DEPENDENCIES', distribution: 'DISTRIBUTION' } as const;

function* renderOthers(
  whose: 'dependency' | 'distribution',
  groups: readonly Group[],
  page: Page,
): Generator<string> {
  if (groups.length === 0) return;
  const head = headOf(whose, groups, page);
  yield `\n${head}\n`;
  yield* renderBlocks(whose, groups, page);
  if (whose === 'dependency' && head.endsWith(outsideTheGate) && groups.some(isOfAnyIndex))
    yield page.style.dim(hang('', 'Built by you? --yours NAME has the gate count it.', page.width));
}

const outsideTheGate = ', outside the gate';

/** Their lists do not say of which index a package came: it may be one's own. */
function isOfAnyIndex({ component }: Group): boolean {
  return ['pypi', 'npm', 'gem', 'conda'].includes(component?.ecosystem ?? '');
}

/** As many as have room; what breaks the gate comes first, so that the rest is what matters least. */
function* renderBlocks(whose: Whose, groups: readonly Group[], page: Page): Generator<string> {
  const isUncut = page.isWhole || page.groupBy !== null || (page.packages && whose !== 'yours');
  let left = isUncut ? Number.POSITIVE_INFINITY : room[whose];
  const blocks = blocksOf(groups, page);
  for (const [index, block] of blocks.entries()) {
    const lines = blockLines(block, page);
    if (index > 0 && lines.length > left) {
      const others = blocks.slice(index).flatMap((each) => each.groups);
      yield page.style.dim(hang('', `and ${moreIn(others)}: --group-by file`, page.width));
      return;
    }
    left -= lines.length;
    if (page.isWhole && index > 0) yield '\n';
    for (const line of lines) yield `${line}\n`;
  }
}

/** `3 files: 5 high, 3 medium`; of components, how many there are. */
function whatIsIn(groups: readonly Group[]): string {
  const files = new Set(groups.flatMap((group) => group.files)).size;
  const components = new Set(groups.flatMap(({ component, title }) => (component ? [title] : [])));
  const of = components.size === 0 ? '' : ` of ${amount(components.size, 'package')}`;
  return `${amount(files, 'file')}${of}: ${severitiesIn(groups)}`;
}

/** `15 more files of 1 package (7 high, 34 medium)`. */
function moreIn(groups: readonly Group[]): string {
  return whatIsIn(groups).replace(/^(\d+) (.*): (.*)$/, '$1 more $2 ($3)');
}

function severitiesIn(groups: readonly Group[]): string {
  const verdicts = groups.flatMap(({ entries }) =>
    entries.flatMap(({ findings }) => findings.map(({ verdict }) => verdict)),
  );
  const counts = severities.flatMap((severity) => {
    const count = verdicts.filter((each) => each.outcome === 'fail' && each.severity === severity);
    return count.length === 0 ? [] : [`${count.length} ${severity}`];
  });
  const unknown = verdicts.filter(({ outcome }) => outcome === 'unknown').length;
  return (
    [...counts, ...(unknown === 0 ? [] : [`${unknown} unknown`])].join(', ') || 'nothing found'
  );
}

/** Whether it counts is said where nothing of it does. */
function headOf(
  whose: 'dependency' | 'distribution',
  groups: readonly Group[],
  { style, gate }: Page,
): string {
  const isOutside = groups.every(({ entries }) =>
    entries.every(({ findings }) =>
      findings.every(
        ({ verdict }) =>
          verdict.outsideGate !== undefined ||
          !severitiesFrom(gate.failOn).includes(verdict.severity),
      ),
    ),
  );
  const isAnyHeavy = groups.some(({ severity }) => severitiesFrom(gate.failOn).includes(severity));
  const outside = isOutside && isAnyHeavy ? outsideTheGate : '';
  return `${style.bold(titles[whose])}  ${whatIsIn(groups)}${outside}`;
}

/** A line for each package that matters most: the author of the image cannot change its flags. */
function* renderDistribution(groups: readonly Group[], page: Page): Generator<string> {
  const [first] = groups;
  if (first === undefined) return;
  yield `\n${headOf('distribution', groups, page)}\n`;
  const isAll = groups.length <= room.distribution;
  const listed = groups.slice(0, isAll ? room.distribution : room.distribution - 1);
  for (const group of listed) yield packageLine(group, page);
  if (isAll) return;
  const more = `and ${amount(groups.length - listed.length, 'more package')}: --packages`;
  yield `${page.style.dim(`  ${more}`)}\n`;
}

/** `  high      python3.11 3.11.2-6: stack-protector 28, relro 3`. */
function packageLine({ title, severity, entries }: Group, page: Page): string {
  const counts = new Map<string, number>();
  for (const { rule, findings } of entries)
    counts.set(rule, (counts.get(rule) ?? 0) + findings.length);
  const label = severity.padEnd(8);
  const rules = [...counts].map(([rule, count]) => `${rule} ${count}`);
  const room = page.width - label.length - 4;
  let text = escapeText(`${title}: ${rules.join(', ')}`);
  for (let kept = rules.length - 1; kept > 0 && text.length > room; kept -= 1)
    text = escapeText(`${title}: ${rules.slice(0, kept).join(', ')}, ...`);
  const isBreaking = entries.some(({ findings }) =>
    findings.some(({ verdict }) => breaksGate(page.gate, verdict)),
  );
  const painted = isBreaking ? page.style.severity(severity, label) : page.style.dim(label);
  return `  ${painted}  ${text}\n`;
}
