// Headings and rows of the matrix.
/** @import { PageReport, PageVerdict, Row } from '../page-types.ts' */
import { glyphOf, lookOf, stateNames } from './data.js';
import { element } from './dom.js';
import { visible } from './text.js';

/** Of the cell of a row (its index in the report) and a column; column -1 is the name. */
/** @type {(row: number | undefined, column: number) => string} */
export function cellId(row, column) {
  return `cell-${row}-${column}`;
}

/** @type {(report: PageReport, onSort: (name: string) => void) => HTMLElement[]} */
export function headings({ rules }, onSort) {
  return [
    heading('path', 'name-heading', { title: 'Order by path' }, 'Binary'),
    element('div', { class: 'cells', role: 'presentation' }, ...rules.map(ruleHeading)),
  ];

  /** @type {(rule: PageReport["rules"][number]) => HTMLElement} */
  function ruleHeading({ id, title }) {
    const text = element('span', {}, visible(id));
    return heading(
      `rule:${id}`,
      'rule-heading',
      { title: `${visible(title || id)}. Order by it` },
      text,
    );
  }

  /** @type {(sort: string, look: string, attributes: Readonly<Record<string, string>>, content: Node | string) => HTMLElement} */
  function heading(sort, look, attributes, content) {
    const on = { click: () => onSort(sort) };
    return element(
      'div',
      { role: 'columnheader', class: look, 'data-sort': sort },
      element('button', { type: 'button', ...attributes, on }, content),
    );
  }
}

/** One binary; where it stands among the rows is set by who places it. */
/** @type {(row: Row, rules: PageReport["rules"]) => HTMLElement} */
export function rowNode(row, rules) {
  return element(
    'div',
    { role: 'row', class: 'row', 'data-row': row.index },
    nameCell(row),
    element(
      'div',
      { class: 'cells', role: 'presentation' },
      ...row.cells.map((verdict, column) => verdictCell(row, rules[column], verdict, column)),
    ),
  );
}

/** Without room the folder is cut first: the file's own name says more. */
/** @type {(row: Row) => HTMLElement} */
function nameCell(row) {
  const path = visible(row.path);
  const cut = path.lastIndexOf('/') + 1;
  const findings = row.weight.reduce((sum, count) => sum + count, 0);
  return element(
    'div',
    { role: 'rowheader', class: 'name', id: cellId(row.index, -1), title: path, 'data-column': -1 },
    element('span', { class: 'folder' }, path.slice(0, cut)),
    element('span', { class: 'file' }, path.slice(cut)),
    element('span', { class: 'findings' }, findings > 0 ? String(findings) : ''),
  );
}

/** @type {(row: Row, rule: PageReport["rules"][number] | undefined, verdict: PageVerdict | null, column: number) => HTMLElement} */
function verdictCell(row, rule, verdict, column) {
  const place = { role: 'gridcell', id: cellId(row.index, column), 'data-column': column };
  if (verdict === null) return element('div', { ...place, class: 'cell' });
  const name = verdict.state === 'fail' ? `fail, ${verdict.severity}` : stateNames[verdict.state];
  const says = `${visible(rule?.id ?? '')}: ${name}`;
  const look = `cell ${lookOf(verdict)}`;
  return element(
    'div',
    { ...place, class: look, 'aria-label': says, title: says },
    glyphOf(verdict),
  );
}
