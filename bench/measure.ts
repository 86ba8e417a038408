import { spawn } from 'node:child_process';

/** One finished process. */
export interface Run {
  readonly seconds: number;
  /** Peak resident memory of the process in MiB; null where it did not print it. */
  readonly peak: number | null;
  /** Processor time of all its threads; null where it did not print it. */
  readonly cpuSeconds: number | null;
  readonly exitCode: number | null;
  /** The end of what it printed. */
  readonly output: string;
}

/** Printed by print-peak.ts at the end of a Node process. */
const peakLine = /^peak-rss-kib (\d+)$/m;
const cpuLine = /^cpu-microseconds (\d+)$/m;
/** Characters of output that are kept. */
const mostOutput = 64 * 1024;

/** Runs a command to its end; of its output the end is kept. */
export function run(command: string, arguments_: readonly string[]): Promise<Run> {
  const start = process.hrtime.bigint();
  const child = spawn(command, arguments_, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-mostOutput);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4096);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      const peak = peakLine.exec(errors)?.[1];
      const cpu = cpuLine.exec(errors)?.[1];
      resolve({
        seconds,
        peak: peak === undefined ? null : Number(peak) / 1024,
        cpuSeconds: cpu === undefined ? null : Number(cpu) / 1e6,
        exitCode,
        output,
      });
    });
  });
}

export interface Comparison {
  readonly name: string;
  readonly ours: readonly Run[];
  readonly theirs: readonly Run[];
}

/** Ours and theirs in turn, so that a machine that slows down slows both; one unmeasured round first. */
export async function compare(
  name: string,
  ours: () => Promise<Run>,
  theirs: () => Promise<Run>,
  rounds: number,
): Promise<Comparison> {
  const found = { ours: [] as Run[], theirs: [] as Run[] };
  for (let round = 0; round <= rounds; round += 1) {
    const pair = [await ours(), await theirs()] as const;
    if (round === 0) continue;
    found.ours.push(pair[0]);
    found.theirs.push(pair[1]);
  }
  return { name, ...found };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function describe({ name, ours, theirs }: Comparison): string {
  const seconds = (runs: readonly Run[]) => median(runs.map((one) => one.seconds));
  const ratio = seconds(ours) / seconds(theirs);
  const peak = Math.max(...ours.map((one) => one.peak ?? 0));
  const memory = peak > 0 ? `, peak ${peak.toFixed(0)} MiB` : '';
  const processor = (runs: readonly Run[]) =>
    median(runs.map((one) => one.cpuSeconds ?? Number.NaN));
  const work = processor(ours) / processor(theirs);
  const effort = Number.isNaN(work)
    ? ''
    : `, processor time ${work.toFixed(2)} times (${processor(ours).toFixed(2)} s against ${processor(theirs).toFixed(2)} s)`;
  return `${name}: ${ratio.toFixed(2)} times (${seconds(ours).toFixed(2)} s against ${seconds(theirs).toFixed(2)} s${memory})${effort}`;
}
