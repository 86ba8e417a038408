// The step of action.yml. A release has its bundle; a checkout of another commit is built first: a package of its name in a
// registry could come from anyone. Nothing that is installed for it runs a script, and the lock file names every digest.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const bundle = join(here, 'dist/bundle');

process.exitCode = existsSync(join(bundle, 'action.js')) || build() ? await run() : 3;

async function run() {
  const { runAction } = await import(pathToFileURL(join(bundle, 'action.js')).href);
  return runAction({
    env: process.env,
    cwd: process.cwd(),
    scratch: process.env.RUNNER_TEMP || tmpdir(),
    node: process.execPath,
    program: join(bundle, 'cli.js'),
    write: (text) => writeAll(1, Buffer.from(text)),
    writeError: (bytes) => writeAll(2, bytes),
    onCancel: (stop) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
    },
  });
}

/** The exit code does not wait for what a stream still holds. */
function writeAll(file, bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function build() {
  console.log('hullcheck is built from the checkout of the action');
  const steps = [
    ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'],
    ['run', 'build'],
  ];
  for (const words of steps) {
    const { status, stdout, stderr } = spawnSync('npm', words, {
      cwd: here,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    if (status === 0) continue;
    // It may quote anything: no line of it is a command to the runner.
    console.log(`${stdout ?? ''}${stderr ?? ''}`.replace(/^/gm, '| ').replaceAll('##[', '# #['));
    console.log(
      '::error title=hullcheck::hullcheck cannot be built from the checkout of the action, which needs npm and its packages; use a release',
    );
    if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, 'exit-code=3\n');
    return false;
  }
  return true;
}
