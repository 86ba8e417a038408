import { MalformedElf } from '../../base/errors.ts';
import { DT, EM } from '../constants.ts';
import type { AddressMap } from '../memory/address-map.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { isLittleEndian, viewOf } from '../reading/layout.ts';
import { narrow } from '../reading/narrow.ts';
import type { FileHeader } from '../records.ts';
import { visitPackedRelocations } from '../relocations/packed-relocations.ts';
import { highestSymbol } from '../relocations/relocations.ts';
import { symbolSize } from '../symbols/symbols.ts';
import type { DynamicRelocations } from './dynamic-relocations.ts';
import { gnuHashCount } from './gnu-hash.ts';

/** How many entries DT_SYMTAB has, index 0 included. */
export interface SymbolCounts {
  /**
   * Largest first. Each holds every symbol that a relocation names, so every import that a loader looks for; a count
   * that leads to bytes that are not symbols is wrong, and the next one is used.
   */
  readonly likely: readonly number[];
  /** Those among them that count definitions too. */
  readonly whole: readonly number[];
  /** Why exports may lie behind them; null where a table counts all. */
  readonly exportDamage: string | null;
}

interface Source {
  readonly header: FileHeader;
  readonly value: (tag: number) => bigint | null;
  readonly addresses: AddressMap;
  readonly budget: Budget;
}

/**
 * Nothing says the number directly, and DT_GNU_HASH lists exports only: the imports of a program show in its relocations
 * alone. So it is the largest number that any of them gives. Loaders use one of the hash tables and believe no other
 * number, so one that cannot be is passed over. Section headers are not asked: whether a file has them must not change
 * what it is judged by.
 */
export function dynamicSymbolCounts(
  source: Source,
  relocations: DynamicRelocations,
  table: bigint,
): SymbolCounts {
  const most = mostSymbols(source, table);
  const damages: MalformedElf[] = [];
  const whole = exactCounts(source, most, damages);
  const { highest, damage } = highestNamed(source, relocations, most);
  const named = highest + 1;
  const lost = relocations.damage ?? damage;
  const isBroken = lost !== null || damages.length > 0;
  const apart = whole.exact.length === 0 && isBroken ? upToNames(source, table, most) : [];
  if (whole.exact.length + apart.length === 0 && lost !== null) throw lost;
  const all = [...whole.exact, ...whole.unhashed, ...apart, ...(named > 1 ? [named] : [])];
  const likely = [...new Set(all)].filter((count) => count >= named).sort((a, b) => b - a);
  if (likely.length === 0) {
    throw (
      damages[0] ??
      new MalformedElf(
        'the number of dynamic symbols is not known: no DT_HASH, no DT_GNU_HASH, and no relocation names one',
      )
    );
  }
  const listsNothing = whole.unhashed.length > 0;
  const isWhole = whole.exact.length > 0 || damages.length === 0 || listsNothing;
  // Where none of them reads, a chain without an end ended by chance.
  const others = upToNames(source, table, most).filter(
    (count) => count >= named && !likely.includes(count),
  );
  return {
    likely: [...likely, ...others],
    // Loaders that have DT_GNU_HASH look at no other table, and find no definition where it lists none.
    whole: listsNothing ? [...likely, ...others] : whole.exact,
    exportDamage: isWhole ? null : (damages[0]?.message ?? null),
  };
}

/**
 * All that lies between DT_SYMTAB and DT_STRTAB, which linkers put behind it: what glibc goes by where a table is lost
 * (elf/dl-addr.c, determine_info). [] where the names lie elsewhere.
 */
function upToNames({ header, value }: Source, table: bigint, most: number): readonly number[] {
  const names = value(DT.STRTAB);
  if (names === null || names <= table) return [];
  const count = (names - table) / BigInt(symbolSize[header.bits]);
  return count > 1n && count <= BigInt(most) ? [Number(count)] : [];
}

/** Those that the segment of the table has room for. */
function mostSymbols({ header, addresses }: Source, table: bigint): number {
  const size = addresses.bytesFrom(table)?.size ?? 0;
  return Math.floor(size / symbolSize[header.bits]);
}

interface Counts {
  readonly exact: readonly number[];
  /** What DT_GNU_HASH says in passing where it lists nothing: no loader looks at it. */
  readonly unhashed: readonly number[];
}

function exactCounts(source: Source, most: number, damages: MalformedElf[]): Counts {
  const { header, value, addresses } = source;
  const count = (tag: number, title: string, read: (value: bigint) => number) => {
    const found = value(tag);
    return found === null ? null : plausible(() => read(found), most, title, damages);
  };
  let listed = true;
  const gnu = count(DT.GNU_HASH, 'DT_GNU_HASH', (address) => {
    const found = gnuHashCount(header, addresses, address);
    listed = found.isWhole;
    return found.count;
  });
  const exact = [
    count(DT.HASH, 'DT_HASH', (address) => hashCount(header, addresses, address)),
    listed ? gnu : null,
    header.machine === EM.MIPS ? count(DT.MIPS_SYMTABNO, 'DT_MIPS_SYMTABNO', mipsCount) : null,
  ].filter((found) => found !== null);
  return { exact, unhashed: listed || gnu === null ? [] : [gnu] };
}

function plausible(
  read: () => number,
  most: number,
  title: string,
  damages: MalformedElf[],
): number | null {
  try {
    const count = read();
    if (count <= most) return count;
    throw new MalformedElf(
      `${title} counts ${count} symbols, for which DT_SYMTAB has no room (${most})`,
    );
  } catch (error) {
    if (!(error instanceof MalformedElf)) throw error;
    damages.push(error);
    return null;
  }
}

function mipsCount(value: bigint): number {
  return narrow(value, 'DT_MIPS_SYMTABNO');
}

/**
 * Of the symbols that exist: a loader looks up no symbol for a relocation whose type needs none, whatever its number
 * is.
 */
function highestNamed(
  { header, budget }: Source,
  { tables, packed }: DynamicRelocations,
  most: number,
): { readonly highest: number; readonly damage: MalformedElf | null } {
  let highest = 0;
  let damage: MalformedElf | null = null;
  for (const table of tables) {
    try {
      highest = Math.max(highest, highestSymbol(table, header, header.machine, most));
    } catch (error) {
      if (!(error instanceof MalformedElf)) throw error;
      damage ??= error;
    }
  }
  for (const table of packed) {
    visitPackedRelocations(table, header, budget, ({ count, symbols }) => {
      for (const symbol of symbols.subarray(0, count))
        if (symbol > highest && symbol < most) highest = symbol;
    });
  }
  return { highest, damage };
}

/**
 * nchain, the second word. The ABIs of s390x and Alpha have 64-bit words, unlike everyone else's; lld writes words of 32 bits
 * there too (and glibc then takes DT_GNU_HASH).
 */
function hashCount(header: FileHeader, addresses: AddressMap, address: bigint): number {
  const wide = header.bits === 64 && (header.machine === EM.S390 || header.machine === EM.ALPHA);
  const there = addresses.bytesFrom(address)?.size ?? 0;
  const little = isLittleEndian(header);
  for (const word of wide ? [8, 4] : [4]) {
    const view = viewOf(addresses.read(address, 2 * word, 'DT_HASH'));
    const at = (index: number) =>
      word === 8 ? Number(view.getBigUint64(index * 8, little)) : view.getUint32(index * 4, little);
    if ((2 + at(0) + at(1)) * word <= there) return at(1);
  }
  throw new MalformedElf('DT_HASH does not fit into its segment');
}
