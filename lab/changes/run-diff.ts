import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { main } from '../../src/cli/main.ts';
import type { Output, Surroundings } from '../../src/commands/command.ts';
import { judgedOf } from '../../src/report/all-judged.ts';
import type { Report } from '../../src/report/report.ts';

/** What a comparison lists, by list: `worse`, `better`, `neutral`, `unseen` ... */
export interface Answer {
  readonly exitCode: number;
  /** `rule` of each entry, sorted, each once. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** Paths by list: `added`, `removed`, `changed`. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly causes: readonly LostBy[];
  readonly message: string;
}

/** Why something is worse. */
export interface LostBy {
  readonly rule: string;
  /** The option that was lost; null: none is named. */
  readonly flag: string | null;
}

/** Of `worse` and others; a list that a comparison does not have is empty. */
export const verdictLists = ['worse', 'better', 'neutral', 'unseen', 'byPolicy'] as const;
const fileLists = ['added', 'removed', 'changed'] as const;

/** Compares two images or reports by the command, in this process. `scratch` is a folder for what it writes. */
export async function runDiff(old: string, fresh: string, scratch: string): Promise<Answer> {
  const file = join(scratch, 'difference.json');
  const { exitCode, message } = await run(
    ['diff', old, fresh, '--no-cache', '--jobs', '1', '-o', `json=${file}`],
    scratch,
  );
  if (exitCode !== 0 && exitCode !== 1)
    return { exitCode, message, rules: new Map(), files: new Map(), causes: [] };
  // What the command wrote just now.
  const document = JSON.parse(readFileSync(file, 'utf8')) as Readonly<
    Record<string, readonly { readonly rule: string; readonly path: string }[] | undefined>
  > & { readonly causes: readonly LostBy[] };
  const distinct = (list: string, key: 'rule' | 'path') =>
    [...new Set((document[list] ?? []).map((entry) => entry[key]))].toSorted();
  return {
    exitCode,
    message,
    causes: document.causes,
    rules: new Map(verdictLists.map((list) => [list, distinct(list, 'rule')])),
    files: new Map(fileLists.map((list) => [list, distinct(list, 'path')])),
  };
}

/** How a scan of the new image stands to the old one, or to its report: its exit code, and the rules that got worse. */
export interface Standing {
  readonly exitCode: number;
  readonly worse: readonly string[];
  readonly message: string;
}

/** By `scan --against`, in this process. */
export async function runAgainst(old: string, fresh: string, scratch: string): Promise<Standing> {
  const file = join(scratch, 'against.json');
  const words = ['--no-cache', '--jobs', '1', '-q', '-o', `json=${file}`];
  const { exitCode, message } = await run(['scan', fresh, '--against', old, ...words], scratch);
  if (exitCode !== 0 && exitCode !== 1) return { exitCode, message, worse: [] };
  // What the command wrote just now.
  const { targets } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const worse = targets
    .flatMap(judgedOf)
    .flatMap(({ verdicts }) => verdicts.filter(({ stands }) => stands?.is === 'worse'));
  return { exitCode, message, worse: [...new Set(worse.map(({ rule }) => rule))].toSorted() };
}

/** A saved report of an image, as `scan -o json` writes it. */
export async function saveReport(image: string, file: string, scratch: string): Promise<void> {
  const words = ['scan', image, '--no-cache', '--jobs', '1', '-q', '-o', `json=${file}`];
  const { exitCode, message } = await run(words, scratch);
  if (exitCode !== 0 && exitCode !== 1 && exitCode !== 3)
    throw new Error(`${image} was not scanned: exit code ${exitCode}: ${message}`);
}

async function run(words: readonly string[], cwd: string) {
  const said: string[] = [];
  const output: Output = {
    write: async (text) => void said.push(text.toString()),
    isTty: false,
    columns: 100,
  };
  const { PATH } = env;
  const surroundings: Surroundings = {
    stdout: output,
    stderr: output,
    env: { PATH },
    cwd,
    today: new Date().toISOString().slice(0, 10),
  };
  const exitCode = await main(words, surroundings);
  return { exitCode, message: said.join('').trim() };
}
