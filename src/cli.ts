#!/usr/bin/env node
import { constants } from 'node:os';
import type { Output } from './commands/command.ts';
import { enableCompileCache } from './compile-cache.ts';
import { main } from './main.ts';
import { removeUnfinishedFiles, watchUnfinishedFiles } from './unfinished-files.ts';

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
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  env: process.env,
  cwd: process.cwd(),
  today: new Date().toISOString().slice(0, 10),
});

// All output is written. What a run that timed out left behind must neither keep the process alive nor stay.
removeUnfinishedFiles();
process.exit(exitCode);

function output(stream: NodeJS.WriteStream): Output {
  // Without a listener a closed pipe would end the process before its exit code is known.
  stream.on('error', () => {});
  return {
    isTty: stream.isTTY === true,
    columns: stream.columns || 80,
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error && !isClosedPipe(error) ? reject(error) : resolve()));
      }),
  };
}

/** The reader has seen enough (`| head`). */
function isClosedPipe(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
