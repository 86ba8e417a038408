import { createHash } from 'node:crypto';
import { LimitExceeded } from '../../base/errors.ts';
import type { HeldRange } from '../../base/random-access.ts';
import { type Digest, digestFrom } from './digest.ts';
import { readInto } from './open-file.ts';

/** Passes a stream on and keeps account of it. */
export interface HashedStream {
  /** Breaking off a loop over it does not end the stream: it can be read on, and `drain` does. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Reads the rest, so that the digest covers every byte. Throws LimitExceeded and what the stream throws. */
  drain(): Promise<void>;
  /** Ends the stream wherever it is. */
  close(): Promise<void>;
  /** Bytes so far. */
  size(): number;
  /** Of the bytes so far; may be asked once. null when none was wanted. */
  digest(): Digest | null;
}

/** One pass, no copies. `algorithm` null: only counted. */
export function hashedStream(
  source: AsyncIterable<Buffer>,
  algorithm: Digest['algorithm'] | null,
  maxSize: number,
): HashedStream {
  const iterator = source[Symbol.asyncIterator]();
  const hash = algorithm === null ? null : createHash(algorithm);
  let size = 0;
  const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
    const step = await iterator.next();
    if (step.done === true) return { done: true, value: undefined };
    size += step.value.length;
    if (size > maxSize) throw new LimitExceeded(`the layer is larger than ${maxSize} bytes`);
    hash?.update(step.value);
    return { done: false, value: step.value };
  };
  return {
    chunks: { [Symbol.asyncIterator]: () => ({ next }) },
    async drain() {
      while ((await next()).done !== true);
    },
    async close() {
      await iterator.return?.();
    },
    size: () => size,
    digest: () =>
      hash === null || algorithm === null ? null : digestFrom(hash.digest('hex'), algorithm),
  };
}

const pieceSize = 1024 * 1024;

/** Of what is there of the range. All of it goes through the same memory: new memory for each piece is garbage by gigabytes. */
export async function digestOfHeld(
  { descriptor, offset, length }: HeldRange,
  algorithm: Digest['algorithm'],
): Promise<Digest> {
  const hash = createHash(algorithm);
  const memory = Buffer.allocUnsafeSlow(Math.min(pieceSize, length));
  for (let at = 0; at < length; ) {
    const piece = memory.subarray(0, length - at);
    const count = await readInto(descriptor, piece, offset + at);
    if (count === 0) break;
    hash.update(piece.subarray(0, count));
    at += count;
  }
  return digestFrom(hash.digest('hex'), algorithm);
}
