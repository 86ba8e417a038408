import { MalformedElf } from '../errors.ts';

/**
 * The bytes of one file, read by range: a buffer, or later a part of an open file.
 * Every read is bounds-checked here and nowhere else.
 */
export interface Bytes {
  /** Length in bytes. */
  readonly size: number;
  /** `length` bytes at `offset`; a view where possible, so never write to it. Throws MalformedElf outside the file. */
  read(offset: number, length: number): Buffer;
}

export function bytesOf(buffer: Buffer): Bytes {
  return {
    size: buffer.length,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= buffer.length)) {
        throw new MalformedElf(
          `${length} bytes expected at offset 0x${offset.toString(16)}, but the file ends at 0x${buffer.length.toString(16)}`,
        );
      }
      return buffer.subarray(offset, offset + length);
    },
  };
}
