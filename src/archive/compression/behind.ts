/**
 * Called with the number of bytes after the end of a compressed stream, which are not read; padding of zeros does not
 * count.
 */
export type Behind = (bytes: number) => void;

/** Bytes of what is left. */
export async function sizeOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let size = 0;
  for await (const chunk of chunks) size += chunk.length;
  return size;
}
