import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarHeader } from '../support/archives/tar-builder.ts';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
const samples = join(repositoryRoot, 'samples/elf');
const image = join(repositoryRoot, 'samples/images/alpine-app.oci');
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

/** This very Node, an ELF file of a hundred megabytes, four times: each is another file by one byte. */
function slowPrograms(): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  for (let copy = 0; copy < 4; copy += 1) {
    const path = join(programs, `node-${copy}`);
    copyFileSync(process.execPath, path);
    chmodSync(path, 0o755);
    appendFileSync(path, 'x'.repeat(copy));
  }
  return programs;
}

/** What takes seconds, by the stage that it takes them in; `prints` is what it prints when it is there. */
const stages = {
  'while it decompresses': {
    words: [slowArchive(), '--max-entries', '1000000000'],
    prints: /opening/,
  },
  'while threads read files': { words: [`dir:${slowPrograms()}`, '--all'], prints: /1 ELF file/ },
};
const decompressing = stages['while it decompresses'];

function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [program, ...words], {
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
  /** Resolves when it has said so on standard error. */
  const prints = async (what: RegExp) => {
    while (!what.test(errors)) {
      const more = await Promise.race([once(child.stderr, 'data'), ended]);
      if ('code' in more) throw new Error(`it ended and said: ${errors}`);
    }
  };
  return { child, ended, errors: () => errors, prints };
}

/** Everything below the folder but the inputs and whole entries of the cache. */
function leftBehind(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/^(slow\.tar\.gz|programs|cache)(\/|$)/.test(name),
  );
}

describe('a run that is stopped', { timeout: 900_000 }, () => {
  for (const [stage, { words, prints }] of Object.entries(stages)) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`ends by ${signal} ${stage}, before its work is done, and leaves nothing behind`, async () => {
        const run = start(...words, '--verbose', '-o', `json=${join(folder, 'report.json')}`);
        await run.prints(prints);
        assert.equal(run.child.exitCode, null, 'it is still at work');
        run.child.kill(signal);
        assert.equal((await run.ended).signal, signal);
        assert.deepEqual(leftBehind(), []);
      });
    }
  }

  it('ends by a signal while it writes, and leaves neither half of a file nor the file', async () => {
    const report = join(folder, 'report.json');
    // Megabytes in a pipe that nobody reads keep the run between its first output and its end.
    const run = start(samples, '-o', 'jsonl', '-o', `json=${report}`, '--no-cache', '--verbose');
    await once(run.child.stdout, 'readable');
    run.child.kill('SIGTERM');
    assert.equal((await run.ended).signal, 'SIGTERM');
    assert.deepEqual(leftBehind(), []);
  });

  for (const [stage, { words }] of Object.entries(stages)) {
    it(`ends with exit code 3 after --timeout ${stage}, without a report`, async () => {
      const report = `json=${join(folder, 'report.json')}`;
      const run = start(...words, '--timeout', '1s', '-q', '-o', report);
      assert.equal((await run.ended).code, 3);
      assert.equal(
        run.errors(),
        'hullcheck: stopped after 1 second (--timeout); no report was written\n',
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

  it('refuses what is not a time', async () => {
    const run = start(...decompressing.words, '--timeout', 'soon');
    assert.equal((await run.ended).code, 2);
    assert.match(run.errors(), /--timeout is soon, expected a time such as 90s, 10m or 1h/);
  });
});
