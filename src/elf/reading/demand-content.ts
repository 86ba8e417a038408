import { MalformedElf } from '../../base/errors.ts';

/**
 * No linker writes a table of nothing but zeros: its bytes were wiped or lost. Read as it is, it would have no
 * relocation, no import and no flag, and so clear the file of everything that they prove.
 */
export function demandContent(table: Buffer, title: string): void {
  if (table.length === 0) return;
  // Sound tables end this at their first entries.
  for (const byte of table) if (byte !== 0) return;
  throw new MalformedElf(`${title} holds nothing but zeros (${table.length} bytes)`);
}
