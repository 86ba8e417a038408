import { isAscii } from 'node:buffer';
import { MalformedElf } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';
import { once } from '../reading/compute-once.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { demandContent } from '../reading/demand-content.ts';
import { hex } from '../reading/narrow.ts';

/** A table of NUL-terminated names, addressed by offset. */
export interface StringTable {
  /** All that names are looked for in; some may lie behind it (`at`). */
  readonly bytes: Buffer;
  /** What names are paid from that are looked for in `bytes` without `at`. */
  readonly budget: Budget;
  at(offset: number): string;
  /** What stands at [start, end) of `bytes`. The budget is not asked. */
  text(start: number, end: number): string;
}

/**
 * Throws MalformedElf for a wiped table.
 *
 * @param title how messages call the table: `DT_STRTAB`, `.strtab`
 */
export function stringTable(bytes: Buffer, budget: Budget, title: string): StringTable {
  // One NUL alone is the table of a file without names.
  if (bytes.length > 1) demandContent(bytes, title);
  const text = textOf(bytes);
  return {
    bytes,
    budget,
    at(offset) {
      const end = offset < bytes.length ? bytes.indexOf(0, offset) : -1;
      if (end < 0) throw noString(offset, title, bytes);
      budget.spend(end - offset);
      return text(offset, end);
    },
    text,
  };
}

/** Nearly all are ASCII: decoded as a whole, so that a name is a part of it and costs no call out of JavaScript. */
function textOf(bytes: Buffer): StringTable['text'] {
  const whole = once(() => (isAscii(bytes) ? bytes.toString('latin1') : null));
  return (start, end) => whole()?.slice(start, end) ?? decodeName(bytes.subarray(start, end));
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
