#!/usr/bin/env node
import type { Output } from './commands/command.ts';
import { removeUnfinishedFiles } from './commands/output-file.ts';
import { main } from './main.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    removeUnfinishedFiles();
    // The handler is gone by now: the signal ends the process, and the shell sees that it did.
    process.kill(process.pid, signal);
  });
}

const exitCode = await main(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  env: process.env,
  cwd: process.cwd(),
  today: new Date().toISOString().slice(0, 10),
});

// All output is written. What a run that timed out left behind must not keep the process alive.
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
