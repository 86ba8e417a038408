import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerTask } from '../../fuzz/watched-worker.ts';

// A thread of the fuzzer for which every tenth run breaks a promise, and runs 15 and 35 are its end.
const { end, next, current }: WorkerTask = workerData;

for (let index = Atomics.add(next, 0, 1); index < end; index = Atomics.add(next, 0, 1)) {
  Atomics.store(current, 0, index);
  if (index % 10 === 0) parentPort?.postMessage({ index, message: 'a broken promise' });
  if (index === 15 || index === 35) throw new Error('killed by its input');
}
