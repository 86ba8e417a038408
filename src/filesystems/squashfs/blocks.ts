import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { BlockCache } from '../block-cache.ts';
import { readExactly } from '../exact-read.ts';
import type { Budget } from '../work-budget.ts';
import type { DecompressBlock } from './decompress-block.ts';

/** A metadata block has so many bytes before compression; the last of a table fewer. */
export const metadataSize = 8192;

export interface MetadataBlock {
  readonly bytes: Buffer;
  /** Where the block behind it begins. */
  readonly next: number;
}

/** How a data block is stored: its size, and in one bit that it is not compressed (squashfs_fs.h). */
const plainData = 1 << 24;
const plainMetadata = 1 << 15;

/** Blocks by their place in the file. What they decompress to is spent. */
export class Blocks {
  readonly #file: RandomAccess;
  readonly #decompress: DecompressBlock;
  readonly #budget: Budget;
  readonly #metadata = new BlockCache<MetadataBlock>(256);
  readonly #data = new BlockCache<Buffer>(8);

  constructor(file: RandomAccess, decompress: DecompressBlock, budget: Budget) {
    this.#file = file;
    this.#decompress = decompress;
    this.#budget = budget;
  }

  get fileSize(): number {
    return this.#file.size;
  }

  metadata(place: number): Promise<MetadataBlock> {
    return this.#metadata.get(place, () => this.#readMetadata(place));
  }

  /** `stored` as the inode or fragment says; at most `most` bytes of content. */
  async data(place: number, stored: number, most: number): Promise<Buffer> {
    return this.#data.get(place, async () => {
      const length = stored & (plainData - 1);
      if (stored >= 2 * plainData || length > most)
        throw new MalformedInput(
          `squashfs block at offset ${place} is stored in ${stored} bytes, expected at most ${most}`,
        );
      const bytes = await readExactly(this.#file, place, length, 'squashfs block');
      return this.#content(bytes, (stored & plainData) !== 0, most);
    });
  }

  async #readMetadata(place: number): Promise<MetadataBlock> {
    // Header and block at once: they are never larger than this.
    const head = await this.#file.read(place, 2 + metadataSize);
    const word = head.length < 2 ? 0 : head.readUInt16LE(0);
    const length = word & (plainMetadata - 1);
    if (length === 0 || length > metadataSize || head.length < 2 + length)
      throw new MalformedInput(
        `squashfs metadata at offset ${place} has ${length} bytes, expected 1 to ${metadataSize}`,
      );
    const stored = head.subarray(2, 2 + length);
    const bytes = await this.#content(stored, (word & plainMetadata) !== 0, metadataSize);
    return { bytes, next: place + 2 + length };
  }

  async #content(stored: Buffer, isPlain: boolean, most: number): Promise<Buffer> {
    const bytes = isPlain ? stored : await this.#decompress(stored, most);
    this.#budget.spend(bytes.length);
    return bytes;
  }
}
