import { escapeText } from '../../base/escape.ts';
import { isSeverity } from '../../base/verdict.ts';
import { wrap } from '../../base/wrap.ts';
import { hang } from '../../reporters/text/text-layout.ts';
import { type Style, styleOf } from '../../reporters/text/text-style.ts';
import { breakingIn } from '../diff-gate.ts';
import type { BinaryChange, Difference, VerdictChange } from '../difference.ts';
import { type ChangeGroup, componentText } from '../group-changes.ts';
import type { DiffFormat, DiffGate, ListLook } from './diff-format.ts';
import {
  answerOf,
  binaryText,
  countsText,
  coverageText,
  isMoved,
  longestList,
  otherLists,
  partsOf,
  sideText,
  standings,
  unreadTexts,
  whoseTitles,
} from './words/words.ts';

/** For a person at a terminal: what became worse first, and the answer on the last line. */
const text: DiffFormat = {
  format: 'text',
  *render({ difference, gate }, look) {
    const page = { ...look, gate, style: styleOf(look.color) };
    const { bold } = page.style;
    for (const [title, side] of [
      ['Old', difference.old],
      ['New', difference.new],
    ] as const)
      yield hang(`${title}  `, escapeText(sideText(side)), look.width).replace(title, bold);
    yield '\n';
    yield* renderChanges('Worse', difference.worse, breakingIn(difference, gate), page);
    for (const [title, changes] of otherLists(difference))
      yield* renderChanges<VerdictChange | BinaryChange>(title, changes, () => false, page);
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

interface Page extends ListLook {
  readonly style: Style;
  readonly gate: DiffGate;
}

/** A list by whose the files are: yours one by one, others by component; a word says whose where not all is yours. */
function* renderChanges<Change extends VerdictChange | BinaryChange>(
  title: string,
  changes: readonly Change[],
  counts: (change: Change) => boolean,
  page: Page,
): Generator<string> {
  if (changes.length === 0) return;
  const { style } = page;
  yield `${style.bold(`${title} (${changes.length})`)}\n`;
  const parts = partsOf(changes, counts, page.all);
  const isOwnOnly = parts.every(({ whose }) => whose === 'yours');
  for (const { whose, count, groups } of parts) {
    if (!isOwnOnly) yield ` ${style.bold(whoseTitles[whose])}: ${count}\n`;
    yield* renderGroups(groups, page);
  }
  yield '\n';
}

/** Lists are cut by what has a line: a change, or a component of which nothing counts. */
function* renderGroups(
  groups: readonly ChangeGroup<VerdictChange | BinaryChange>[],
  page: Page,
): Generator<string> {
  let room = page.all ? Number.POSITIVE_INFINITY : longestList;
  let rest = 0;
  for (const { component, changes } of groups) {
    if (room <= 0) rest += changes.length;
    else if (component !== null && !page.all) {
      yield labelled(changes, `${componentText(component)}: ${countsText(changes)}`, page);
      room -= 1;
    } else {
      yield* renderFile(changes.slice(0, room), page);
      rest += Math.max(changes.length - room, 0);
      room -= changes.length;
    }
  }
  if (rest > 0) yield `${page.style.dim(`  and ${rest} more with --all`)}\n`;
}

function* renderFile(
  changes: readonly (VerdictChange | BinaryChange)[],
  page: Page,
): Generator<string> {
  const [first] = changes;
  if (first === undefined) return;
  yield hang('  ', escapeText(binaryText(first)), page.width);
  for (const change of changes)
    if ('rule' in change) {
      const [was, is] = standings(change);
      yield `  ${labelled([change], `${change.rule}: was ${was}, is ${is}: ${change.message}`, page)}`;
    }
}

/** The first is the most severe. A list of binaries has no severities. */
function labelled(
  [first]: readonly (VerdictChange | BinaryChange)[],
  said: string,
  { style, width }: Page,
): string {
  if (first === undefined || !('rule' in first)) return hang('  ', escapeText(said), width);
  const severity = [first.after, first.before].some(isSeverity) ? first.severity : null;
  const label = (severity ?? 'unknown').padEnd(8);
  const lines = hang(`  ${label}  `, escapeText(said), width - 2);
  return lines.replace(label, (word) =>
    severity === null ? style.outcome('unknown', word) : style.severity(severity, word),
  );
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
