import { escapeText } from '../../reporters/escape.ts';
import { hang, wrap } from '../../reporters/text-layout.ts';
import { type Style, styleOf } from '../../reporters/text-style.ts';
import type { Difference, VerdictChange } from '../difference.ts';
import type { DiffFormat, DiffLook } from './diff-format.ts';
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

/** For a person at a terminal: what became worse first, and the answer on the last line. */
const text: DiffFormat = {
  format: 'text',
  *render(difference, gate, look) {
    const page = { ...look, style: styleOf(look.color) };
    const { bold } = page.style;
    for (const [title, side] of [
      ['Old', difference.old],
      ['New', difference.new],
    ] as const)
      yield hang(`${title}  `, escapeText(sideText(side)), look.width).replace(title, bold);
    yield '\n';
    for (const [title, changes] of verdictLists(difference))
      yield* list(title, changes, page, verdictLine);
    for (const [title, changes] of binaryLists(difference))
      yield* list(title, changes, page, (change) =>
        hang('  ', escapeText(binaryText(change)), look.width),
      );
    yield* renderCoverage(difference, page);
    yield* list('Not scanned', unreadTexts(difference), page, (line) =>
      hang('  ', escapeText(line), look.width),
    );
    for (const notice of difference.notices)
      yield `${wrap(escapeText(notice), look.width).join('\n')}\n\n`;
    const answer = { holds: 'NOTHING WORSE', broken: 'WORSE', open: 'NO ANSWER' }[gate.state];
    const lines = wrap(`${answer}: ${escapeText(gate.because)}`, look.width).join('\n');
    yield `${lines.replace(answer, (word) => page.style.gate(gate.state, word))}\n`;
  },
};
export default text;

interface Page extends DiffLook {
  readonly style: Style;
}

function* list<T>(
  title: string,
  items: readonly T[],
  page: Page,
  lineOf: (item: T, page: Page) => string,
): Generator<string> {
  if (items.length === 0) return;
  yield `${page.style.bold(`${title} (${items.length})`)}\n`;
  const listed = page.all ? items : items.slice(0, longestList);
  for (const item of listed) yield lineOf(item, page);
  const rest = items.length - listed.length;
  if (rest > 0) yield `${page.style.dim(`  and ${rest} more with --all`)}\n`;
  yield '\n';
}

function verdictLine(change: VerdictChange, { style, width }: Page): string {
  const { severity, rule, path, message } = change;
  const label = (severity ?? 'unknown').padEnd(8);
  const [was, is] = standings(change);
  const said = `${rule}: ${path}${ownerText(change)} was ${was}, is ${is}: ${message}`;
  const lines = hang(`  ${label}  `, escapeText(said), width);
  return lines.replace(label, (word) =>
    severity === null ? style.outcome('unknown', word) : style.severity(severity, word),
  );
}

function* renderCoverage({ coverage }: Difference, { style }: Page): Generator<string> {
  const moved = coverage.filter(isMoved);
  if (moved.length === 0) return;
  yield `${style.bold('Coverage')}\n`;
  for (const change of moved) yield `  ${escapeText(change.rule)}: ${coverageText(change)}\n`;
  yield '\n';
}
