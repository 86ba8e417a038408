import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { repositoryRoot } from './support/repository.ts';
import { tarHeader } from './support/tar-builder.ts';

const cli = join(import.meta.dirname, '../src/cli.js');
const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
const image = join(repositoryRoot, 'samples/images/alpine-app.oci');
/** A second, and what a busy machine may take to start and end processes. */
const mostMilliseconds = 1000;
const folder = mkdtempSync(join(tmpdir(), 'interruption-test-'));
after(() => rmSync(folder, { recursive: true }));

/** 4 million empty files in a few megabytes: it takes longer to read than these tests wait. */
function slowArchive(): string {
  const path = join(folder, 'slow.tar.gz');
  const names = Array.from({ length: 5000 }, (_, index) => tarHeader({ name: `etc/${index}` }));
  const member = gzipSync(Buffer.concat(names));
  const file = openSync(path, 'w');
  for (let part = 0; part < 800; part += 1) writeSync(file, member);
  return path;
}

const archive = slowArchive();

/** What takes a while, by the stage that it takes it in. This very Node is an ELF file of a hundred megabytes. */
const stages = {
  'while it decompresses': [archive, '--max-entries', '1000000000'],
  'while threads read a file': [process.execPath, '--all'],
};
const decompressing = stages['while it decompresses'];

function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [cli, ...words], {
    env: { PATH: process.env['PATH'], TMPDIR: folder, XDG_CACHE_HOME: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>(
    (resolve) => child.on('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, ended, errors: () => errors };
}

/** Everything below the folder but the input and whole entries of the cache. */
function leftBehind(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'slow.tar.gz' && !/^cache(\/|$)/.test(name) && !name.endsWith('.unfinished'),
  );
}

describe('a run that is stopped', { timeout: 300_000 }, () => {
  for (const [stage, words] of Object.entries(stages)) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`ends by ${signal} ${stage}, at once, and leaves nothing behind`, async () => {
        const run = start(...words, '-o', `json=${join(folder, 'report.json')}`);
        await setTimeout(1500);
        const before = Date.now();
        assert.equal(run.child.exitCode, null, 'it is still at work');
        run.child.kill(signal);
        assert.equal((await run.ended).signal, signal);
        assert.ok(Date.now() - before < mostMilliseconds, `${Date.now() - before} ms`);
        assert.deepEqual(leftBehind(), []);
      });
    }
  }

  it('ends by a signal while it writes, and leaves neither half of a file nor the file', async () => {
    const report = join(folder, 'report.json');
    // The pipe that nobody reads keeps the run between its first output and its end.
    const run = start(sample, '--all', '-o', 'html', '-o', `json=${report}`, '--no-cache');
    await setTimeout(1500);
    run.child.kill('SIGTERM');
    assert.equal((await run.ended).signal, 'SIGTERM');
    assert.deepEqual(leftBehind(), []);
  });

  for (const [stage, words] of Object.entries(stages)) {
    it(`ends with exit code 3 after --timeout ${stage}, without a report`, async () => {
      const report = `json=${join(folder, 'report.json')}`;
      const run = start(...words, '--timeout', '1s', '-q', '-o', report);
      assert.equal((await run.ended).code, 3);
      assert.equal(
        run.errors(),
        'hullcheck: stopped after 1 second, as --timeout says: no report\n',
      );
      assert.deepEqual(leftBehind(), []);
    });
  }

  it('keeps its exit code when nobody reads to the end', async () => {
    for (const [words, code] of [
      [[sample, '--all', '--no-cache'], 0],
      [[image, '--all', '--no-cache', '-o', 'json'], 1],
    ] as const) {
      const run = start(...words);
      run.child.stdout.once('data', () => run.child.stdout.destroy());
      assert.deepEqual([(await run.ended).code, run.errors()], [code, '']);
    }
  });

  it('refuses a time that is none', async () => {
    const run = start(...decompressing, '--timeout', 'soon');
    assert.equal((await run.ended).code, 2);
    assert.match(run.errors(), /--timeout is soon, expected a time such as 90s, 10m or 1h/);
  });
});
