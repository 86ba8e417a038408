import { createHash } from 'node:crypto';
import { escapeText } from '../../base/escape.ts';
import type {
  Acceptance,
  Answering,
  Audit,
  AuditedImage,
  AuditedReport,
  Inactive,
} from '../audit.ts';
import type { AuditFormat } from './audit-format.ts';
import { style } from './html/style.ts';
import { countText, stateText, whereText } from './words/inactive-words.ts';
import { summaryOf } from './words/summary-words.ts';
import {
  answeringText,
  changedText,
  conditionTexts,
  contradictionTexts,
  endText,
  leftOutTexts,
  placeText,
  settingTexts,
  sourceText,
  titleOf,
  toolText,
} from './words/words.ts';

/** A document to keep and to print: it has no script, loads nothing, and its own policy allows its style alone. */
const html: AuditFormat = {
  format: 'html',
  *render(audit) {
    yield head(titleOf(audit));
    const changed = changedText(audit);
    yield `<h1>${text(titleOf(audit))}</h1>\n`;
    if (changed !== null) yield `<p><strong>${text(changed)}.</strong></p>\n`;
    yield `<p>${text(summaryOf(audit))}.</p>\n`;
    yield* tableOf(
      'Accepted',
      ['Until', 'Rules', 'Where', 'Reason', 'Owner', 'Approved by', 'Ticket', 'Made', 'Written in'],
      audit.acceptances,
      acceptanceCells,
    );
    yield* tableOf(
      'Accepted nothing',
      ['Why', 'Rules', 'Where', 'Reason', 'Owner', 'Approved by', 'Ticket', 'Made', 'Written in'],
      audit.inactive,
      inactiveCells,
    );
    yield* tableOf('People', ['Name', 'Answers for'], audit.people, answeringCells);
    yield* tableOf('Tickets', ['Ticket', 'Accepts'], audit.tickets, answeringCells);
    for (const report of audit.reports) yield* reportSection(report);
    yield footer(audit);
  },
};
export default html;

/** More would be a page that no browser prints. CSV and JSON have all of them. */
const mostRows = 2000;

/** With its mark-up characters as text. Names and reasons come from images and reports of anyone. */
function text(words: string): string {
  return escapeText(words).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function head(title: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${text(title)} · hullcheck</title>`,
    `<style>${style}</style>\n</head>\n<body>\n<main>\n`,
  ].join('\n');
}

function footer({ tool }: Audit): string {
  const rules = tool.rules === undefined ? '' : `, rules ${tool.rules.sha256.slice(0, 12)}`;
  return `<footer>${text(`${tool.name} ${tool.version}${rules}`)}</footer>\n</main>\n</body>\n</html>\n`;
}

/** A cell is text, or lines of it. */
type Cell = string | readonly string[];

interface Row {
  readonly cells: readonly Cell[];
  readonly mark: string | null;
}

function* tableOf<T>(
  title: string,
  columns: readonly string[],
  items: readonly T[],
  rowOf: (item: T) => Row,
): Generator<string> {
  if (items.length === 0) return;
  const names = columns.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  yield `<h2>${text(title)}</h2>\n<table>\n<thead><tr>${names}</tr></thead>\n<tbody>\n`;
  for (const item of items.slice(0, mostRows)) {
    const { cells, mark } = rowOf(item);
    const attribute = mark === null ? '' : ` class="${mark}"`;
    yield `<tr${attribute}>${cells.map((cell) => `<td>${linesOf(cell)}</td>`).join('')}</tr>\n`;
  }
  yield '</tbody>\n</table>\n';
  const rest = items.length - mostRows;
  if (rest > 0) yield `<p>${rest} more rows are in the formats csv and json.</p>\n`;
}

function linesOf(cell: Cell): string {
  return [cell].flat().map(text).join('<br>');
}

function acceptanceCells(acceptance: Acceptance): Row {
  const { by, rules, images, verdicts, paths, reason, owner, approvedBy, ticket } = acceptance;
  const more = verdicts > paths.length ? [`${verdicts} verdicts in all`] : [];
  const { ends, created } = acceptance;
  return {
    cells: [
      endText(acceptance),
      rules,
      [...cutNames(images), ...paths, ...more],
      reason ?? (by === 'baseline' ? 'in the baseline' : ''),
      owner ?? '',
      approvedBy,
      ticket ?? '',
      created ?? '',
      placeText(acceptance),
    ],
    mark: ends === 'ended' || ends === 'soon' ? ends : null,
  };
}

function inactiveCells(inactive: Inactive): Row {
  const { state, because, rules, images, paths, where, verdicts } = inactive;
  const { reason, owner, approvedBy, ticket, created } = inactive;
  const places = where === null ? [...cutNames(images), ...paths] : [whereText(where)];
  return {
    cells: [
      [stateText(inactive), ...(state === 'ended' ? [] : [because])],
      rules,
      state === 'elsewhere' ? places : [...places, countText(verdicts)],
      reason ?? '',
      owner ?? '',
      approvedBy,
      ticket ?? '',
      created ?? '',
      placeText(inactive),
    ],
    mark: state === 'ended' ? 'ended' : null,
  };
}

const mostNames = 20;

function cutNames(names: readonly string[]): readonly string[] {
  const rest = names.length - mostNames;
  return rest > 0 ? [...names.slice(0, mostNames), `and ${rest} more images`] : names;
}

function answeringCells(answering: Answering): Row {
  return { cells: [answering.name, answeringText(answering)], mark: null };
}

function* reportSection(report: AuditedReport): Generator<string> {
  const { file, sha256, sources, warnings, notices, images } = report;
  yield `<section>\n<h2>${text(file)}</h2>\n`;
  yield list([
    `sha256 ${sha256}`,
    toolText(report),
    ...contradictionTexts(report),
    ...sources.map(sourceText),
    ...settingTexts(report),
  ]);
  yield* tableOf('Images', ['Image', 'Gate', 'Conditions', 'Left out'], images, imageCells);
  const notes = [...warnings, ...notices];
  if (notes.length > 0) yield `<h3>Notices</h3>\n${list(notes.slice(0, mostRows))}`;
  yield '</section>\n';
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${text(item)}</li>\n`).join('')}</ul>\n`;
}

function imageCells(image: AuditedImage): Row {
  const { name, digest, platform, profile, gate } = image;
  return {
    cells: [
      [name, ...[digest, platform].filter((part) => part !== null)],
      [`${gate.state}: ${gate.because}`, `of ${gate.of}`, ...(profile === null ? [] : [profile])],
      conditionTexts(image),
      leftOutTexts(image),
    ],
    mark: gate.state,
  };
}
