// supporting: where the bytes of an ELF file are while its facts are found out
import type { Entry } from '../archive/entry.ts';
import { bufferAccess, type HeldRange } from '../archive/random-access.ts';
import { type ElfContent, lookOf, lookSize, placeOf } from '../extraction/elf-content.ts';
import type { OtherAlgorithm } from '../package-managers.ts';
import { atMost, from, readWhole, wrongSize } from './body.ts';
import type { ContentOptions, FileContent } from './file-content.ts';

/**
 * Writes `size` bytes or fewer into a file; null where there is no room, before the first of them is read. Throws what they
 * throw.
 */
export type Spool = (bytes: AsyncIterable<Buffer>, size: number) => Promise<HeldRange | null>;

/** Where it lies, if that is a file; else in a file of its own if it is large, or in memory. */
export async function readElf(
  { size, hold }: Entry,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  { memory, spool, digestsOf }: ContentOptions,
): Promise<Pick<FileContent, 'elf' | 'problem'>> {
  const there = hold?.() ?? null;
  if (there !== null) return { elf: await heldElf(there, head, digestsOf(size)), problem: null };
  if (spool !== null && size > memory.largest) {
    // One byte more than expected is enough to know that there are too many.
    const spooled = await spool(atMost(size + 1, from(head, pieces)), size + 1);
    if (spooled?.length === size)
      return { elf: await heldElf(spooled, head, digestsOf(size)), problem: null };
    spooled?.release();
    if (spooled !== null) return { elf: null, problem: wrongSize(spooled.length, size) };
  }
  const { size: found, whole } = await readWhole(size, head, pieces, memory);
  return whole === null
    ? { elf: null, problem: wrongSize(found, size) }
    : { elf: elfInMemory(whole, () => memory.release(whole), digestsOf(size)), problem: null };
}

/** What was read of it comes in pieces of any size. */
async function heldElf(
  held: HeldRange,
  read: Buffer,
  digests: readonly OtherAlgorithm[],
): Promise<ElfContent> {
  const { descriptor, offset, length, bytes, release } = held;
  const place = { kind: 'file', descriptor, offset, length, digests } as const;
  try {
    const isThere = read.length >= Math.min(lookSize, length);
    const head = isThere ? read.subarray(0, lookSize) : await bytes.read(0, lookSize);
    return { place, look: lookOf(head, length), head, bytes, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** A copy where its memory is not shared. */
export function elfInMemory(
  whole: Buffer,
  release: () => void,
  digests: readonly OtherAlgorithm[],
): ElfContent {
  const head = whole.subarray(0, lookSize);
  return {
    place: placeOf(whole, digests),
    look: lookOf(head, whole.length),
    head,
    bytes: bufferAccess(whole),
    release,
  };
}
