import pLimit from 'p-limit';
import { type SharedMemory, sharedMemory } from './shared-memory.ts';

/** Files that are read and wait for their facts; more of them would only wait for a thread. */
const usualSize = 16 * 1024 * 1024;
/** What is larger is better written to a file than waited for. */
const largestFile = 8 * 1024 * 1024;
/** Files begin at multiples of it, as they would in memory of their own. */
const alignment = 4096;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Memory for files on their way to extraction, for all layers that one thread walks: one piece that is shared with the extractor's
 * threads and used again and again. Threads give memory that they have seen back late, so a piece for each file would
 * pile up to several times what is in use. What no file has filled yet is not there and costs nothing.
 */
export class FileMemory {
  readonly #memory: SharedMemory;
  /** What is not in use: apart from each other, ascending. */
  #free: readonly Span[];
  /** First come, first served: a large file is not passed by small ones until the end. */
  readonly #turns = pLimit(1);
  #onRelease = () => {};

  /** Bytes of a file that there is room for. */
  readonly largest = largestFile;

  constructor(size = usualSize) {
    this.#memory = sharedMemory(size);
    this.#free = [{ start: 0, end: size }];
  }

  /** Resolves when there is room. The content is what was there before. */
  take(size: number): Promise<Buffer> {
    return this.#turns(async () => {
      for (;;) {
        if (size > this.#size() && this.#isUnused()) this.#grow(size);
        const start = this.#cut(roomFor(size));
        if (start !== null) return Buffer.from(this.#memory.buffer, start, size);
        await new Promise<void>((resolve) => {
          this.#onRelease = resolve;
        });
      }
    });
  }

  /** What `take` gave, once: nobody looks at it any more. */
  release({ byteOffset, length }: Buffer): void {
    const freed = { start: byteOffset, end: byteOffset + roomFor(length) };
    this.#free = merged([...this.#free, freed].sort((a, b) => a.start - b.start));
    this.#onRelease();
  }

  #size(): number {
    return this.#memory.buffer.byteLength;
  }

  #isUnused(): boolean {
    const [first] = this.#free;
    return first !== undefined && first.end - first.start === this.#size();
  }

  /** A file larger than the whole goes alone, and leaves its memory to those behind it. */
  #grow(size: number): void {
    this.#memory.grow(roomFor(size) - this.#size());
    this.#free = [{ start: 0, end: this.#size() }];
  }

  /** Takes room out of the first span that is large enough; null when none is. */
  #cut(room: number): number | null {
    const found = this.#free.find(({ start, end }) => end - start >= room);
    if (found === undefined) return null;
    const rest = { start: found.start + room, end: found.end };
    this.#free = this.#free
      .map((span) => (span === found ? rest : span))
      .filter(({ start, end }) => start < end);
    return found.start;
  }
}

/** Spans that touch become one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const apart: Span[] = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (last?.end === span.start) apart[apart.length - 1] = { start: last.start, end: span.end };
    else apart.push(span);
  }
  return apart;
}

function roomFor(size: number): number {
  return Math.ceil(Math.max(size, 1) / alignment) * alignment;
}
