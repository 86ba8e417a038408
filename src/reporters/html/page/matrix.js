// The matrix binaries x rules. Only the rows in view are in the document, whatever the report's size.
import { glyphOf, lookOf, stateNames } from './data.js';
import { byId, element } from './dom.js';
import { visible } from './text.js';

/** Rows drawn above and below the view, so that a quick scroll shows no gap. */
const margin = 8;

/** `onOpen(row, rule)` for a cell or a name that is chosen; `onSort(name)` for a heading. */
export function createMatrix(report, { onOpen, onSort }) {
  const scroller = byId('matrix');
  const body = byId('matrix-rows');
  const pool = new Map();
  const view = { rows: [], active: { row: 0, column: -1 }, selected: '' };

  scroller.style.setProperty('--rules', report.rules.length);
  scroller.setAttribute('aria-colcount', report.rules.length + 1);
  byId('matrix-head').replaceChildren(...headings(report, onSort));
  scroller.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  scroller.addEventListener('keydown', onKey);
  scroller.addEventListener('click', onClick);
  new ResizeObserver(() => draw(true)).observe(scroller);

  function show(rows, sort, selected) {
    fitHeight(rows.length);
    const same = view.rows.length === rows.length && rows.every((row, at) => row === view.rows[at]);
    Object.assign(view, { rows, selected });
    scroller.setAttribute('aria-rowcount', rows.length + 1);
    markSort(sort);
    if (!same) {
      view.active = { row: 0, column: view.active.column };
      scroller.scrollTop = 0;
    }
    draw(true);
  }

  function rowHeight() {
    return Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row-height'));
  }

  /** As high as its rows, up to the most that the style allows. */
  function fitHeight(count) {
    const height = count * rowHeight();
    body.style.height = `${height}px`;
    const border = scroller.offsetHeight - scroller.clientHeight;
    scroller.style.height = `${height + headHeight() + border}px`;
  }

  function headHeight() {
    return byId('matrix-head').offsetHeight;
  }

  function draw(fresh = false) {
    const height = rowHeight();
    const first = Math.max(Math.floor(scroller.scrollTop / height) - margin, 0);
    const count = Math.ceil(scroller.clientHeight / height) + 2 * margin;
    const last = Math.min(first + count, view.rows.length);
    for (const [at, node] of pool) {
      if (!fresh && at >= first && at < last) continue;
      node.remove();
      pool.delete(at);
    }
    for (let at = first; at < last; at += 1) if (!pool.has(at)) pool.set(at, drawRow(at, height));
    markActive();
  }

  function drawRow(at, height) {
    const row = view.rows[at];
    const node = element(
      'div',
      {
        role: 'row',
        class: `row${row.path === view.selected ? ' is-selected' : ''}${at % 2 === 1 ? ' is-odd' : ''}`,
        'aria-rowindex': at + 2,
      },
      nameCell(row, at),
      element(
        'div',
        { class: 'cells', role: 'presentation' },
        ...row.cells.map((verdict, column) =>
          verdictCell(report.rules[column], verdict, at, column),
        ),
      ),
    );
    node.style.transform = `translateY(${at * height}px)`;
    return body.appendChild(node);
  }

  function markActive() {
    body.querySelector('.is-active')?.classList.remove('is-active');
    const { row, column } = view.active;
    const id = cellId(row, column);
    const cell = byId(id);
    cell?.classList.add('is-active');
    if (cell === null) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', id);
  }

  function markSort(sort) {
    const name = sort.replace(/^-/, '');
    const order = sort.startsWith('-') ? 'descending' : 'ascending';
    for (const heading of byId('matrix-head').querySelectorAll('[data-sort]')) {
      if (heading.dataset.sort === name) heading.setAttribute('aria-sort', order);
      else heading.removeAttribute('aria-sort');
    }
  }

  function moveTo(row, column) {
    view.active = {
      row: Math.min(Math.max(row, 0), view.rows.length - 1),
      column: Math.min(Math.max(column, -1), report.rules.length - 1),
    };
    reveal();
    draw();
    byId(cellId(view.active.row, view.active.column))?.scrollIntoView({
      block: 'nearest',
      inline: 'nearest',
    });
  }

  /** Below the headings and above the end of the view. */
  function reveal() {
    const height = rowHeight();
    const top = view.active.row * height;
    const room = scroller.clientHeight - headHeight();
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + room) scroller.scrollTop = top + height - room;
  }

  function onKey(event) {
    const { row, column } = view.active;
    const page = Math.max(Math.floor((scroller.clientHeight - headHeight()) / rowHeight()) - 1, 1);
    const moves = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: event.ctrlKey ? [0, column] : [row, -1],
      End: event.ctrlKey ? [view.rows.length - 1, column] : [row, report.rules.length - 1],
    };
    if (event.target !== scroller || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') openAt(row, column);
    else if (moves[event.key] !== undefined) moveTo(...moves[event.key]);
    else return;
    event.preventDefault();
  }

  function onClick(event) {
    const cell = event.target.closest('[data-row]');
    if (cell === null) return;
    view.active = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
    markActive();
    openAt(view.active.row, view.active.column);
  }

  function openAt(at, column) {
    const row = view.rows[at];
    if (row !== undefined) onOpen(row, report.rules[column]?.id ?? '');
  }

  return { show, focus: () => scroller.focus({ preventScroll: true }) };
}

function headings({ rules }, onSort) {
  return [
    element(
      'div',
      { role: 'columnheader', class: 'name-heading', 'data-sort': 'path' },
      element('button', { type: 'button', on: { click: () => onSort('path') } }, 'Binary'),
    ),
    element(
      'div',
      { class: 'cells', role: 'presentation' },
      ...rules.map(({ id, title }) =>
        element(
          'div',
          { role: 'columnheader', class: 'rule-heading', 'data-sort': `rule:${id}` },
          element(
            'button',
            {
              type: 'button',
              title: `${visible(title || id)}. Sort by it`,
              on: { click: () => onSort(`rule:${id}`) },
            },
            element('span', {}, visible(id)),
          ),
        ),
      ),
    ),
  ];
}

function cellId(row, column) {
  return `cell-${row}-${column}`;
}

function nameCell(row, at) {
  const path = visible(row.path);
  const cut = path.lastIndexOf('/') + 1;
  const findings = row.weight.reduce((sum, count) => sum + count, 0);
  return element(
    'div',
    {
      role: 'rowheader',
      class: 'name',
      id: cellId(at, -1),
      title: path,
      'data-row': at,
      'data-column': -1,
    },
    element('span', { class: 'folder' }, path.slice(0, cut)),
    element('span', { class: 'file' }, path.slice(cut)),
    element(
      'span',
      { class: 'findings', 'aria-label': `${findings} findings` },
      findings > 0 ? String(findings) : '',
    ),
  );
}

function verdictCell(rule, verdict, at, column) {
  const place = { role: 'gridcell', id: cellId(at, column), 'data-row': at, 'data-column': column };
  if (verdict === null)
    return element('div', { ...place, class: 'cell', 'aria-label': `${rule.id}: not judged` });
  const name = verdict.state === 'fail' ? `fail, ${verdict.severity}` : stateNames[verdict.state];
  const says = `${visible(rule.id)}: ${name}`;
  return element(
    'div',
    { ...place, class: `cell ${lookOf(verdict)}`, title: says, 'aria-label': says },
    glyphOf(verdict),
  );
}
