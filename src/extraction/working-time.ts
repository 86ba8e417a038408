import { workedMilliseconds } from './v8-flags.ts';

/** On a machine that is busy with others, work may last so many times as long as it may take. */
const mostWaiting = 10;

/** A longer timer of Node ends at once. */
const longestTimer = 2 ** 31 - 1;

/** Milliseconds since an arbitrary time. */
export interface Clocks {
  /** Of the clock. */
  readonly passed: () => number;
  /** Of processor time, in all threads of this process. */
  readonly worked: () => number;
}

const ownClocks: Clocks = { passed: () => performance.now(), worked: workedMilliseconds };

/**
 * Calls `expired` when so many milliseconds have passed in which this process could work. Where others take the
 * processor, less of its time has passed than of the clock's: a busy machine must not make a file too expensive. Node 20
 * does not know the time of one thread, so that of all counts. Gives the function that ends the wait.
 */
export function afterWork(
  milliseconds: number,
  expired: () => void,
  clocks: Clocks = ownClocks,
): () => void {
  const begun = { passed: clocks.passed(), worked: clocks.worked() };
  const wait = (left: number) => setTimeout(check, Math.min(left, longestTimer));
  let timer = wait(milliseconds);
  function check(): void {
    const passed = clocks.passed() - begun.passed;
    const worked = clocks.worked() - begun.worked;
    const left = milliseconds - Math.max(Math.min(passed, worked), passed / mostWaiting);
    if (left > 0) timer = wait(left);
    else expired();
  }
  return () => clearTimeout(timer);
}
