#!/usr/bin/env node
import { constants } from 'node:os';
import { removeUnfinishedFiles, watchUnfinishedFiles } from './base/unfinished-files.ts';
import { enableCompileCache } from './cli/compile-cache.ts';
import { main } from './cli/main.ts';
import type { Output } from './commands/command.ts';
import { standardOutput } from './commands/output/standard-output.ts';
import { expectScan } from './extraction/v8-flags.ts';

expectScan();

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Signals do not end the first process of a container unless it handles them.
if (process.pid === 1) for (const signal of signals) process.on(signal, exit);

watchUnfinishedFiles({
  begin: () => {
    for (const signal of signals) process.on(signal, stop);
  },
  end: () => {
    for (const signal of signals) process.off(signal, stop);
  },
});

/** Removes the handlers and sends the signal again, so that the shell sees which signal ended the process. */
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

// All output is written. A run that timed out must not keep the process alive or leave files behind.
removeUnfinishedFiles();
process.exit(exitCode);

/** If standard error cannot be written to, only the exit code reports the failure. */
function silent(output: Output): Output {
  return { ...output, write: (text) => output.write(text).catch(() => {}) };
}
