import { MalformedElf } from '../../base/errors.ts';
import type { AddressMap, LoadedBytes } from '../memory/address-map.ts';
import { isLittleEndian, viewOf, wordSize } from '../reading/layout.ts';
import { hex } from '../reading/narrow.ts';
import type { FileHeader } from '../records.ts';

/**
 * The number of symbols by DT_GNU_HASH: one more than the last symbol that the buckets reach (buckets are sorted, so it
 * ends the chain of the highest bucket). With empty buckets only, symoffset, which says how many symbols are not hashed;
 * GNU ld writes 1 there whatever their number, so this may be too few.
 */
export function gnuHashCount(
  header: FileHeader,
  addresses: AddressMap,
  address: bigint,
): { readonly count: number; readonly isWhole: boolean } {
  const table = addresses.bytesFrom(address);
  const little = isLittleEndian(header);
  const head = viewOf(demand(table, 0, 16, address));
  const bucketCount = head.getUint32(0, little);
  const symbolOffset = head.getUint32(4, little);
  const buckets = 16 + head.getUint32(8, little) * wordSize(header);
  const chains = buckets + bucketCount * 4;
  const last = highestBucket(viewOf(demand(table, buckets, chains, address)), little);
  if (last === 0) return { count: symbolOffset, isWhole: false };
  if (last < symbolOffset) {
    throw new MalformedElf(
      `a bucket of DT_GNU_HASH names symbol ${last}, the first is ${symbolOffset}`,
    );
  }
  for (let symbol = last; ; ) {
    const at = chains + (symbol - symbolOffset) * 4;
    const words = viewOf(wordsFrom(table, at, address));
    for (let word = 0; word < words.byteLength; word += 4, symbol++) {
      if ((words.getUint32(word, little) & 1) === 1) return { count: symbol + 1, isWhole: true };
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
