import { Worker } from 'node:worker_threads';

/** What a thread is given. The arrays are shared. */
export interface WorkerTask {
  /** Of the subjects. */
  readonly names: readonly string[];
  readonly firstSeed: number;
  /** The run to stop before. */
  readonly end: number;
  /** [0]: the next run that no thread has taken. */
  readonly next: Int32Array;
  /** [0]: the run that this thread is at, or -1. */
  readonly current: Int32Array;
  /** That the runs of each subject took in this thread. */
  readonly milliseconds: Float64Array;
}

export interface Found {
  /** Of the run. */
  readonly index: number;
  readonly message: string;
}

/** No input may take longer: of processor time of all threads, since the machine may be busy with others. */
const secondsForOneRun = 20;
/** Of heap, for one input at a time. */
const megabytes = 256;

/**
 * Runs a thread until there are no runs left. A thread that hangs or dies is what it found, and ends there: true.
 * `script` is worker.js, or a test's.
 */
export async function watchedWorker(
  script: URL,
  task: WorkerTask,
  whenFound: (found: Found) => void,
): Promise<boolean> {
  const { current } = task;
  current[0] = -1;
  const worker = new Worker(script, {
    workerData: task,
    // A thread's own stack would be four times that of the program.
    resourceLimits: { maxOldGenerationSizeMb: megabytes, stackSizeMb: 1 },
  });
  let died = false;
  const ended = new Promise<void>((resolve) => {
    worker.on('message', whenFound);
    worker.on('error', (error) => {
      died = true;
      whenFound({ index: current[0] ?? -1, message: `the thread died: ${String(error)}` });
    });
    worker.on('exit', () => resolve());
  });
  let seen = -1;
  let since = processorSeconds();
  const watch = setInterval(() => {
    const index = current[0] ?? -1;
    if (index !== seen || index === -1) {
      seen = index;
      since = processorSeconds();
    } else if (processorSeconds() - since > secondsForOneRun) {
      clearInterval(watch);
      died = true;
      whenFound({ index, message: `more than ${secondsForOneRun} s` });
      void worker.terminate();
    }
  }, 500);
  await ended;
  clearInterval(watch);
  return died;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
