// The keys of a grid, as https://www.w3.org/WAI/ARIA/apg/patterns/grid/ has them.

/** Where a key leads from a place, or null for a key that does not move. Columns begin at -1, the name. */
/** @type {(pressed: { key: string, ctrlKey: boolean }, from: { row: number, column: number }, size: { rows: number, columns: number, page: number }) => { row: number, column: number } | null} */
export function placeAfter({ key, ctrlKey }, { row, column }, { rows, columns, page }) {
  /** @type {Readonly<Record<string, readonly [row: number, column: number]>>} */
  const moves = {
    ArrowDown: [row + 1, column],
    ArrowUp: [row - 1, column],
    ArrowRight: [row, column + 1],
    ArrowLeft: [row, column - 1],
    PageDown: [row + page, column],
    PageUp: [row - page, column],
    Home: [ctrlKey ? 0 : row, ctrlKey ? column : -1],
    End: [ctrlKey ? rows - 1 : row, ctrlKey ? column : columns - 1],
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move === undefined) return null;
  const [nextRow, nextColumn] = move;
  return { row: within(nextRow, 0, rows - 1), column: within(nextColumn, -1, columns - 1) };
}

/** @type {(value: number, least: number, most: number) => number} */
function within(value, least, most) {
  return Math.max(Math.min(value, most), least);
}
