import { MalformedElf } from '../errors.ts';
import type { AddressMap, LoadedBytes } from './address-map.ts';
import { DT, EM } from './constants.ts';
import type { DynamicRelocations } from './dynamic-relocations.ts';
import { isLittleEndian, viewOf, wordSize } from './layout.ts';
import type { FileHeader } from './model.ts';
import { hex, narrow } from './narrow.ts';
import { highestSymbol, type RelocationTable } from './relocations.ts';

/**
 * How many entries DT_SYMTAB has, index 0 included. Nothing says so directly, and DT_GNU_HASH lists exports
 * only: the imports of a program show in its relocations alone. So it is the largest number that any of them
 * gives. Section headers are not asked: whether a file has them must not change what it is judged by.
 */
export function dynamicSymbolCount(
  header: FileHeader,
  dynamicValue: (tag: number) => bigint | null,
  addresses: AddressMap,
  relocations: () => DynamicRelocations,
): number {
  const counts = [
    countOf(dynamicValue(DT.HASH), (address) => hashCount(header, addresses, address)),
    countOf(dynamicValue(DT.GNU_HASH), (address) => gnuHashCount(header, addresses, address)),
    header.machine === EM.MIPS ? countOf(dynamicValue(DT.MIPS_SYMTABNO), mipsCount) : null,
    ...relocations().tables.map((table) => relocatedCount(table, header)),
  ].filter((count) => count !== null);
  if (counts.length === 0) {
    throw new MalformedElf(
      'the number of dynamic symbols is not known: no DT_HASH, no DT_GNU_HASH, and no relocation names one',
    );
  }
  return Math.max(...counts);
}

function countOf(value: bigint | null, count: (value: bigint) => number): number | null {
  return value === null ? null : count(value);
}

function mipsCount(value: bigint): number {
  return narrow(value, 'DT_MIPS_SYMTABNO');
}

/** A table that names no symbol says nothing about their number. */
function relocatedCount(table: RelocationTable, header: FileHeader): number | null {
  const highest = highestSymbol(table, header, header.machine);
  return highest === 0 ? null : highest + 1;
}

/** nchain, the second word. s390x and Alpha use 64-bit words, unlike everyone else. */
function hashCount(header: FileHeader, addresses: AddressMap, address: bigint): number {
  const wide = header.bits === 64 && (header.machine === EM.S390 || header.machine === EM.ALPHA);
  const view = viewOf(addresses.read(address, wide ? 16 : 8, 'DT_HASH'));
  const little = isLittleEndian(header);
  return wide
    ? narrow(view.getBigUint64(8, little), 'nchain of DT_HASH')
    : view.getUint32(4, little);
}

/**
 * One more than the last symbol that the buckets reach: buckets are sorted, so it ends the chain of the highest
 * bucket. With empty buckets only, symoffset, which says how many symbols are not hashed.
 */
function gnuHashCount(header: FileHeader, addresses: AddressMap, address: bigint): number {
  const table = addresses.bytesFrom(address);
  const little = isLittleEndian(header);
  const head = viewOf(demand(table, 0, 16, address));
  const bucketCount = head.getUint32(0, little);
  const symbolOffset = head.getUint32(4, little);
  const buckets = 16 + head.getUint32(8, little) * wordSize(header);
  const chains = buckets + bucketCount * 4;
  const last = highestBucket(viewOf(demand(table, buckets, chains, address)), little);
  if (last === 0) return symbolOffset;
  if (last < symbolOffset) {
    throw new MalformedElf(
      `a bucket of DT_GNU_HASH names symbol ${last}, the first is ${symbolOffset}`,
    );
  }
  for (let symbol = last; ; ) {
    const at = chains + (symbol - symbolOffset) * 4;
    const words = viewOf(wordsFrom(table, at, address));
    for (let word = 0; word < words.byteLength; word += 4, symbol++) {
      if ((words.getUint32(word, little) & 1) === 1) return symbol + 1;
    }
  }
}

/** Chains are short, but nothing says where the last one ends. */
const mostWords = 1024;

/** At least one whole word at `at`, and those behind it. */
function wordsFrom(table: LoadedBytes | null, at: number, address: bigint): Buffer {
  const there = Math.floor(((table?.size ?? 0) - at) / 4);
  return demand(table, at, at + 4 * Math.max(1, Math.min(there, mostWords)), address);
}

function highestBucket(buckets: DataView, little: boolean): number {
  let last = 0;
  for (let at = 0; at < buckets.byteLength; at += 4)
    last = Math.max(last, buckets.getUint32(at, little));
  return last;
}

/** Bytes [start, end) of the table. */
function demand(table: LoadedBytes | null, start: number, end: number, address: bigint): Buffer {
  const size = table?.size ?? 0;
  if (table === null || end > size) {
    throw new MalformedElf(
      `DT_GNU_HASH at address ${hex(address)} needs ${end} bytes, its segment has ${size} there`,
    );
  }
  return table.read(start, end - start);
}
