import { MalformedElf } from '../../base/errors.ts';
import type { Elf } from '../../elf/model.ts';
import type { RelocationBatch } from '../../elf/relocations/relocation-batch.ts';

/** Addresses. */
export interface AddressRange {
  readonly start: bigint;
  /** Exclusive. */
  readonly end: bigint;
}

/** Whether one of the ranges holds an address. Logarithmic, so thousands of them cost little. */
export function addressesOf(memory: readonly AddressRange[]): (address: bigint) => boolean {
  const rangeAt = rangesOf(memory);
  return (address) => rangeAt(address) !== null;
}

/** The ranges that touch each other, of which one holds an address; null where none does. */
export function rangesOf(
  memory: readonly AddressRange[],
): (address: bigint) => AddressRange | null {
  const ranges = merged(memory);
  return (address) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = ranges[middle];
      if (range === undefined || address < range.start) high = middle;
      else if (address >= range.end) low = middle + 1;
      else return range;
    }
    return null;
  };
}

/** Asked of each relocation of a batch by its index. */
export type PlaceTest = (batch: RelocationBatch, index: number) => boolean;

/** Whether a segment maps the place of a relocation. */
export function mappedPlaces({ memory }: Elf): PlaceTest {
  return placesIn(rangesOf(memory));
}

/** Consecutive relocations are usually in the same memory, which is found without a bigint. */
export function placesIn(rangeAt: (address: bigint) => AddressRange | null): PlaceTest {
  let from = 0;
  let to = 0;
  return (batch, index) => {
    const place = batch.places[index] ?? 0;
    if (place >= from && place < to) return true;
    const range = rangeAt(batch.offset(index));
    if (range === null) return false;
    const { start, end } = range;
    if (end <= BigInt(Number.MAX_SAFE_INTEGER)) {
      from = Number(start);
      to = Number(end);
    }
    return true;
  };
}

export function unmappedRelocation(address: bigint): MalformedElf {
  return new MalformedElf(
    `a relocation is for address 0x${address.toString(16)}, where no segment is mapped`,
  );
}

/** Sorted, without overlaps. */
function merged(memory: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = memory
    .filter(({ start, end }) => start < end)
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const ranges: AddressRange[] = [];
  for (const range of sorted) {
    const last = ranges.at(-1);
    if (last === undefined || range.start > last.end) ranges.push(range);
    else if (range.end > last.end)
      ranges[ranges.length - 1] = { start: last.start, end: range.end };
  }
  return ranges;
}
