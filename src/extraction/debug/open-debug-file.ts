import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { LimitExceeded, UnreadablePart } from '../../base/errors.ts';
import { unreadable } from '../../base/system-error.ts';
import { type Bytes, bytesFrom } from '../../elf/reading/bytes.ts';
import { fill } from '../placed-bytes.ts';

/** A debug file that is read where it lies. To be closed once. */
export interface OpenDebugFile {
  readonly bytes: Bytes;
  /** CRC-32 of all of it, as `.gnu_debuglink` has it. */
  crc(): number;
  close(): void;
}

/** Throws UnreadablePart where the file is not one any more, and LimitExceeded for a larger one. */
export function openDebugFile(path: string, largest: number): OpenDebugFile {
  // What was listed as a file may be a link or a pipe by now.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openOrRefuse(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    const { size } = stats;
    if (!stats.isFile()) throw new UnreadablePart('it is not a file any more');
    if (size > largest)
      throw new LimitExceeded(`it has ${size} bytes, and a file may have ${largest}`);
    const whole = { descriptor, offset: 0, length: size };
    // Memory of its own: that of the program is used again for each file.
    const bytes = bytesFrom(size, (offset, length) =>
      fill(whole, offset, Buffer.allocUnsafeSlow(length)),
    );
    return { bytes, crc: () => crcOf(bytes), close: () => closeSync(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function openOrRefuse(path: string, flags: number): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    return unreadable(error);
  }
}

const pieceSize = 1024 * 1024;

function crcOf(bytes: Bytes): number {
  let crc = 0;
  for (let at = 0; at < bytes.size; at += pieceSize)
    crc = crc32(bytes.read(at, Math.min(pieceSize, bytes.size - at)), crc);
  return crc;
}
