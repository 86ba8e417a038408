import { parentPort, workerData } from 'node:worker_threads';
import { randomFrom } from './random.ts';
import { scheduleOf } from './schedule.ts';
import { subjectNamed } from './subjects.ts';
import type { WorkerTask } from './watched-worker.ts';

// One thread of the fuzzer: takes runs and says which it is at, so that the main thread can name it if it hangs.
const { names, firstSeed, end, next, current, milliseconds }: WorkerTask = workerData;
const schedule = scheduleOf(names, firstSeed);
const subjects = names.map(subjectNamed);

for (let index = Atomics.add(next, 0, 1); index < end; index = Atomics.add(next, 0, 1)) {
  Atomics.store(current, 0, index);
  const { subject, seed } = schedule.at(index);
  const started = performance.now();
  const message = await run(subject, seed);
  milliseconds[subject] = (milliseconds[subject] ?? 0) + performance.now() - started;
  if (message !== null) parentPort?.postMessage({ index, message });
}
Atomics.store(current, 0, -1);

/** What went wrong; null for nothing. */
async function run(at: number, seed: number): Promise<string | null> {
  try {
    const subject = subjects[at];
    await subject?.check(await subject.make(randomFrom(seed)));
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
