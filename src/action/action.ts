import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { type ActionFiles, argumentsOf, type Inputs, reportsIn } from './action-arguments.ts';
import { logIn } from './registry-login.ts';
import { type Ended, runProgram } from './run-program.ts';

/** What the step of action.yml runs in. */
export interface Step {
  readonly env: Inputs;
  readonly cwd: string;
  /** For files that nobody needs afterwards. */
  readonly scratch: string;
  /** The file of Node.js, and that of the program. */
  readonly node: string;
  readonly program: string;
  /** To the log of the step. */
  write(text: string): void;
  /** Standard error of the program. */
  writeError(bytes: Uint8Array): void;
  /** Called when the job is cancelled. */
  onCancel(stop: () => void): void;
}

const exitCodes = { usage: 2, undecided: 3 } as const;

/** One scan or comparison, its SARIF and its job summary. Returns the exit code of the step. */
export async function runAction(step: Step): Promise<number> {
  const inputs = inputsOf(step.env);
  const scratch = mkdtempSync(join(step.scratch, 'hullcheck-'));
  const files = {
    summary: join(scratch, 'summary.md'),
    annotations: join(scratch, 'annotations'),
  };
  try {
    return await scan(step, inputs, files);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail(step, exitCodes.usage, error.message);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function scan(step: Step, inputs: Inputs, files: ActionFiles): Promise<number> {
  const words = argumentsOf(inputs, files);
  const seconds = secondsOf(inputs['timeout']?.trim() ?? '');
  const reports = reportsIn(words).filter(([, file]) => !file.startsWith(dirname(files.summary)));
  const before = new Map(reports.map(([, file]) => [file, prepare(step, file)]));
  const login = logIn(inputs, step.env, step.scratch);
  if (login.secret !== null) step.write(`::add-mask::${escapeData(login.secret)}\n`);
  const token = randomBytes(16).toString('hex');
  // What is printed until the word comes again can be a text of the image: the runner takes no command from it, since
  // nobody can guess the word.
  step.write(`::stop-commands::${token}\n`);
  let ended: Ended;
  try {
    ended = await runProgram(step, words, { env: login.env, seconds });
  } finally {
    login.end();
    step.write(`\n::${token}::\n`);
  }
  annotate(step, files.annotations);
  for (const [format, file] of reports.toReversed())
    if (isNew(before.get(file) ?? null, statOf(step, file))) put(step, format, file);
  const summary = readIfThere(files.summary);
  const summaryFile = step.env['GITHUB_STEP_SUMMARY'];
  if (inputs['summary'] !== 'false' && summaryFile) appendFileSync(summaryFile, summary);
  if (ended.because !== null) return fail(step, ended.exitCode, ended.because);
  // Node.js itself ends with 1 where a program cannot be loaded.
  if (summary === '' && ended.exitCode !== exitCodes.undecided)
    return fail(step, exitCodes.undecided, 'hullcheck could not run: it wrote no report');
  put(step, 'exit-code', String(ended.exitCode));
  return ended.exitCode;
}

/** The runner writes the names of inputs in capitals, behind a word. */
function inputsOf(env: Inputs): Inputs {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => name.startsWith('INPUT_'))
      .map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value]),
  );
}

/** `90s`, `10m` or `1h`; null: there is no limit. */
function secondsOf(timeout: string): number | null {
  if (timeout === '') return null;
  const [, count, unit] = /^(\d{1,5})([smh])$/.exec(timeout) ?? [];
  if (count === undefined || Number(count) === 0)
    throw new UsageError(`timeout is ${timeout}, expected a time like 90s, 10m or 1h`);
  return Number(count) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
}

/** Makes the folder of a report. Returns what lies at its place; SARIF of an earlier run is not this one's, and is removed. */
function prepare(step: Step, file: string): Stats | null {
  const path = resolve(step.cwd, file);
  try {
    makeFolder(dirname(path));
    if (path.endsWith('.sarif')) rmSync(path, { force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be written: ${reason}`);
  }
  return statOf(step, file);
}

/** In place of `recursive`, with which Node does not end where a file system like /proc has no such folder. */
function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.push(at);
  for (const each of missing.toReversed()) mkdirSync(each);
}

function statOf(step: Step, file: string): Stats | null {
  return statSync(resolve(step.cwd, file), { throwIfNoEntry: false }) ?? null;
}

function isNew(before: Stats | null, after: Stats | null): boolean {
  if (after === null) return false;
  return before === null || before.ino !== after.ino || before.mtimeMs !== after.mtimeMs;
}

/** Only lines that the format writes itself. */
function annotate(step: Step, file: string): void {
  for (const line of readIfThere(file).split('\n'))
    if (/^::(?:error|warning|notice) /.test(line)) step.write(`${line}\n`);
}

function readIfThere(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(file, 'utf8');
}

function fail(step: Step, exitCode: number, message: string): number {
  step.write(`::error title=hullcheck::${escapeData(message)}\n`);
  put(step, 'exit-code', String(exitCode));
  return exitCode;
}

/** actions/toolkit, command.ts. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** An output of the step. No line of an input has a line break, so none of the values has. */
function put({ env }: Step, name: string, value: string): void {
  const file = env['GITHUB_OUTPUT'];
  if (file) appendFileSync(file, `${name}=${value}\n`);
}
