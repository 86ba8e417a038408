import { spawn } from 'node:child_process';
import type { Inputs } from './action-arguments.ts';

/** What of a step the program needs. */
export interface Place {
  readonly env: Inputs;
  readonly cwd: string;
  readonly node: string;
  readonly program: string;
  writeError(bytes: Uint8Array): void;
  onCancel(stop: () => void): void;
}

export interface Running {
  /** For its environment, in addition. */
  readonly env: Readonly<Record<string, string>>;
  /** After which it is ended; null: never. */
  readonly seconds: number | null;
}

export interface Ended {
  readonly exitCode: number;
  /** Why there is no answer of the gate, as one sentence; null: there is one. */
  readonly because: string | null;
}

/** Its standard output is that of the step. */
export function runProgram(place: Place, words: readonly string[], running: Running) {
  return new Promise<Ended>((settle) => {
    const child = spawn(place.node, [place.program, ...words], {
      cwd: place.cwd,
      env: { ...withoutInputs(place.env), ...running.env },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        child.kill();
        // A program that handles the first signal has time to remove what it wrote.
        setTimeout(() => child.kill('SIGKILL'), 5000).unref();
      },
      (running.seconds ?? 0) * 1000,
    );
    if (running.seconds === null) clearTimeout(timer);
    place.onCancel(() => void child.kill());
    let complaints = '';
    child.stderr.on('data', (bytes: Buffer) => {
      if (complaints.length < mostComplaints) complaints += bytes.toString('utf8');
      place.writeError(bytes);
    });
    const end = (ended: Ended) => {
      clearTimeout(timer);
      settle(ended);
    };
    child.on('error', ({ message }) =>
      end(undecided(`hullcheck could not be started: ${message}`)),
    );
    child.on('close', (code, signal) => {
      if (isLate) end(undecided(`hullcheck was ended after ${running.seconds} s, its timeout`));
      else if (code === null) end(undecided(`hullcheck was ended by ${signal}`));
      else end(endOf(code, complaintIn(complaints)));
    });
  });
}

/** Enough for what it says first. */
const mostComplaints = 16_384;

const gateAnswers: ReadonlySet<number> = new Set([0, 1]);
/** A mistake in what it was given, a gate that is undecided, a bug. */
const ownCodes: ReadonlySet<number> = new Set([2, 3, 70]);

function endOf(exitCode: number, complaint: string | null): Ended {
  if (gateAnswers.has(exitCode)) return { exitCode, because: null };
  if (!ownCodes.has(exitCode)) return undecided(`hullcheck could not run: exit code ${exitCode}`);
  // A report says itself why a gate is undecided.
  return { exitCode, because: complaint ?? (exitCode === 3 ? null : 'see the log of this step') };
}

function undecided(because: string): Ended {
  return { exitCode: 3, because };
}

function complaintIn(text: string): string | null {
  return /^hullcheck: (.+)$/m.exec(text)?.[1] ?? null;
}

/** Secrets among the inputs are for this step only. */
function withoutInputs(env: Inputs): Inputs {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')));
}
