import type { Entry } from '../../archive/entry.ts';
import { bufferAccess, type RandomAccess } from '../../base/random-access.ts';
import type { Kept, Nesting } from '../inside/nesting.ts';
import { from } from './body.ts';

/** What lies where it can be read at any place. */
export function keptAt(bytes: RandomAccess, close = () => {}): Kept {
  return { bytes, refusal: null, damage: null, close };
}

/** Of a body that comes in order, this much is kept until its end is seen. */
const largestKept = 4 * 1024 * 1024;
/** As much of the end of a larger one. */
const tailSize = 64 * 1024 + 22;

/** Looked at and used again: nearly every file is none. */
const nothing: Buffer = Buffer.alloc(0);
let scratch = nothing;

/** A file that begins with nothing known, of which `head` was read; null: nothing lies behind it either. */
export async function carrierOf(
  entry: Entry,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  nesting: Nesting,
): Promise<Kept | null> {
  const isCarrier = nesting.isCarrier(head);
  // Looking at the end of what is compressed is unpacking it.
  if ((entry.isPacked && !isCarrier) || entry.size < smallestArchive) return null;
  if (entry.content !== undefined)
    return (await nesting.carries(entry.content)) ? keptAt(entry.content) : null;
  const held = entry.hold?.() ?? null;
  if (held !== null) {
    const kept = keptAt(held.bytes, held.release);
    return (await nesting.carries(held.bytes)) ? kept : closed(kept);
  }
  if (entry.size <= largestKept) return smallCarrier(entry, head, pieces, nesting);
  if (!isCarrier) return lostCarrier(head, pieces, entry.size, nesting);
  const kept = await nesting.keep(from(head, pieces), entry.size);
  if (kept.refusal !== null || kept.damage !== null) return kept;
  return (await nesting.carries(kept.bytes)) ? kept : closed(kept);
}

/** An empty zip archive. */
const smallestArchive = 22;

function closed(kept: Kept): null {
  kept.close();
  return null;
}

async function smallCarrier(
  { size }: Entry,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  nesting: Nesting,
): Promise<Kept | null> {
  const memory = scratch.length >= size ? scratch : Buffer.allocUnsafeSlow(size);
  // Another walk may request it meanwhile.
  scratch = nothing;
  try {
    let filled = 0;
    for await (const piece of from(head, pieces)) {
      filled += piece.copy(memory, filled, 0, Math.min(piece.length, size - filled));
      if (filled === size) break;
    }
    const whole = memory.subarray(0, filled);
    if (filled < size || !(await nesting.carries(bufferAccess(whole)))) return null;
    return await nesting.keep(once(whole), size);
  } finally {
    scratch = memory;
  }
}

async function lostCarrier(
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  size: number,
  nesting: Nesting,
): Promise<Kept | null> {
  let tail = nothing;
  let seen = 0;
  for await (const piece of from(head, pieces)) {
    seen += piece.length;
    if (seen > size - tailSize) tail = Buffer.concat([tail, piece]).subarray(-tailSize);
  }
  const refusal = nesting.lostBehind(tail, size);
  return refusal === null ? null : { ...keptAt(bufferAccess(nothing)), refusal };
}

async function* once(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}
