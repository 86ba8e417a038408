import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly, safeNumber } from '../exact-read.ts';
import { type Blocks, metadataSize } from './blocks.ts';

/** Reads on through the blocks of a table, from a place in one of them. */
export class MetadataCursor {
  readonly #blocks: Blocks;
  #place: number;
  #offset: number;

  constructor(blocks: Blocks, place: number, offset: number) {
    this.#blocks = blocks;
    this.#place = place;
    this.#offset = offset;
  }

  /** `reference`: in its upper 48 bits the block, counted from the table, in the lower 16 the byte in it. */
  static at(blocks: Blocks, table: number, reference: bigint): MetadataCursor {
    const place = table + safeNumber(reference >> 16n, 'place of an inode');
    return new MetadataCursor(blocks, place, Number(reference & 0xffffn));
  }

  /** Throws MalformedInput. */
  async take(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const { bytes, next } = await this.#blocks.metadata(this.#place);
      if (this.#offset > bytes.length)
        throw new MalformedInput(
          `squashfs metadata at offset ${this.#place} has ${bytes.length} bytes, expected more than ${this.#offset}`,
        );
      const part = bytes.subarray(this.#offset, this.#offset + left);
      if (part.length > 0) parts.push(part);
      left -= part.length;
      this.#offset += part.length;
      if (this.#offset < bytes.length) continue;
      this.#place = next;
      this.#offset = 0;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  async skip(size: number): Promise<void> {
    for (let left = size; left > 0; left -= metadataSize)
      await this.take(Math.min(left, metadataSize));
  }
}

/** A table of records of one size, whose blocks are listed at `list`. */
export async function readRecord(
  file: RandomAccess,
  blocks: Blocks,
  table: { readonly list: number; readonly size: number; readonly what: string },
  index: number,
): Promise<Buffer> {
  const perBlock = metadataSize / table.size;
  const entry = table.list + 8 * Math.floor(index / perBlock);
  const pointer = await readExactly(file, entry, 8, table.what);
  const place = safeNumber(pointer.readBigUInt64LE(0), table.what);
  const cursor = new MetadataCursor(blocks, place, (index % perBlock) * table.size);
  return cursor.take(table.size);
}
