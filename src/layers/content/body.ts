import type { FileMemory } from './file-memory.ts';

/** What was read already, and the rest. */
export async function* from(head: Buffer, pieces: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
}

/** At least `size` bytes from the beginning, `known` among them; fewer only where the body ends. */
export async function readHead(
  pieces: AsyncIterator<Buffer>,
  known: Buffer,
  size: number,
): Promise<Buffer> {
  let head = known;
  while (head.length < size) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

/** `whole` is null when there were `size` bytes instead of those expected; one more than expected is enough to know. */
export async function readWhole(
  expected: number,
  head: Buffer,
  pieces: AsyncIterator<Buffer>,
  memory: FileMemory | null,
): Promise<{ readonly whole: Buffer | null; readonly size: number }> {
  const whole = memory ? await memory.take(expected) : Buffer.allocUnsafeSlow(expected);
  let kept = false;
  try {
    head.copy(whole);
    let size = head.length;
    while (size <= expected) {
      const { done, value } = await pieces.next();
      if (done) break;
      value.copy(whole, size);
      size += value.length;
    }
    kept = size === expected;
    return { whole: kept ? whole : null, size };
  } finally {
    if (!kept) memory?.release(whole);
  }
}

/** No more of them than so many. */
export async function* atMost(size: number, bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let left = size;
  for await (const piece of bytes) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
}

export function wrongSize(size: number, expected: number) {
  return { kind: 'damaged', message: `file has ${size} bytes, expected ${expected}` } as const;
}
