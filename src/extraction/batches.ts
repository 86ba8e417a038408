/** Files of one hand-over to a thread, in weight and number: ten milliseconds of work, compared with which a hand-over costs little. */
const batchWeight = 1024 * 1024;
const batchFiles = 32;

interface Waiting<T, R> {
  readonly file: T;
  readonly settle: (result: Promise<R>) => void;
}

/**
 * Runs files in parallel, first come, first served; `threads` is how many hand-overs there may be at a time with the one
 * that begins with a file, and `weight` the bytes whose facts take as long as what is to be done with it. Small files that wait are
 * handed over together, since a hand-over costs as much as the facts of the smallest ones. When a batch fails, each of
 * its files is given to `run` by itself, so that it costs no other. `run` gives a result for each file.
 */
export function inBatches<T, R>(
  threads: (file: T) => number,
  weight: (file: T) => number,
  run: (files: readonly T[]) => Promise<readonly R[]>,
): (file: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let running = 0;

  function start(): void {
    for (let next = waiting[0]; next && running < threads(next.file); next = waiting[0]) {
      running += 1;
      void handOver(nextBatch(waiting, weight)).finally(() => {
        running -= 1;
        start();
      });
    }
  }

  async function handOver(batch: readonly Waiting<T, R>[]): Promise<void> {
    const results = run(batch.map(({ file }) => file));
    const failed = await results.then(
      () => false,
      () => true,
    );
    for (const [index, { file, settle }] of batch.entries()) {
      const own = failed && batch.length > 1 ? run([file]).then(first) : results.then(at(index));
      settle(own);
      await own.catch(() => {});
    }
  }

  return (file) =>
    new Promise((resolve) => {
      waiting.push({ file, settle: resolve });
      start();
    });
}

function nextBatch<T, W extends { readonly file: T }>(
  waiting: W[],
  weight: (file: T) => number,
): readonly W[] {
  let sum = 0;
  let count = 0;
  for (const { file } of waiting) {
    sum += weight(file);
    if (count > 0 && (sum > batchWeight || count === batchFiles)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

const first = <R>(results: readonly R[]) => at<R>(0)(results);

function at<R>(index: number): (results: readonly R[]) => R {
  return (results) => {
    const result = results[index];
    if (result === undefined) throw new TypeError(`there is no result ${index} of a batch`);
    return result;
  };
}
