import { parentPort, workerData } from 'node:worker_threads';
import { caseOf } from './subjects.ts';
import type { WorkerTask } from './watched-worker.ts';

// One thread of the fuzzer: runs seeds and tells which it is at, so that the one who watches can name it if it hangs.
const { only, next, current, end }: WorkerTask = workerData;

for (let seed = Atomics.add(next, 0, 1); seed < end; seed = Atomics.add(next, 0, 1)) {
  Atomics.store(current, 0, seed);
  Atomics.add(current, 1, 1);
  const message = await run(seed);
  if (message !== null) parentPort?.postMessage({ seed, message });
}
Atomics.store(current, 0, -1);

async function run(seed: number): Promise<string | null> {
  try {
    const { subject, input } = await caseOf(seed, only);
    await subject.check(input);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
