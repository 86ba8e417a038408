import { escapeText } from '../../base/escape.ts';
import { wrap } from '../../base/wrap.ts';
import { hang } from '../../reporters/text/text-layout.ts';
import { styleOf } from '../../reporters/text/text-style.ts';
import type { BinaryChange, Difference, VerdictChange } from '../difference.ts';
import type { DiffFormat } from './diff-format.ts';
import { renderGroups } from './text/text-changes.ts';
import type { Page } from './text/text-page.ts';
import { renderWorse } from './text/text-worse.ts';
import {
  answerOf,
  coverageText,
  isMoved,
  longestList,
  otherLists,
  partsOf,
  sideText,
  unreadTexts,
  whoseTitles,
} from './words/words.ts';

/** For a person at a terminal: what became worse first, and the answer on the last line. */
const text: DiffFormat = {
  format: 'text',
  *render(compared, look) {
    const { difference, gate } = compared;
    const page = { ...look, style: styleOf(look.color) };
    const { bold } = page.style;
    for (const [title, side] of [
      ['Old', difference.old],
      ['New', difference.new],
    ] as const)
      yield hang(`${title}  `, escapeText(sideText(side)), look.width).replace(title, bold);
    yield '\n';
    yield* renderWorse(compared, page);
    for (const [title, changes] of otherLists(difference))
      yield* renderChanges<VerdictChange | BinaryChange>(title, changes, page);
    yield* renderCoverage(difference, page);
    yield* list('Not scanned', unreadTexts(difference), page);
    for (const notice of difference.notices)
      yield `${wrap(escapeText(notice), look.width).join('\n')}\n\n`;
    const answer = answerOf(difference, gate).toUpperCase();
    const lines = wrap(`${answer}: ${escapeText(gate.because)}`, look.width).join('\n');
    yield `${lines.replace(answer, (word) => page.style.gate(gate.state, word))}\n`;
  },
};
export default text;

/** A list by whose the files are: yours one by one, others by component; a word says whose where not all is yours. */
function* renderChanges<Change extends VerdictChange | BinaryChange>(
  title: string,
  changes: readonly Change[],
  page: Page,
): Generator<string> {
  if (changes.length === 0) return;
  const { style } = page;
  yield `${style.bold(`${title} (${changes.length})`)}\n`;
  const parts = partsOf(changes, () => false, page.all);
  const isOwnOnly = parts.every(({ whose }) => whose === 'yours');
  for (const { whose, count, groups } of parts) {
    if (!isOwnOnly) yield ` ${style.bold(whoseTitles[whose])}: ${count}\n`;
    yield* renderGroups(groups, page);
  }
  yield '\n';
}

function* list(title: string, lines: readonly string[], page: Page): Generator<string> {
  if (lines.length === 0) return;
  yield `${page.style.bold(`${title} (${lines.length})`)}\n`;
  const listed = page.all ? lines : lines.slice(0, longestList);
  for (const line of listed) yield hang('  ', escapeText(line), page.width);
  const rest = lines.length - listed.length;
  if (rest > 0) yield `${page.style.dim(`  and ${rest} more with --all`)}\n`;
  yield '\n';
}

function* renderCoverage({ coverage }: Difference, { style }: Page): Generator<string> {
  const moved = coverage.filter(isMoved);
  if (moved.length === 0) return;
  yield `${style.bold('Coverage')}\n`;
  for (const change of moved) yield `  ${escapeText(change.rule)}: ${coverageText(change)}\n`;
  yield '\n';
}
