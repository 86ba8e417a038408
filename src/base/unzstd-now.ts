import type { ZSTDDecoder } from 'zstddec/stream';
import { LimitExceeded } from './errors.ts';

let decoder: ZSTDDecoder | null = null;
let wasMissed = false;

/** Something was packed by zstd before the decoder of this thread was started: `prepareZstd`, and the same again. */
export function isZstdMissed(): boolean {
  return wasMissed && decoder === null;
}

/** Starts the decoder of this thread. Safe to call twice. */
export async function prepareZstd(): Promise<void> {
  const { ZSTDDecoder } = await import('zstddec/stream');
  const starting = new ZSTDDecoder();
  await starting.init();
  decoder = starting;
}

/**
 * What zstd made of so many bytes; null where that does not come out. Node's own decoder is not in every version, and this one starts only
 * asynchronously. Throws LimitExceeded where it was not started.
 */
export function unzstdNow(compressed: Buffer, size: number): Buffer | null {
  if (size === 0) return Buffer.alloc(0);
  if (decoder === null) {
    wasMissed = true;
    throw new LimitExceeded('it is compressed by zstd, whose decoder was not started');
  }
  try {
    const bytes = decoder.decode(compressed, size);
    return bytes.length === size ? Buffer.from(bytes.buffer, bytes.byteOffset, size) : null;
  } catch {
    // The library checks neither its input nor what it is given.
    return null;
  }
}
