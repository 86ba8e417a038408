import { isAscii } from 'node:buffer';
import { MalformedElf } from '../errors.ts';
import { decodeName } from '../text.ts';
import type { Budget } from './budget.ts';
import { demandContent } from './demand-content.ts';
import { hex } from './narrow.ts';

/** A table of NUL-terminated names, addressed by offset. */
export interface StringTable {
  at(offset: number): string;
}

/**
 * Throws MalformedElf for a wiped table.
 *
 * @param title how messages call the table: `DT_STRTAB`, `.strtab`
 */
export function stringTable(table: Buffer, budget: Budget, title: string): StringTable {
  // One NUL alone is the table of a file without names.
  if (table.length > 1) demandContent(table, title);
  // One native scan of the table saves the UTF-8 check of each name in it.
  const ascii = isAscii(table);
  return {
    at(offset) {
      const end = offset < table.length ? table.indexOf(0, offset) : -1;
      if (end < 0) {
        throw new MalformedElf(
          `no NUL-terminated string at offset ${hex(offset)} of ${title} (${hex(table.length)} bytes)`,
        );
      }
      budget.spend(end - offset);
      return ascii
        ? table.toString('latin1', offset, end)
        : decodeName(table.subarray(offset, end));
    },
  };
}
