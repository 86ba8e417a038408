import { escapeText } from '../../base/escape.ts';

/** A row as RFC 4180 has it, with its end. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(quote).join(',')}\r\n`;
}

/** A spreadsheet runs a cell that begins like a formula; the apostrophe makes it text. */
function quote(cell: string): string {
  const inert = escapeText(cell).replace(/^\s*[=+\-@]/, "'$&");
  return /[",;\r\n]|^ | $/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
