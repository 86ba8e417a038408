import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { LimitExceeded, UnreadablePart } from '../../base/errors.ts';
import { unreadable } from '../../base/system-error.ts';
import { type Bytes, bytesFrom } from '../../elf/reading/bytes.ts';

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
  const descriptor = refused(() => openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    const { size, isFile } = sizeOf(descriptor);
    if (!isFile) throw new UnreadablePart('it is not a file any more');
    if (size > largest)
      throw new LimitExceeded(`it has ${size} bytes, and a file may have ${largest}`);
    const bytes = bytesFrom(size, (offset, length) => readAt(descriptor, offset, length));
    return { bytes, crc: () => crcOf(bytes), close: () => closeSync(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function sizeOf(descriptor: number): { readonly size: number; readonly isFile: boolean } {
  const found = fstatSync(descriptor);
  return { size: found.size, isFile: found.isFile() };
}

/** Memory of its own: that of the program is used again for each file. */
function readAt(descriptor: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let filled = 0; filled < length; ) {
    const count = refused(() =>
      readSync(descriptor, buffer, filled, length - filled, offset + filled),
    );
    if (count === 0) throw new UnreadablePart('it was cut while it was read');
    filled += count;
  }
  return buffer;
}

function refused<T>(read: () => T): T {
  try {
    return read();
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
