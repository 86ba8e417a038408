/** Files that are read and wait for their facts; more of them would only wait for a thread. */
const mostInUse = 64 * 1024 * 1024;
/** Below this, sizes of memory are the same. */
const smallest = 64 * 1024;

/**
 * Memory for files on their way to extraction, for all layers together. It is shared with the extractor's threads, and
 * used again: memory that threads have seen is given back late, and would pile up to several times what is in use.
 */
export class FileMemory {
  readonly #free = new Map<number, SharedArrayBuffer[]>();
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;
  #kept = 0;

  /** Resolves when there is room. A file larger than the whole room goes alone. The content is what was there before. */
  async take(size: number): Promise<Buffer> {
    while (this.#inUse > 0 && this.#inUse + size > mostInUse) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#inUse += size;
    const room = roomFor(size);
    const kept = this.#free.get(room)?.pop();
    if (kept) this.#kept -= room;
    return Buffer.from(kept ?? new SharedArrayBuffer(room), 0, size);
  }

  /** What `take` gave, once: nobody looks at it any more. */
  release({ buffer, length }: Buffer): void {
    const room = buffer.byteLength;
    this.#inUse -= length;
    if (room <= mostInUse && buffer instanceof SharedArrayBuffer) this.#keep(buffer, room);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** What is kept is bounded too: sizes that were wanted until now make way for those that are wanted from now on. */
  #keep(memory: SharedArrayBuffer, room: number): void {
    if (this.#kept + room > mostInUse) {
      this.#free.clear();
      this.#kept = 0;
    }
    this.#kept += room;
    const free = this.#free.get(room) ?? [];
    free.push(memory);
    this.#free.set(room, free);
  }
}

/** Powers of two, so that memory fits many files. What a file does not fill is never touched and costs nothing. */
function roomFor(size: number): number {
  if (size > mostInUse) return size;
  return Math.max(smallest, 2 ** Math.ceil(Math.log2(size)));
}
