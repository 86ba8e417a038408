import { codeSpan, escapeMarkdown, shorten } from '../../../reporters/markdown/escape-markdown.ts';
import type { BinaryChange, VerdictChange } from '../../difference.ts';
import type { Compared } from '../diff-format.ts';
import {
  binaryText,
  coverageText,
  isMoved,
  otherLists,
  ownerText,
  partsOf,
  standings,
  unreadTexts,
  whoseTitles,
} from '../words/words.ts';
import { markdownHead } from './head.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around it. */
const longest = 60_000;

/** Each change by itself, as much as fits. */
export function* renderWholeMarkdown(compared: Compared): Generator<string> {
  let room = longest - 200;
  for (const line of linesOf(compared)) {
    room -= line.length;
    if (room < 0) {
      yield '\nThe rest does not fit here: hullcheck diff -o html shows all.\n';
      return;
    }
    yield line;
  }
}

function* linesOf(compared: Compared): Generator<string> {
  const { difference } = compared;
  yield* markdownHead(compared);
  yield '\n';
  for (const notice of difference.notices) yield `${escapeMarkdown(shorten(notice))}\n\n`;
  yield* list('Not scanned', unreadTexts(difference), (text) => escapeMarkdown(shorten(text)));
  yield* renderChanges('Worse', difference.worse);
  for (const [title, changes] of otherLists(difference))
    yield* renderChanges<VerdictChange | BinaryChange>(title, changes);
  yield* list('Coverage', difference.coverage.filter(isMoved), (change) => {
    return `${codeSpan(shorten(change.rule))} ${coverageText(change)}`;
  });
}

/** By whose the files are. */
function* renderChanges<Change extends VerdictChange | BinaryChange>(
  title: string,
  changes: readonly Change[],
): Generator<string> {
  if (changes.length === 0) return;
  yield `### ${title} (${changes.length})\n\n`;
  const parts = partsOf(changes, () => true, true);
  const isOwnOnly = parts.every(({ whose }) => whose === 'yours');
  for (const { whose, count, groups } of parts) {
    if (!isOwnOnly) yield `**${whoseTitles[whose]}** (${count})\n\n`;
    yield* renderRows(groups.flatMap((group) => group.changes));
  }
}

function* renderRows(rows: readonly (VerdictChange | BinaryChange)[]): Generator<string> {
  const [first] = rows;
  if (first === undefined) return;
  if ('rule' in first) yield verdictHead;
  for (const row of rows)
    yield 'rule' in row ? verdictRow(row) : `- ${codeSpan(shorten(binaryText(row)), 'line')}\n`;
  yield '\n';
}

const verdictHead = '| Rule | Binary | Before | After | What |\n|---|---|---|---|---|\n';

function verdictRow(change: VerdictChange): string {
  const cells = [
    codeSpan(shorten(change.rule)),
    codeSpan(shorten(`${change.path}${ownerText(change)}`)),
    ...standings(change),
    escapeMarkdown(shorten(change.message)),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function* list<T>(
  title: string,
  items: readonly T[],
  textOf: (item: T) => string,
): Generator<string> {
  if (items.length === 0) return;
  yield `### ${title} (${items.length})\n\n`;
  for (const item of items) yield `- ${textOf(item)}\n`;
  yield '\n';
}
