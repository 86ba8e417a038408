// supporting: columns and line breaks of the text reporter and of the commands that print for people

/** The words of a text in lines of at most `width` columns; a longer word keeps its line, so that it can be copied. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** `head` and then the text, wrapped beside it: every line but the first is indented by the head's width. */
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
