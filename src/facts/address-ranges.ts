// supporting: a fast answer to whether some segments hold an address, asked once for each relocation
import { PT } from '../elf/constants.ts';
import type { Relocation, Segment } from '../elf/model.ts';
import { MalformedElf } from '../errors.ts';

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

/**
 * Throws MalformedElf for a relocation of memory that no segment maps: a loader dies of it, so the table was broken after
 * it was linked, and its other entries prove nothing.
 */
export function demandMapped(segments: readonly Segment[]): (relocation: Relocation) => void {
  const rangeAt = rangesOf(segments.filter(({ type }) => type === PT.LOAD).map(inPages));
  let last = { start: 0, end: 0 };
  return ({ place, offset }) => {
    if (place >= last.start && place < last.end) return;
    const range = rangeAt(offset);
    if (range === null) {
      throw new MalformedElf(
        `a relocation is for address 0x${offset.toString(16)}, where no segment is mapped`,
      );
    }
    const { start, end } = range;
    if (end <= BigInt(Number.MAX_SAFE_INTEGER)) last = { start: Number(start), end: Number(end) };
  };
}

/** The smallest page of any machine that Linux runs on. */
const pageSize = 4096n;

function inPages(segment: Segment): Segment {
  const { address, memorySize } = segment;
  const start = address - (address % pageSize);
  const end = ((address + memorySize + pageSize - 1n) / pageSize) * pageSize;
  return { ...segment, address: start, memorySize: memorySize === 0n ? 0n : end - start };
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
