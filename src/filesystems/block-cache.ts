/** The blocks that were used last, by their place. One that is being read is waited for, not read twice. */
export class BlockCache<Block> {
  readonly #most: number;
  readonly #blocks = new Map<number, Promise<Block>>();

  constructor(most: number) {
    this.#most = most;
  }

  get(place: number, read: () => Promise<Block>): Promise<Block> {
    const known = this.#blocks.get(place);
    this.#blocks.delete(place);
    const block = known ?? read();
    this.#blocks.set(place, block);
    // A block that cannot be read is requested again, and fails again.
    if (known === undefined) block.catch(() => this.#blocks.delete(place));
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= this.#most) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }
}
