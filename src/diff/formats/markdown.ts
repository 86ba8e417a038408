import { codeSpan, escapeMarkdown, shorten } from '../../reporters/escape-markdown.ts';
import type { Difference, VerdictChange } from '../difference.ts';
import type { DiffFormat, DiffGate, DiffLook } from './diff-format.ts';
import {
  binaryLists,
  binaryText,
  coverageText,
  isMoved,
  longestList,
  ownerText,
  sideText,
  standings,
  unreadTexts,
  verdictLists,
} from './words.ts';

/** Characters that GitHub takes as a comment, with room for what the user writes around it. */
const longest = 60_000;

/** For a comment on a pull request or a job summary: what became worse first, as much as fits. */
const markdown: DiffFormat = {
  format: 'markdown',
  *render(difference, gate, look) {
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

const answers = {
  holds: '✅ Nothing became worse',
  broken: '❌ Worse',
  open: '⚠️ No answer',
} as const;

function* linesOf(difference: Difference, gate: DiffGate, look: DiffLook): Generator<string> {
  yield `## hullcheck diff: ${answers[gate.state]}\n\n${escapeMarkdown(gate.because)}.\n\n`;
  yield `- old: ${escapeMarkdown(shorten(sideText(difference.old)))}\n`;
  yield `- new: ${escapeMarkdown(shorten(sideText(difference.new)))}\n\n`;
  for (const notice of difference.notices) yield `${escapeMarkdown(shorten(notice))}\n\n`;
  yield* list('Not scanned', unreadTexts(difference), look, (text) => {
    return `- ${escapeMarkdown(shorten(text))}\n`;
  });
  for (const [title, changes] of verdictLists(difference))
    yield* list(title, changes, look, verdictRow, verdictHead);
  for (const [title, changes] of binaryLists(difference)) {
    yield* list(title, changes, look, (change) => `- ${codeSpan(shorten(binaryText(change)))}\n`);
  }
  const moved = difference.coverage.filter(isMoved);
  yield* list('Coverage', moved, { ...look, all: true }, (change) => {
    return `- ${codeSpan(shorten(change.rule))} ${coverageText(change)}\n`;
  });
}

const verdictHead = '| Rule | Binary | Before | After | What |\n|---|---|---|---|---|\n';

function* list<T>(
  title: string,
  items: readonly T[],
  { all }: DiffLook,
  lineOf: (item: T) => string,
  head = '',
): Generator<string> {
  if (items.length === 0) return;
  yield `### ${title} (${items.length})\n\n${head}`;
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
