import { type Schedule, scheduleOf } from './schedule.ts';
import { type Found, watchedWorker } from './watched-worker.ts';

export interface CampaignOptions {
  readonly names: readonly string[];
  readonly firstSeed: number;
  readonly runs: number;
  /** Threads. */
  readonly jobs: number;
  readonly script: URL;
  /** Called for each; the campaign goes on. */
  readonly whenFound: (violation: Violated) => void;
}

/** A run that broke a promise. */
export interface Violated {
  readonly subject: string;
  readonly seed: number;
  readonly message: string;
}

/** A subject's part of the campaign. The seeds are `runs` from the first on. */
export interface SubjectResult {
  readonly name: string;
  readonly runs: number;
  readonly violations: number;
  /** Of all threads together. */
  readonly seconds: number;
}

export interface Campaign {
  /** Runs that were begun. */
  begun(): number;
  violations(): number;
  results(): readonly SubjectResult[];
  /** Lets each thread end the run that it is at, and no other begin. */
  stop(): void;
  /** When every thread has ended. */
  readonly done: Promise<void>;
}

/** More than four bytes can count, less what threads may add behind the end. */
export const endless = 2 ** 31 - 2 ** 16;

/** Shares runs over subjects and threads. A thread that died is replaced. */
export function startCampaign(options: CampaignOptions): Campaign {
  const { names, firstSeed, jobs, script, whenFound } = options;
  const schedule = scheduleOf(names, firstSeed);
  const end = Math.min(options.runs, endless);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const counts = names.map(() => 0);
  const times = Array.from({ length: jobs }, () => sharedNumbers(names.length));
  let stoppedAt = end;

  const keep = (found: Found) => {
    const { subject, seed } = schedule.at(Math.max(0, found.index));
    counts[subject] = (counts[subject] ?? 0) + 1;
    whenFound({ subject: names[subject] ?? '', seed, message: found.message });
  };
  const runThread = async (milliseconds: Float64Array) => {
    const current = new Int32Array(new SharedArrayBuffer(4));
    const task = { names, firstSeed, end, next, current, milliseconds };
    while (await watchedWorker(script, task, keep));
  };
  const begun = () => Math.min(Atomics.load(next, 0), stoppedAt);
  return {
    begun,
    violations: () => sum(counts),
    results: () => resultsOf(schedule, begun(), counts, times),
    stop() {
      stoppedAt = Math.min(stoppedAt, Atomics.exchange(next, 0, end));
    },
    done: Promise.all(times.map(runThread)).then(() => {}),
  };
}

function resultsOf(
  schedule: Schedule,
  begun: number,
  counts: readonly number[],
  times: readonly Float64Array[],
): readonly SubjectResult[] {
  return schedule.names.map((name, subject) => ({
    name,
    runs: schedule.countOf(subject, begun),
    violations: counts[subject] ?? 0,
    seconds: sum(times.map((milliseconds) => milliseconds[subject] ?? 0)) / 1000,
  }));
}

function sharedNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
