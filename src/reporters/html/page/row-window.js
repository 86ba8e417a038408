// Thousands of rows in a box that scrolls, of which only those in view are in the document.
/** @import { Row } from '../page-types.ts' */

/** Rows drawn above and below the view, so that a quick scroll shows no gap. */
const margin = 6;

/** `draw(row)` makes the node of a row; `onDrawn` is called whenever other rows are in the document. */
/** @type {(parts: { scroller: HTMLElement, body: HTMLElement, head: HTMLElement, draw: (row: Row) => HTMLElement, onDrawn: () => void }) => { setRows: (given: readonly Row[]) => void, reveal: (at: number) => void, pageLength: () => number }} */
export function createRowWindow({ scroller, body, head, draw, onDrawn }) {
  /** Nodes in the document, by row: one that stays in view is moved, not made again. */
  /** @type {Map<Row, HTMLElement>} */
  const nodes = new Map();
  /** @type {readonly Row[]} */
  let rows = [];
  let height = 0;
  let pending = false;
  scroller.addEventListener('scroll', placeSoon, { passive: true });
  new ResizeObserver(placeSoon).observe(scroller);

  /** @type {(given: readonly Row[]) => void} */
  function setRows(given) {
    if (given.length !== rows.length || given.some((row, at) => row !== rows[at]))
      scroller.scrollTop = 0;
    rows = given;
    fitHeight();
    place();
  }

  /** As high as the rows, up to the most that the style allows. */
  function fitHeight() {
    height = Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row-height'));
    const border = scroller.offsetHeight - scroller.clientHeight;
    body.style.height = `${rows.length * height}px`;
    scroller.style.height = `${rows.length * height + head.offsetHeight + border}px`;
  }

  function placeSoon() {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      // The row's height is another on a narrow screen.
      if (Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row-height')) !== height)
        fitHeight();
      place();
    });
  }

  function place() {
    const first = Math.max(Math.floor(scroller.scrollTop / height) - margin, 0);
    const inView = rows.slice(
      first,
      first + Math.ceil(scroller.clientHeight / height) + 2 * margin,
    );
    const staying = new Set(inView);
    for (const [row, node] of nodes) {
      if (staying.has(row)) continue;
      node.remove();
      nodes.delete(row);
    }
    for (const [at, row] of inView.entries()) placeRow(row, first + at);
    onDrawn();
  }

  /** @type {(row: Row, at: number) => void} */
  function placeRow(row, at) {
    const node = nodes.get(row) ?? draw(row);
    node.style.transform = `translateY(${at * height}px)`;
    node.classList.toggle('is-odd', at % 2 === 1);
    node.setAttribute('aria-rowindex', String(at + 2));
    if (nodes.has(row)) return;
    nodes.set(row, node);
    body.append(node);
  }

  /** Scrolls until the row of this position is below the head and above the end of the box. */
  /** @type {(at: number) => void} */
  function reveal(at) {
    const top = at * height;
    const room = scroller.clientHeight - head.offsetHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + room) scroller.scrollTop = top + height - room;
    place();
  }

  /** How many rows fit in the box. */
  function pageLength() {
    return Math.max(Math.floor((scroller.clientHeight - head.offsetHeight) / height) - 1, 1);
  }

  return { setRows, reveal, pageLength };
}
