import { amount } from '../../base/amount.ts';
import { codeSpan, escapeMarkdown, shorten } from '../../reporters/markdown/escape-markdown.ts';
import { codeIn, fixMarkdown } from '../../reporters/markdown/worse-markdown.ts';
import type { Difference } from '../difference.ts';
import { type ShownCause, shownCauses } from '../shown-causes.ts';
import type { Compared, DiffFormat } from './diff-format.ts';
import { markdownHead } from './markdown/head.ts';
import { renderWholeMarkdown } from './markdown/whole-markdown.ts';
import { filesText } from './words/cause-words.ts';
import { otherLists, unreadTexts } from './words/words.ts';

/** Lines of a comment that is read before the code is. */
const mostLines = 20;
/** Those of the head and of the counts, with their blank lines. */
const otherLines = 10;

/** For a comment on a pull request: at most 20 lines, what is worst first. With `--all` each change, as much as a comment has room for. */
const markdown: DiffFormat = {
  format: 'markdown',
  *render(compared, look) {
    if (look.all) yield* renderWholeMarkdown(compared);
    else yield* shortLines(compared);
  },
};
export default markdown;

function* shortLines(compared: Compared): Generator<string> {
  const { difference, gate } = compared;
  const causes = shownCauses(difference, gate);
  yield* markdownHead(compared);
  const room = mostLines - otherLines;
  const listed = causes.length > room ? causes.slice(0, room - 1) : causes;
  if (causes.length > 0) yield '\n';
  for (const cause of listed) yield `- ${causeText(cause, compared)}\n`;
  if (listed.length < causes.length) yield `- ${restText(causes.slice(listed.length))}\n`;
  yield `\n${[countsText(difference), ...remarks(difference)].join('. ')}.\n`;
}

/** Bold: it breaks the gate. */
function causeText(cause: ShownCause, compared: Compared): string {
  const { rule, severity, sentence, remedy, breaks } = cause;
  const weight = breaks ? `**${severity}**` : severity;
  const fix = remedy === null ? '' : `. Fix: ${fixMarkdown(remedy)}`;
  const files = filesText(cause, compared, (name) => codeSpan(shorten(name), 'line'));
  return `${weight} ${codeSpan(rule, 'line')}: ${codeIn(shorten(sentence))}: ${files}${fix}`;
}

function restText(causes: readonly ShownCause[]): string {
  const verdicts = causes.reduce((sum, { entries }) => sum + entries.length, 0);
  return `and ${amount(causes.length, 'more cause')} (${amount(verdicts, 'verdict')}): \`--all\` lists them`;
}

/** `Better: 3, Added: 1`: what there is none of is left out. */
function countsText(difference: Difference): string {
  const counts = otherLists(difference)
    .filter(([, changes]) => changes.length > 0)
    .map(([title, changes]) => `${title}: ${changes.length}`);
  return counts.length === 0 ? 'No other change' : counts.join(', ');
}

/** What makes the two hard to compare: the first, and how much more there is. */
function remarks(difference: Difference): readonly string[] {
  const unread = unreadTexts(difference);
  const [notice, ...more] = difference.notices;
  return [
    ...(unread.length === 0 ? [] : [`Not scanned: ${amount(unread.length, 'part')}`]),
    ...(notice === undefined ? [] : [`Note: ${escapeMarkdown(shorten(notice))}`]),
    ...(more.length === 0 ? [] : [`${amount(more.length, 'more note')} in other formats`]),
  ];
}
