// supporting: a fast answer to whether some segments hold an address, asked once for each relocation
import type { Segment } from '../elf/model.ts';

/** Addresses. */
export interface AddressRange {
  readonly start: bigint;
  /** Exclusive. */
  readonly end: bigint;
}

/** Whether the memory of one of the segments holds an address. Logarithmic, so thousands of segments cost little. */
export function addressesOf(segments: readonly Segment[]): (address: bigint) => boolean {
  const rangeAt = rangesOf(segments);
  return (address) => rangeAt(address) !== null;
}

/** The memory of segments that touch each other, which holds an address; null where none does. */
export function rangesOf(segments: readonly Segment[]): (address: bigint) => AddressRange | null {
  const ranges = merged(segments);
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

/** Sorted, without overlaps. */
function merged(segments: readonly Segment[]): readonly AddressRange[] {
  const sorted = segments
    .filter(({ memorySize }) => memorySize > 0n)
    .map(({ address, memorySize }) => ({ start: address, end: address + memorySize }))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const ranges: AddressRange[] = [];
  for (const range of sorted) {
    const last = ranges.at(-1);
    if (last === undefined || range.start > last.end) ranges.push(range);
    else if (range.end > last.end)
      ranges[ranges.length - 1] = { start: last.start, end: range.end };
  }
  return ranges;
}
