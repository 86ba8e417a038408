// supporting: a fast answer to whether some segments hold an address, asked once for each relocation
import type { Segment } from '../elf/model.ts';

interface Range {
  readonly start: bigint;
  /** Exclusive. */
  readonly end: bigint;
}

/** Whether the memory of one of the segments holds an address. Logarithmic, so thousands of segments cost little. */
export function addressesOf(segments: readonly Segment[]): (address: bigint) => boolean {
  const ranges = merged(segments);
  return (address) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = ranges[middle];
      if (range === undefined || address < range.start) high = middle;
      else if (address >= range.end) low = middle + 1;
      else return true;
    }
    return false;
  };
}

/** Sorted, without overlaps. */
function merged(segments: readonly Segment[]): readonly Range[] {
  const sorted = segments
    .filter(({ memorySize }) => memorySize > 0n)
    .map(({ address, memorySize }) => ({ start: address, end: address + memorySize }))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const ranges: Range[] = [];
  for (const range of sorted) {
    const last = ranges.at(-1);
    if (last === undefined || range.start > last.end) ranges.push(range);
    else if (range.end > last.end)
      ranges[ranges.length - 1] = { start: last.start, end: range.end };
  }
  return ranges;
}
