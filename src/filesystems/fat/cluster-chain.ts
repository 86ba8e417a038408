import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { BlockCache } from '../block-cache.ts';
import { readExactly } from '../exact-read.ts';
import type { Budget } from '../work-budget.ts';
import type { Volume } from './boot-sector.ts';

const windowSize = 64 * 1024;

/** The table: for each cluster the one behind it. */
export class ClusterTable {
  readonly #file: RandomAccess;
  readonly #volume: Volume;
  readonly #budget: Budget;
  readonly #windows = new BlockCache<Buffer>(16);

  constructor(file: RandomAccess, volume: Volume, budget: Budget) {
    this.#file = file;
    this.#volume = volume;
    this.#budget = budget;
  }

  /** null: the chain ends. Throws MalformedInput for a cluster that is free, bad or not there. */
  async next(cluster: number): Promise<number | null> {
    const { kind, clusters } = this.#volume;
    const value = await this.#entry(cluster);
    const end = kind === 'FAT12' ? 0xff8 : kind === 'FAT16' ? 0xfff8 : 0x0ffffff8;
    if (value >= end) return null;
    if (value >= 2 && value < clusters + 2) return value;
    throw new MalformedInput(`FAT cluster ${cluster} leads to ${value}, which is not a cluster`);
  }

  async #entry(cluster: number): Promise<number> {
    const { kind } = this.#volume;
    if (kind === 'FAT32') return (await this.#bytes(cluster * 4, 4)).readUInt32LE(0) & 0x0fffffff;
    if (kind === 'FAT16') return (await this.#bytes(cluster * 2, 2)).readUInt16LE(0);
    // Two entries in three bytes.
    const pair = (await this.#bytes(Math.floor(cluster * 1.5), 2)).readUInt16LE(0);
    return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  }

  async #bytes(offset: number, length: number): Promise<Buffer> {
    const { table, tableSize } = this.#volume;
    if (offset + length > tableSize)
      throw new MalformedInput(`FAT has ${tableSize} bytes, expected more than ${offset}`);
    const first = Math.floor(offset / windowSize) * windowSize;
    const window = await this.#windows.get(first, () => {
      // One byte of the next, for an entry of FAT12 between the two.
      const size = Math.min(windowSize + 1, tableSize - first);
      this.#budget.spend(size);
      return readExactly(this.#file, table + first, size, 'FAT');
    });
    return window.subarray(offset - first, offset - first + length);
  }
}

/** The clusters of one file in order, followed as far as needed. */
export class ClusterChain {
  readonly #table: ClusterTable;
  readonly #most: number;
  readonly #clusters: number[];
  #ended = false;
  #reading: Promise<void> = Promise.resolve();

  /** `most`: a longer chain is a loop, or no file needs it. */
  constructor(table: ClusterTable, first: number, most: number) {
    this.#table = table;
    this.#most = most;
    this.#clusters = [first];
  }

  /** Number of the cluster at a place in the chain; null behind its end. Throws MalformedInput. */
  async at(index: number): Promise<number | null> {
    if (index >= this.#clusters.length && !this.#ended) {
      const reading = this.#reading.then(() => this.#readTo(index));
      this.#reading = reading.catch(() => {});
      await reading;
    }
    return this.#clusters[index] ?? null;
  }

  async #readTo(index: number): Promise<void> {
    while (this.#clusters.length <= index && !this.#ended) {
      const next = await this.#table.next(this.#clusters.at(-1) ?? 0);
      if (next === null) this.#ended = true;
      else this.#clusters.push(next);
      if (this.#clusters.length > this.#most)
        throw new MalformedInput(`a chain of FAT has more than ${this.#most} clusters`);
    }
  }
}
