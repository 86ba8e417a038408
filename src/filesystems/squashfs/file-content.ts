import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { accessByPieces, zeroBytes } from '../access-by-pieces.ts';
import type { Budget } from '../work-budget.ts';
import type { Blocks } from './blocks.ts';
import type { BlockPlaces } from './inode-record.ts';

export interface StoredFragment {
  readonly place: number;
  readonly stored: number;
}

interface Context {
  readonly blocks: Blocks;
  readonly blockSize: number;
  readonly budget: Budget;
  fragment(index: number): Promise<StoredFragment>;
}

/** The content of a file of `size` bytes: blocks, of which those without size are holes, and maybe a tail in a fragment. */
export function contentOf(places: BlockPlaces, size: number, context: Context): RandomAccess {
  const { blocks, blockSize } = context;
  const starts = new BlockStarts(places);
  const inBlocks = places.fragment === null ? size : Math.floor(size / blockSize) * blockSize;

  async function blockAt(index: number): Promise<Buffer | null> {
    const { start, stored } = await starts.at(index);
    if (stored === 0) return null;
    return blocks.data(start, stored, blockSize);
  }

  async function some(offset: number, most: number): Promise<Buffer> {
    if (offset >= inBlocks) return inFragment(offset - inBlocks, most);
    const index = Math.floor(offset / blockSize);
    const within = offset - index * blockSize;
    const whole = Math.min(blockSize, inBlocks - index * blockSize);
    const block = await blockAt(index);
    if (block === null) return zeroBytes(Math.min(most, whole - within));
    if (block.length !== whole)
      throw new MalformedInput(
        `block ${index} of a squashfs file has ${block.length} bytes, expected ${whole}`,
      );
    return block.subarray(within, Math.min(within + most, whole));
  }

  async function inFragment(offset: number, most: number): Promise<Buffer> {
    const { index, offset: start } = places.fragment ?? { index: 0, offset: 0 };
    const { place, stored } = await context.fragment(index);
    const bytes = await blocks.data(place, stored, blockSize);
    if (start + (size - inBlocks) > bytes.length)
      throw new MalformedInput(
        `a squashfs fragment has ${bytes.length} bytes, expected ${start + size - inBlocks}`,
      );
    return bytes.subarray(start + offset, start + Math.min(offset + most, size - inBlocks));
  }

  return accessByPieces(size, some, context.budget);
}

/** Blocks follow each other, so the sizes of all earlier blocks show where one begins. Read as far as needed. */
class BlockStarts {
  readonly #places: BlockPlaces;
  readonly #stored: number[] = [];
  readonly #starts: number[];
  #reading: Promise<void> = Promise.resolve();

  constructor(places: BlockPlaces) {
    this.#places = places;
    this.#starts = [places.start];
  }

  async at(index: number): Promise<{ readonly start: number; readonly stored: number }> {
    if (index >= this.#stored.length) {
      // One after the other: there is one place to read at.
      const reading = this.#reading.then(() => this.#readTo(index));
      this.#reading = reading.catch(() => {});
      await reading;
    }
    return { start: this.#starts[index] ?? 0, stored: this.#stored[index] ?? 0 };
  }

  async #readTo(index: number): Promise<void> {
    while (this.#stored.length <= index) {
      const stored = (await this.#places.sizes.take(4)).readUInt32LE(0);
      this.#stored.push(stored);
      this.#starts.push((this.#starts.at(-1) ?? 0) + (stored & 0xffffff));
    }
  }
}
