import { setMaxListeners } from 'node:events';
import { UnreadablePart } from '../../base/errors.ts';

/**
 * The time that a server may keep hullcheck waiting for one part of an image, over all tries, redirects and tokens.
 * An idle limit alone is not enough: a server that sends a byte per second is never idle. Time in which hullcheck
 * processes data does not count, only waiting does.
 */
export class Deadline {
  readonly #end = new AbortController();
  readonly #what: string;
  #left: number;
  #waited = 0;

  /** `what`: for the message. `milliseconds` of waiting are allowed. */
  constructor(what: string, milliseconds: number) {
    this.#what = what;
    this.#left = milliseconds;
    setMaxListeners(0, this.#end.signal);
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** What came buys more time. */
  extend(milliseconds: number): void {
    this.#left += milliseconds;
  }

  /** The result of the work. Throws UnreadablePart when the time is over before. */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          reject(this.#tooSlow());
          this.#end.abort();
        },
        Math.max(0, this.#left),
      );
    });
    try {
      return await Promise.race([work(), end]);
    } finally {
      clearTimeout(timer);
      const spent = performance.now() - start;
      this.#left -= spent;
      this.#waited += spent;
    }
  }

  #tooSlow(): UnreadablePart {
    const seconds = Math.round((this.#waited + Math.max(0, this.#left)) / 1000);
    return new UnreadablePart(
      `${this.#what} is given up after ${seconds} s of waiting: the server is too slow`,
    );
  }
}
