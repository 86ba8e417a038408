import { escapeText } from '../../base/escape.ts';
import { hang } from '../../reporters/text/text-layout.ts';
import { type Style, styleOf } from '../../reporters/text/text-style.ts';
import type { Acceptance, Answering, AuditedImage, AuditedReport, Inactive } from '../audit.ts';
import type { AuditFormat, AuditLook } from './audit-format.ts';
import { againText, inactiveText } from './words/inactive-words.ts';
import { summaryOf } from './words/summary-words.ts';
import {
  answeringText,
  changedText,
  conditionTexts,
  contradictionTexts,
  coveredText,
  endText,
  leftOutTexts,
  placeText,
  settingTexts,
  sourceText,
  termsText,
  titleOf,
  toolText,
} from './words/words.ts';

/** For a person at a terminal: what is accepted first, then each report with its policy and images. */
const text: AuditFormat = {
  format: 'text',
  *render(audit, look) {
    const page = { ...look, style: styleOf(look.color) };
    yield `${page.style.bold(titleOf(audit))}\n`;
    const changed = changedText(audit);
    if (changed !== null) yield hang('', escapeText(changed), page.width);
    yield hang('', escapeText(summaryOf(audit)), page.width);
    yield* section('ACCEPTED', audit.acceptances, page, (each) => acceptanceLines(each, page));
    yield* section('ACCEPTED NOTHING', audit.inactive, page, (each) => inactiveLines(each, page));
    yield* section('PEOPLE', audit.people, page, (each) => answeringLines(each, page));
    yield* section('TICKETS', audit.tickets, page, (each) => answeringLines(each, page));
    yield* section('REPORTS', audit.reports, page, (each) => reportLines(each, page));
  },
};
export default text;

interface Page extends AuditLook {
  readonly style: Style;
}

/** Lists without --all. */
const longestList = 25;

function* section<T>(
  title: string,
  items: readonly T[],
  page: Page,
  linesOf: (item: T) => Iterable<string>,
): Generator<string> {
  if (items.length === 0) return;
  yield `\n${page.style.bold(title)}\n`;
  yield* cut(items, page, '', linesOf);
}

function* cut<T>(
  items: readonly T[],
  { all, style }: Page,
  indent: string,
  linesOf: (item: T) => Iterable<string>,
): Generator<string> {
  const shown = all ? items : items.slice(0, longestList);
  for (const item of shown) yield* linesOf(item);
  const rest = items.length - shown.length;
  if (rest > 0) yield `${indent}${style.dim(`and ${rest} more with --all`)}\n`;
}

function* acceptanceLines(acceptance: Acceptance, page: Page): Generator<string> {
  const { ends, reason } = acceptance;
  const end = endText(acceptance);
  const line = hang('', escapeText(`${end}: ${termsText(acceptance)}`), page.width);
  yield ends === 'ended' || ends === 'soon'
    ? line.replace(end, (word) => page.style.outcome(ends === 'ended' ? 'fail' : 'unknown', word))
    : line;
  if (reason !== null) yield hang('  ', escapeText(`reason: ${reason}`), page.width);
  yield hang('  ', escapeText(coveredText(acceptance)), page.width);
  yield hang('  ', escapeText(placeText(acceptance)), page.width);
}

function* inactiveLines(inactive: Inactive, page: Page): Generator<string> {
  const { state, reason } = inactive;
  const line = hang('', escapeText(inactiveText(inactive)), page.width);
  yield state === 'ended'
    ? line.replace('had ended', (word) => page.style.outcome('fail', word))
    : line;
  if (reason !== null) yield hang('  ', escapeText(`reason: ${reason}`), page.width);
  yield hang('  ', escapeText(againText(inactive)), page.width);
  yield hang('  ', escapeText(placeText(inactive)), page.width);
}

function* answeringLines(answering: Answering, page: Page): Generator<string> {
  yield hang('', escapeText(`${answering.name}: ${answeringText(answering)}`), page.width);
}

function* reportLines(report: AuditedReport, page: Page): Generator<string> {
  const { file, sha256, sources, images, warnings, notices } = report;
  yield hang('', escapeText(`${file} (sha256 ${sha256})`), page.width);
  yield hang('  ', escapeText(toolText(report)), page.width);
  for (const contradiction of contradictionTexts(report))
    yield hang('  ', escapeText(contradiction), page.width);
  for (const source of sources) yield hang('  ', escapeText(sourceText(source)), page.width);
  yield* cut(settingTexts(report), page, '  ', function* (setting) {
    yield hang('  ', escapeText(setting), page.width);
  });
  yield* cut(images, page, '  ', (image) => imageLines(image, page));
  yield* cut([...warnings, ...notices], page, '  ', function* (line) {
    yield hang('  ', escapeText(line), page.width);
  });
}

function* imageLines(image: AuditedImage, page: Page): Generator<string> {
  const { gate } = image;
  const state = gate.state.toUpperCase();
  const line = hang('  ', escapeText(`${image.name}: ${state}: ${gate.because}`), page.width);
  yield line.replace(state, (word) => page.style.gate(gate.state, word));
  const details = [
    ...(image.digest === null ? [] : [image.digest]),
    ...(image.profile === null ? [] : [`profile ${image.profile}`]),
    `the gate is of ${gate.of}`,
    ...conditionTexts(image),
    ...leftOutTexts(image),
  ];
  for (const detail of details) yield hang('    ', escapeText(detail), page.width);
}
