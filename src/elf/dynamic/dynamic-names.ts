import { MalformedElf } from '../../base/errors.ts';
import { DT } from '../constants.ts';
import type { AddressMap } from '../memory/address-map.ts';
import type { Bytes } from '../reading/bytes.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { hex, narrow } from '../reading/narrow.ts';
import type { DynamicEntry } from '../records.ts';
import { nameIn, type StringTable, stringTable } from '../symbols/string-table.ts';
import { linkedTable } from './linked-table.ts';

/**
 * Loaders take a name from DT_STRTAB on, and never ask DT_STRSZ where the names end: what lies behind it, up to the end of the
 * segment, is read as they read it.
 */
export function dynamicNames(
  value: (tag: number) => bigint | null,
  addresses: AddressMap,
  budget: Budget,
): StringTable {
  const address = value(DT.STRTAB);
  if (address === null) throw new MalformedElf('DT_STRTAB is missing');
  const there = linkedTable(address, addresses, 'DT_STRTAB');
  demandEmptyName(there);
  const size = value(DT.STRSZ) ?? 0n;
  const stated = Number(size < BigInt(there.size) ? size : BigInt(there.size));
  const table = there.read(0, stated);
  const whole = table.subarray(0, table.lastIndexOf(0) + 1);
  const names = stringTable(whole, budget, 'DT_STRTAB');
  return {
    ...names,
    at: (offset) => (offset < whole.length ? names.at(offset) : distantName(there, offset, budget)),
  };
}

/** Every linker begins with it (gABI chapter 4): without it the names were overwritten, and what stands there names nothing. */
function demandEmptyName(table: Bytes): void {
  const first = table.size === 0 ? 0 : table.read(0, 1)[0];
  if (first !== 0) throw new MalformedElf(`DT_STRTAB begins with ${first}, expected 0`);
}

/** The longest mangled names have some thousand characters. */
const longestName = 64 * 1024;

function distantName(table: Bytes, offset: number, budget: Budget): string {
  const length = Math.min(longestName, table.size - offset);
  const title = 'DT_STRTAB and its segment';
  if (length <= 0) {
    throw new MalformedElf(
      `no name at offset ${hex(offset)} of ${title} (${hex(table.size)} bytes)`,
    );
  }
  return nameIn(table.read(offset, length), budget, title);
}

/** Decoded once per tag: facts read the same names again and again. */
export function stringsByTag(
  entries: readonly DynamicEntry[],
  names: () => StringTable,
): (tag: number) => readonly string[] {
  const known = new Map<number, readonly string[]>();
  return (tag) => {
    const strings =
      known.get(tag) ??
      entries.filter((entry) => entry.tag === tag).map((entry) => nameAt(names(), entry));
    known.set(tag, strings);
    return strings;
  };
}

function nameAt(names: StringTable, { value }: DynamicEntry): string {
  return names.at(narrow(value, 'a name offset in the dynamic section'));
}
