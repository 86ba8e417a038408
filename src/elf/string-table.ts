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
  if (isAscii(table)) return asciiTable(table, budget, title);
  return {
    at(offset) {
      const end = offset < table.length ? table.indexOf(0, offset) : -1;
      if (end < 0) throw noString(offset, title, table);
      budget.spend(end - offset);
      return decodeName(table.subarray(offset, end));
    },
  };
}

/** Nearly all are ASCII: decoded as a whole, so that a name is a part of it and costs no call out of JavaScript. */
function asciiTable(table: Buffer, budget: Budget, title: string): StringTable {
  let text: string | null = null;
  return {
    at(offset) {
      text ??= table.toString('latin1');
      const end = offset < text.length ? text.indexOf('\0', offset) : -1;
      if (end < 0) throw noString(offset, title, table);
      budget.spend(end - offset);
      return text.slice(offset, end);
    },
  };
}

/** The name at the beginning of some bytes. */
export function nameIn(bytes: Buffer, budget: Budget, title: string): string {
  const end = bytes.indexOf(0);
  if (end < 0) throw noString(0, title, bytes);
  budget.spend(end);
  return decodeName(bytes.subarray(0, end));
}

function noString(offset: number, title: string, table: Buffer): MalformedElf {
  return new MalformedElf(
    `no NUL-terminated string at offset ${hex(offset)} of ${title} (${hex(table.length)} bytes)`,
  );
}
