import { DamagedInput } from '../errors.ts';
import type { Extraction } from '../extraction.ts';
import type { FileMemory } from './file-memory.ts';

/** Extractions that run while the walk over a layer goes on. */
export class ExtractionQueue {
  readonly #extract: (elf: Buffer) => Promise<Extraction>;
  readonly #memory: FileMemory;
  readonly #running = new Set<Promise<void>>();
  #bug: { readonly error: unknown } | null = null;

  constructor(extract: (elf: Buffer) => Promise<Extraction>, memory: FileMemory) {
    this.#extract = extract;
    this.#memory = memory;
  }

  /** `elf` is in memory that was taken for it, and gives it back. */
  start(
    elf: Buffer,
    whenDone: (extraction: Extraction) => void,
    whenLost: (error: DamagedInput) => void,
  ): void {
    const task = this.#extract(elf)
      .then(whenDone)
      .catch((error: unknown) => {
        if (error instanceof DamagedInput) whenLost(error);
        else this.#bug ??= { error };
      })
      .finally(() => {
        this.#memory.release(elf);
        this.#running.delete(task);
      });
    this.#running.add(task);
  }

  /** Resolves when all are done. Throws what the first failed one threw, if that was a bug. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#bug) throw this.#bug.error;
  }
}
