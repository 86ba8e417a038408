import { MalformedElf } from '../../base/errors.ts';

/** The bytes of one file, read by range. Every read is bounds-checked here and nowhere else. */
export interface Bytes {
  /** Length in bytes. */
  readonly size: number;
  /** `length` bytes at `offset`; a view where possible, so never write to it. Throws MalformedElf outside the file. */
  read(offset: number, length: number): Buffer;
  /** The same, but only until the next glance: for passes over much of a file. */
  glance(offset: number, length: number): Buffer;
}

export function bytesOf(buffer: Buffer): Bytes {
  return bytesFrom(buffer.length, (offset, length) => buffer.subarray(offset, offset + length));
}

/** `read` and `glance` are only called for ranges inside the file. */
export function bytesFrom(
  size: number,
  read: Bytes['read'],
  glance: Bytes['glance'] = read,
): Bytes {
  const within = (reader: Bytes['read']) => (offset: number, length: number) => {
    if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
      throw new MalformedElf(
        `${length} bytes expected at offset 0x${offset.toString(16)}, but the file ends at 0x${size.toString(16)}`,
      );
    }
    return reader(offset, length);
  };
  return { size, read: within(read), glance: within(glance) };
}

/** `size` bytes from `start`, as if they were all. */
export function partOfBytes({ read, glance }: Bytes, start: number, size: number): Bytes {
  return bytesFrom(
    size,
    (offset, length) => read(start + offset, length),
    (offset, length) => glance(start + offset, length),
  );
}
