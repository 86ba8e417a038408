import { MalformedInput } from '../base/errors.ts';
import type { RandomAccess } from '../base/random-access.ts';

/** All of `length` bytes. `what` is named in the error. Throws MalformedInput when the end comes first. */
export async function readExactly(
  file: RandomAccess,
  offset: number,
  length: number,
  what: string,
): Promise<Buffer> {
  const bytes = await file.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new MalformedInput(
    `${what} at offset ${offset} has ${bytes.length} bytes, expected ${length}`,
  );
}

/** Throws MalformedInput for what no file reaches. */
export function safeNumber(value: bigint, what: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new MalformedInput(`${what} is ${value}, which no file reaches`);
}
