import { DamagedInput } from '../../base/errors.ts';
import type { ElfContent } from '../../extraction/elf-content.ts';
import type { Extraction } from '../../extraction/extraction.ts';

/** What a walk learns about a file: the facts themselves stay with the extractor. */
export type ExtractedFile = Pick<Extraction, 'sha256'>;

/** Files that are held open at a time: enough for every thread to have a batch, and fewer than a process may open. */
const mostRunning = 64;

/** Extractions that run while the walk over a layer goes on. */
export class ExtractionQueue {
  readonly #extract: (elf: ElfContent) => Promise<ExtractedFile>;
  readonly #running = new Set<Promise<void>>();
  #whenOneIsDone = () => {};
  #bug: { readonly error: unknown } | null = null;

  constructor(extract: (elf: ElfContent) => Promise<ExtractedFile>) {
    this.#extract = extract;
  }

  /** Releases the file when its facts are known. Resolves when there is room for another one. */
  async start(
    elf: ElfContent,
    whenDone: (named: ExtractedFile) => void,
    whenLost: (error: DamagedInput) => void,
  ): Promise<void> {
    const task = this.#extract(elf)
      .then(whenDone)
      .catch((error: unknown) => {
        if (error instanceof DamagedInput) whenLost(error);
        else this.#bug ??= { error };
      })
      .finally(() => {
        elf.release();
        this.#running.delete(task);
        this.#whenOneIsDone();
      });
    this.#running.add(task);
    while (this.#running.size >= mostRunning) {
      await new Promise<void>((resolve) => {
        this.#whenOneIsDone = resolve;
      });
    }
  }

  /** Resolves when all are done. Throws what the first failed one threw, if that was a bug. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#bug) throw this.#bug.error;
  }
}
