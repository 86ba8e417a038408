import { MalformedElf } from '../errors.ts';

/** The bytes of one file, read by range. Every read is bounds-checked here and nowhere else. */
export interface Bytes {
  /** Length in bytes. */
  readonly size: number;
  /** `length` bytes at `offset`; a view where possible, so never write to it. Throws MalformedElf outside the file. */
  read(offset: number, length: number): Buffer;
}

export function bytesOf(buffer: Buffer): Bytes {
  return bytesFrom(buffer.length, (offset, length) => buffer.subarray(offset, offset + length));
}

/** `read` is only asked for what lies in the file. */
export function bytesFrom(size: number, read: Bytes['read']): Bytes {
  return {
    size,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
        throw new MalformedElf(
          `${length} bytes expected at offset 0x${offset.toString(16)}, but the file ends at 0x${size.toString(16)}`,
        );
      }
      return read(offset, length);
    },
  };
}
