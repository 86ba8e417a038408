import { escapeText } from '../../base/escape.ts';
import { isBinary } from '../../report/all-judged.ts';
import type { Entry, Group } from '../groups/group.ts';
import { type Fix, fixText } from '../remedies/fix.ts';
import { fixesOfGroup } from '../remedies/fixes-of-group.ts';
import { briefLines } from './text-brief.ts';
import { fixLines } from './text-command.ts';
import { hang } from './text-layout.ts';
import type { Page } from './text-page.ts';
import { placementLine } from './text-placement.ts';
import { renderVerdict } from './text-verdict.ts';

/** Groups that differ in nothing but their paths: one remedy is said once. */
export interface Block {
  readonly groups: readonly [Group, ...Group[]];
  readonly about: string;
  readonly fixes: readonly Fix[];
}

/** In the order of the groups. With --group-by file, files are not combined. */
export function blocksOf(groups: readonly Group[], page: Page): readonly Block[] {
  const blocks = new Map<
    string,
    { groups: [Group, ...Group[]]; about: string; fixes: readonly Fix[] }
  >();
  for (const [index, group] of groups.entries()) {
    const about = aboutOf(group);
    const fixes = fixesOfGroup(group, page);
    const rules = group.entries.map(({ rule, severity }) => `${severity} ${rule}`);
    const isFolded = group.component === null && !page.isWhole;
    const key = isFolded
      ? JSON.stringify([group.whose, about, rules, fixes.map(fixText)])
      : String(index);
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, { groups: [group], about, fixes });
    else block.groups.push(group);
  }
  return [...blocks.values()];
}

function aboutOf({ files: [first], target, component }: Group): string {
  return first === undefined || component !== null ? '' : placementLine(first, target);
}

/** Paths of a block that are named, and of a component's files that are examples. */
const mostPaths = 3;

export function blockLines(block: Block, page: Page): readonly string[] {
  const [group] = block.groups;
  const entries = group.entries.flatMap((entry) => entryLines(entry, block, page));
  const isChoice = group.whose === 'dependency';
  const fixes = block.fixes.flatMap((fix, index) =>
    fixLines(fix, page.width, isChoice && index > 0 ? 'or' : 'fix').map((line, at) =>
      at === 0 ? line.replace(/\b(?:fix|or)\b/, page.style.bold) : line,
    ),
  );
  return [...titleLines(block, page), ...entries, ...fixes];
}

function titleLines({ groups, about }: Block, { style, width, isWhole }: Page): readonly string[] {
  const [group] = groups;
  const [first] = group.files;
  if (group.target.kind === 'file' && group.target.binaries.length === 1) return [];
  const note =
    first === undefined || isBinary(first) ? noteOf(group, about) : 'the start of the image';
  const label = note === '' ? '' : `  (${escapeText(note)})`;
  const named = groups.slice(0, mostPaths).map(({ title }) => escapeText(title));
  const more = groups.length - named.length;
  const last = `${named.at(-1) ?? ''}${more > 0 ? ` and ${more} more` : ''}`;
  const titles = [...named.slice(0, -1), last].map((title) => style.bold(title));
  const aliases = isWhole && first !== undefined ? aliasLines(first.aliases, width) : [];
  if (last.length + label.length <= width)
    return [...titles.slice(0, -1), `${titles.at(-1)}${style.dim(label)}`, ...aliases];
  return [
    ...titles,
    ...hang('  ', label.trim().replace(/^\((.*)\)$/, '$1'), width)
      .trimEnd()
      .split('\n')
      .map(style.dim),
    ...aliases,
  ];
}

function aliasLines(aliases: readonly string[], width: number): readonly string[] {
  if (aliases.length === 0) return [];
  const more = aliases.length > 2 ? ` and ${aliases.length - 2} more names` : '';
  return hang('  also ', escapeText(`${aliases.slice(0, 2).join(', ')}${more}`), width)
    .trimEnd()
    .split('\n');
}

function entryLines(entry: Entry, { groups }: Block, page: Page): readonly string[] {
  const [first] = entry.findings;
  if (first === undefined) return [];
  if (page.isWhole || page.verbose)
    return renderVerdict(first.verdict, { ...page, evidence: true })
      .trimEnd()
      .split('\n');
  const { severity, verdict } = { severity: entry.severity, verdict: first.verdict };
  const label = (verdict.outcome === 'fail' ? severity : verdict.outcome).padEnd(8);
  const head = `  ${label}  `;
  const others = entry.findings.length > 1 ? ` (${entry.findings.length} files)` : '';
  const isShared = groups.length > 1 && !isSame(entry.rule, groups);
  const message = isShared ? `for example: ${verdict.message}` : verdict.message;
  const prefix = `${verdict.rule}: `;
  const room = page.width - head.length - prefix.length - others.length;
  const [line = '', ...more] = briefLines(escapeText(message), room);
  const painted =
    verdict.outcome === 'fail'
      ? page.style.severity(severity, label)
      : page.style.outcome(verdict.outcome, label);
  const lines = [line, ...more];
  return lines.map((text, index) => {
    const end = index === lines.length - 1 ? others : '';
    return index === 0
      ? `  ${painted}  ${prefix}${text}${end}`
      : `${' '.repeat(head.length + prefix.length)}${text}${end}`;
  });
}

/** Whether every file of the block has the same sentence of the rule. */
function isSame(rule: string, groups: readonly Group[]): boolean {
  const messages = groups.flatMap(({ entries }) =>
    entries
      .filter((entry) => entry.rule === rule)
      .map(({ findings }) => findings[0]?.verdict.message),
  );
  return new Set(messages).size === 1;
}

/** Of a component one of its files, and how many there are. */
function noteOf({ component, files }: Group, about: string): string {
  const [first] = files;
  if (component === null || first === undefined) return about;
  return files.length === 1 ? first.path : `${first.path} and ${files.length - 1} more`;
}
