import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const elf = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');

const commands: readonly (readonly string[])[] = [
  [archive],
  ...['json', 'jsonl', 'sarif', 'csv', 'html', 'markdown', 'github', 'gitlab', 'junit'].map(
    (format) => [archive, '-o', format],
  ),
  ['--version'],
  ['--help'],
  ['rules'],
  ['explain', 'pie'],
  ['profiles'],
  ['config'],
  ['inspect', elf],
];

/** Runs with one stream on the device that is always full. */
function onFullDisk(argv: readonly string[], full: 'stdout' | 'stderr' | 'both') {
  const device = openSync('/dev/full', 'w');
  const stream = (name: string) => (full === name || full === 'both' ? device : 'pipe');
  const result = spawnSync(process.execPath, [program, ...argv], {
    stdio: ['ignore', stream('stdout'), stream('stderr')],
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  closeSync(device);
  return result;
}

for (const argv of commands) {
  test(`a full disk under ${argv.at(-1)?.split('/').at(-1)} is one sentence and exit code 2`, () => {
    const { status, stderr } = onFullDisk(argv, 'stdout');
    assert.equal(stderr, 'hullcheck: cannot write to standard output: no space left on the disk\n');
    assert.equal(status, 2);
  });
}

test('where nothing can be written the exit code is what is left', () => {
  assert.equal(onFullDisk([archive], 'both').status, 2);
  assert.equal(onFullDisk([archive, '--verbose'], 'stderr').status, 1);
  assert.equal(onFullDisk([archive, '--fail-on', 'none', '--verbose'], 'stderr').status, 0);
  assert.equal(onFullDisk([join(repositoryRoot, 'missing')], 'stderr').status, 2);
});

for (const [argv, want] of [
  [[archive, '--all'], 1],
  [[archive, '-o', 'json'], 1],
  [[archive, '-o', 'html', '--fail-on', 'none'], 0],
] as const) {
  test(`a reader that takes one byte of ${argv.slice(1).join(' ')} leaves the exit code ${want}`, async () => {
    const child = spawn(process.execPath, [program, ...argv, '--no-cache'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual({ status, stderr }, { status: want, stderr: '' });
  });
}
