import { codeSpan, escapeMarkdown, shorten } from '../../reporters/markdown/escape-markdown.ts';
import { breakingIn } from '../diff-gate.ts';
import type { BinaryChange, Difference, VerdictChange } from '../difference.ts';
import { componentText } from '../group-changes.ts';
import type { DiffFormat, DiffGate, ListLook } from './diff-format.ts';
import {
  answerOf,
  binaryText,
  countsText,
  coverageText,
  isMoved,
  longestList,
  otherLists,
  ownerText,
  partsOf,
  sideText,
  standings,
  unreadTexts,
  whoseTitles,
} from './words/words.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around it. */
const longest = 60_000;

/** For a comment on a pull request or a job summary: what became worse first, as much as fits. */
const markdown: DiffFormat = {
  format: 'markdown',
  *render({ difference, gate }, look) {
    let room = longest - 200;
    for (const line of linesOf(difference, gate, look)) {
      room -= line.length;
      if (room < 0) {
        yield '\nThe rest does not fit here: hullcheck diff -o html shows all.\n';
        return;
      }
      yield line;
    }
  },
};
export default markdown;

const signs = { holds: '✅', broken: '❌', undecided: '⚠️' } as const;

function* linesOf(difference: Difference, gate: DiffGate, look: ListLook): Generator<string> {
  yield `## hullcheck diff: ${signs[gate.state]} ${answerOf(difference, gate)}\n\n${escapeMarkdown(gate.because)}.\n\n`;
  yield `- old: ${escapeMarkdown(shorten(sideText(difference.old)))}\n`;
  yield `- new: ${escapeMarkdown(shorten(sideText(difference.new)))}\n\n`;
  for (const notice of difference.notices) yield `${escapeMarkdown(shorten(notice))}\n\n`;
  yield* list('Not scanned', unreadTexts(difference), look, (text) => {
    return `- ${escapeMarkdown(shorten(text))}\n`;
  });
  yield* renderChanges('Worse', difference.worse, breakingIn(difference, gate), look);
  for (const [title, changes] of otherLists(difference))
    yield* renderChanges<VerdictChange | BinaryChange>(title, changes, () => false, look);
  const moved = difference.coverage.filter(isMoved);
  yield* list('Coverage', moved, { ...look, all: true }, (change) => {
    return `- ${codeSpan(shorten(change.rule))} ${coverageText(change)}\n`;
  });
}

/** By whose the files are: rows for yours and what counts, a line for each component of the rest. */
function* renderChanges<Change extends VerdictChange | BinaryChange>(
  title: string,
  changes: readonly Change[],
  counts: (change: Change) => boolean,
  { all }: ListLook,
): Generator<string> {
  if (changes.length === 0) return;
  yield `### ${title} (${changes.length})\n\n`;
  const parts = partsOf(changes, counts, all);
  const isOwnOnly = parts.every(({ whose }) => whose === 'yours');
  for (const { whose, count, groups } of parts) {
    if (!isOwnOnly) yield `**${whoseTitles[whose]}** (${count})\n\n`;
    const isFolded = ({ component }: (typeof groups)[number]) => component !== null && !all;
    const rows = groups.filter((group) => !isFolded(group)).flatMap((group) => group.changes);
    yield* renderRows(rows, all);
    const folded = groups.filter(isFolded);
    for (const { component, changes: own } of folded.slice(0, longestList)) {
      const name = component === null ? '' : codeSpan(shorten(componentText(component)));
      yield `- ${name} ${escapeMarkdown(shorten(countsText(own)))}\n`;
    }
    const rest = folded.slice(longestList).flatMap((group) => group.changes).length;
    if (folded.length > 0) yield rest > 0 ? `\nand ${rest} more with \`--all\`\n\n` : '\n';
  }
}

function* renderRows(
  rows: readonly (VerdictChange | BinaryChange)[],
  all: boolean,
): Generator<string> {
  const [first] = rows;
  if (first === undefined) return;
  if ('rule' in first) yield verdictHead;
  for (const row of all ? rows : rows.slice(0, longestList))
    yield 'rule' in row ? verdictRow(row) : `- ${codeSpan(shorten(binaryText(row)))}\n`;
  const rest = all ? 0 : rows.length - longestList;
  yield rest > 0 ? `\nand ${rest} more with \`--all\`\n\n` : '\n';
}

const verdictHead = '| Rule | Binary | Before | After | What |\n|---|---|---|---|---|\n';

function* list<T>(
  title: string,
  items: readonly T[],
  { all }: ListLook,
  lineOf: (item: T) => string,
): Generator<string> {
  if (items.length === 0) return;
  yield `### ${title} (${items.length})\n\n`;
  const listed = all ? items : items.slice(0, longestList);
  for (const item of listed) yield lineOf(item);
  const rest = items.length - listed.length;
  yield rest > 0 ? `\nand ${rest} more with \`--all\`\n\n` : '\n';
}

function verdictRow(change: VerdictChange): string {
  const cells = [
    codeSpan(shorten(change.rule)),
    codeSpan(shorten(`${change.path}${ownerText(change)}`)),
    ...standings(change),
    escapeMarkdown(shorten(change.message)),
  ];
  return `| ${cells.join(' | ')} |\n`;
}
