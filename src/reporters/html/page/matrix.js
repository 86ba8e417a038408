// The matrix binaries x rules: what is chosen in it, by pointer and by keys.
/** @import { PageReport, Row } from '../page-types.ts' */
import { byId } from './dom.js';
import { placeAfter } from './grid-keys.js';
import { cellId, headings, rowNode } from './matrix-cells.js';
import { createRowWindow } from './row-window.js';

/** `onOpen(row, rule)` for a cell or a name that is chosen; `onSort(name)` for a heading. */
/** @type {(report: PageReport, on: { onOpen: (row: Row, rule: string) => void, onSort: (name: string) => void }) => { show: (given: readonly Row[], sort: string, path: string) => void, focus: () => void }} */
export function createMatrix(report, { onOpen, onSort }) {
  const { rules } = report;
  const scroller = byId('matrix');
  const head = byId('matrix-head');
  /** @type {readonly Row[]} */
  let rows = [];
  let selected = '';
  /** Where the keys are: a position among the rows shown, and a column. */
  let active = { row: 0, column: -1 };

  scroller.style.setProperty('--rules', String(rules.length));
  scroller.setAttribute('aria-colcount', String(rules.length + 1));
  head.replaceChildren(...headings(report, onSort));
  scroller.addEventListener('keydown', onKey);
  scroller.addEventListener('click', onClick);
  const body = byId('matrix-rows');
  /** @type {(row: Row) => HTMLElement} */
  const draw = (row) => rowNode(row, rules);
  const rowWindow = createRowWindow({ scroller, body, head, draw, onDrawn: mark });

  /** @type {(given: readonly Row[], sort: string, path: string) => void} */
  function show(given, sort, path) {
    if (rows[active.row] !== given[active.row]) active = { ...active, row: 0 };
    rows = given;
    selected = path;
    scroller.setAttribute('aria-rowcount', String(rows.length + 1));
    markSort(head, sort);
    rowWindow.setRows(rows);
  }

  /** Shows where the keys are, and which binary is in the panel. */
  function mark() {
    for (const node of body.querySelectorAll('.is-active')) node.classList.remove('is-active');
    for (const node of body.children) {
      const row = report.rows[Number(node.getAttribute('data-row'))];
      node.classList.toggle('is-selected', row?.path === selected);
    }
    const id = cellId(rows[active.row]?.index, active.column);
    const cell = byId(id);
    cell?.classList.add('is-active');
    if (cell === null) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', id);
  }

  /** @type {(event: KeyboardEvent) => void} */
  function onKey(event) {
    if (event.target !== scroller || event.altKey || event.metaKey) return;
    const size = { rows: rows.length, columns: rules.length, page: rowWindow.pageLength() };
    const next = placeAfter(event, active, size);
    if (next !== null) moveTo(next);
    else if (event.key === 'Enter' || event.key === ' ') openActive();
    else return;
    event.preventDefault();
  }

  /** @type {(place: { row: number, column: number }) => void} */
  function moveTo(place) {
    active = place;
    rowWindow.reveal(place.row);
    const cell = byId(cellId(rows[place.row]?.index, place.column));
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** @type {(event: MouseEvent) => void} */
  function onClick({ target }) {
    if (!(target instanceof Element)) return;
    const row = report.rows[Number(target.closest('[data-row]')?.getAttribute('data-row') ?? -1)];
    if (row === undefined) return;
    const column = Number(target.closest('[data-column]')?.getAttribute('data-column') ?? -1);
    active = { row: rows.indexOf(row), column };
    mark();
    openActive();
  }

  function openActive() {
    const row = rows[active.row];
    if (row !== undefined) onOpen(row, rules[active.column]?.id ?? '');
  }

  return { show, focus: () => scroller.focus({ preventScroll: true }) };
}

/** @type {(head: HTMLElement, sort: string) => void} */
function markSort(head, sort) {
  const name = sort.replace(/^-/, '');
  const order = sort.startsWith('-') ? 'descending' : 'ascending';
  for (const heading of head.querySelectorAll('[data-sort]')) {
    if (heading.getAttribute('data-sort') === name) heading.setAttribute('aria-sort', order);
    else heading.removeAttribute('aria-sort');
  }
}
