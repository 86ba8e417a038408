#!/usr/bin/env node
import { constants } from 'node:os';
import type { Output } from './commands/command.ts';
import { standardOutput } from './commands/standard-output.ts';
import { enableCompileCache } from './compile-cache.ts';
import { expectScan } from './engine.ts';
import { main } from './main.ts';
import { removeUnfinishedFiles, watchUnfinishedFiles } from './unfinished-files.ts';

expectScan();

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// The first process of a container is not ended by a signal that it does not handle.
if (process.pid === 1) for (const signal of signals) process.on(signal, exit);

watchUnfinishedFiles({
  begin: () => {
    for (const signal of signals) process.on(signal, stop);
  },
  end: () => {
    for (const signal of signals) process.off(signal, stop);
  },
});

/** Without a handler the signal ends the process, and the shell sees that it did. */
function stop(signal: NodeJS.Signals): void {
  removeUnfinishedFiles();
  for (const each of signals) process.off(each, stop);
  process.kill(process.pid, signal);
}

function exit(signal: NodeJS.Signals): void {
  removeUnfinishedFiles();
  process.exit(128 + constants.signals[signal]);
}

if (!process.argv.includes('--no-cache')) enableCompileCache(process.env);
const exitCode = await main(process.argv.slice(2), {
  stdout: standardOutput(process.stdout, 'standard output'),
  stderr: silent(standardOutput(process.stderr, 'standard error')),
  env: process.env,
  cwd: process.cwd(),
  today: new Date().toISOString().slice(0, 10),
});

// All output is written. What a run that timed out left behind must neither keep the process alive nor stay.
removeUnfinishedFiles();
process.exit(exitCode);

/** Where complaints cannot be written there is nobody to complain to: the exit code is what is left. */
function silent(output: Output): Output {
  return { ...output, write: (text) => output.write(text).catch(() => {}) };
}
