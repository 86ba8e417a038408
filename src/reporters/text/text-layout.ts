import { wrap } from '../../base/wrap.ts';

/** `head` and then the text, wrapped next to it: every line but the first is indented by the head's width. */
export function hang(head: string, text: string, width: number): string {
  const lines = wrap(text, Math.max(width - head.length, 20));
  return `${head}${lines.join(`\n${' '.repeat(head.length)}`)}\n`;
}

/** Rows of cells, the first column to the left and the others to the right. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
