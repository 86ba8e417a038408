import { DamagedInput } from '../errors.ts';
import type { Extraction } from '../extraction.ts';

/** ELF files read but not yet extracted; more of them would only wait for a thread. */
const bytesInFlight = 64 * 1024 * 1024;

/** Extractions that run while the walk over a layer goes on. */
export class ExtractionQueue {
  readonly #extract: (elf: Buffer) => Promise<Extraction>;
  readonly #running = new Set<Promise<void>>();
  #bytes = 0;
  #bug: { readonly error: unknown } | null = null;

  constructor(extract: (elf: Buffer) => Promise<Extraction>) {
    this.#extract = extract;
  }

  /** Resolves when so many bytes may be read. A file larger than the whole room goes alone. */
  async makeRoom(bytes: number): Promise<void> {
    while (this.#running.size > 0 && this.#bytes + bytes > bytesInFlight) {
      await Promise.race(this.#running);
    }
  }

  start(
    elf: Buffer,
    whenDone: (extraction: Extraction) => void,
    whenLost: (error: DamagedInput) => void,
  ): void {
    const size = elf.length;
    this.#bytes += size;
    const task = this.#extract(elf)
      .then(whenDone)
      .catch((error: unknown) => {
        if (error instanceof DamagedInput) whenLost(error);
        else this.#bug ??= { error };
      })
      .finally(() => {
        this.#bytes -= size;
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
