import { PF, PT } from '../../elf/constants.ts';
import { dynamicSegment } from '../../elf/memory/loader-view.ts';
import { firstEndingAfter } from '../../elf/memory/memory-map.ts';
import { pageEnd, pageSizeOf, pageStart } from '../../elf/memory/page.ts';
import type { Elf } from '../../elf/model.ts';
import type { Segment } from '../../elf/records.ts';

/** What loaders make read-only. */
export interface RelroRange {
  readonly segment: Segment;
  readonly start: bigint;
  /** Exclusive; of pages of the smallest size that the machine's kernels have. */
  readonly end: bigint;
}

/**
 * The last PT_GNU_RELRO, as glibc and musl apply it: whole pages, with the end rounded down. null when there is
 * none, or an empty one.
 */
export function relroRange(elf: Elf): RelroRange | null {
  const segment = elf.processSegments.findLast(({ type }) => type === PT.GNU_RELRO);
  if (segment === undefined || segment.memorySize === 0n) return null;
  return {
    segment,
    start: segment.address,
    end: relroEnd(segment, pageSizeOf(elf.header.machine)),
  };
}

/** Where its protection ends on a kernel with pages of that size. */
export function relroEnd({ address, memorySize }: Segment, page: bigint): bigint {
  return pageStart(address + memorySize, page);
}

/**
 * Where the dynamic section lies to [start, end). Its whole length counts: exit calls functions by what its entries say.
 * null: there is none, or it is not writable.
 */
export function writableDynamic(elf: Elf, start: bigint, end: bigint): 'inside' | 'outside' | null {
  const segment = dynamicSegment(elf.header, elf.loaderSegments);
  if (segment === undefined || !isWritable(elf, segment.address)) return null;
  return segment.address >= start && segment.address + segment.memorySize <= end
    ? 'inside'
    : 'outside';
}

/** As the file is mapped, before RELRO. */
export function isWritable(elf: Elf, address: bigint): boolean {
  const piece = elf.memory[firstEndingAfter(elf.memory, address)];
  return piece !== undefined && piece.start <= address && (piece.flags & PF.W) !== 0;
}

/**
 * Whether the range reaches over pages of a size that nothing maps, where the kernel maps the file: a loader ends the program, as
 * mprotect fails ("cannot apply additional memory protection after relocation"). lld 16 makes such ranges where
 * `-z common-page-size` is larger than a page. A library has a range of its own in one piece.
 */
export function isUnprotectable(elf: Elf, page = pageSizeOf(elf.header.machine)): boolean {
  const range = relroRange(elf);
  if (range === null || elf.interpreter === null) return false;
  const end = relroEnd(range.segment, page);
  let at = pageStart(range.start, page);
  for (const { type, address, memorySize } of elf.segments) {
    if (type !== PT.LOAD || memorySize === 0n) continue;
    const next = pageEnd(address + memorySize, page);
    if (pageStart(address, page) <= at && next > at) at = next;
  }
  return at < end;
}
