import { PF, PT } from '../constants.ts';
import type { Segment } from '../records.ts';
import { pageEnd, pageStart } from './page.ts';

/**
 * What a kernel with pages of some size makes of the segments.
 * - `fits`: all are mapped as with smaller pages. What is mapped with more rights than it should have does not count here.
 * - `misaligned`: that segment cannot be mapped, as a page of the file begins at another address (elf_map in fs/binfmt_elf.c gets
 *   EINVAL and the program SIGSEGV; glibc's loader refuses the library; musl's maps other bytes).
 * - `shared`: the segment begins in a page of one before it, and is mapped over the end of that, which loses its bytes or rights.
 */
export type PageFit =
  | { readonly how: 'fits' }
  | { readonly how: 'misaligned' | 'shared'; readonly segment: Segment };

export function pageFit(segments: readonly Segment[], page: bigint): PageFit {
  const loads = segments.filter(({ type, memorySize }) => type === PT.LOAD && memorySize > 0n);
  const crooked = loads.find(
    ({ address, offset, fileSize }) => fileSize > 0n && (address - offset) % page !== 0n,
  );
  if (crooked !== undefined) return { how: 'misaligned', segment: crooked };
  const over = loads.find((load, index) => {
    const before = loads[index - 1];
    return before !== undefined && losesEnd(before, load, page);
  });
  return over === undefined ? { how: 'fits' } : { how: 'shared', segment: over };
}

/**
 * With pages of some size, a later segment that may not be executed is mapped over the page of an address and takes its right to be
 * executed: what begins there ends in SIGSEGV at its first instruction. Segments without bytes of the file do not count: only newer
 * kernels map a whole page for them.
 */
export function losesExecution(
  segments: readonly Segment[],
  page: bigint,
  address: bigint,
): boolean {
  const loads = segments.filter(({ type, fileSize }) => type === PT.LOAD && fileSize > 0n);
  const last = loads.findLast(
    (load) =>
      address >= pageStart(load.address, page) &&
      address < pageEnd(load.address + load.fileSize, page),
  );
  const own = loads.find(
    (load) => address >= load.address && address < load.address + load.fileSize,
  );
  return own !== undefined && (own.flags & PF.X) !== 0 && ((last?.flags ?? PF.X) & PF.X) === 0;
}

function losesEnd(before: Segment, over: Segment, page: bigint): boolean {
  const end = before.address + before.memorySize;
  if (over.address < end || pageStart(over.address, page) >= pageEnd(end, page)) return false;
  const lacks = before.flags & ~over.flags & (PF.W | PF.X);
  const hasOtherBytes =
    before.memorySize > before.fileSize ||
    before.address - before.offset !== over.address - over.offset;
  return lacks !== 0 || hasOtherBytes;
}
