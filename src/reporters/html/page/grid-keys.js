// The keys of a grid, as https://www.w3.org/WAI/ARIA/apg/patterns/grid/ has them.

/** Where a key leads from a place, or null for a key that does not move. Columns begin at -1, the name. */
export function placeAfter({ key, ctrlKey }, { row, column }, { rows, columns, page }) {
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
  if (!Object.hasOwn(moves, key)) return null;
  const [nextRow, nextColumn] = moves[key];
  return { row: within(nextRow, 0, rows - 1), column: within(nextColumn, -1, columns - 1) };
}

function within(value, least, most) {
  return Math.max(Math.min(value, most), least);
}
