import { Worker } from 'node:worker_threads';

/** What a thread is given. The arrays are shared. */
export interface WorkerTask {
  readonly only: string | null;
  /** [0]: the next seed that nobody runs yet. */
  readonly next: Int32Array;
  /** [0]: the seed that this thread is at, or -1. [1]: how many it has begun. */
  readonly current: Int32Array;
  /** The seed to stop before. */
  readonly end: number;
}

export interface Found {
  readonly seed: number;
  readonly message: string;
}

/** No input may take longer: of processor time of all threads, since the machine may be busy with others. */
const secondsForOneRun = 20;
/** Of heap, for one input at a time. */
const megabytes = 256;

/** Runs a thread until its seeds are done. A thread that hangs or dies is what it found, and ends there. */
export async function watchedWorker(
  task: Omit<WorkerTask, 'current'>,
  whenFound: (found: Found) => void,
): Promise<{ readonly begun: number; readonly died: boolean }> {
  const current = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { ...task, current },
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  let died = false;
  const ended = new Promise<void>((resolve) => {
    worker.on('message', whenFound);
    worker.on('error', (error) => {
      died = true;
      whenFound({ seed: current[0] ?? -1, message: `the thread died: ${String(error)}` });
    });
    worker.on('exit', () => resolve());
  });
  let seen = 0;
  let since = processorSeconds();
  const watch = setInterval(() => {
    const begun = current[1] ?? 0;
    if (begun !== seen || current[0] === -1) {
      seen = begun;
      since = processorSeconds();
    } else if (begun > 0 && processorSeconds() - since > secondsForOneRun) {
      clearInterval(watch);
      died = true;
      whenFound({ seed: current[0] ?? -1, message: `more than ${secondsForOneRun} s` });
      void worker.terminate();
    }
  }, 500);
  await ended;
  clearInterval(watch);
  return { begun: current[1] ?? 0, died };
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
