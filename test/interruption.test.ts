import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { tarHeader } from './support/tar-builder.ts';

const cli = join(import.meta.dirname, '../src/cli.js');
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

function start(...words: string[]) {
  const child = spawn(process.execPath, [cli, archive, '--max-entries', '1000000000', ...words], {
    env: { PATH: process.env['PATH'], TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  child.stdout.resume();
  const ended = new Promise<{ readonly code: number | null; readonly signal: string | null }>(
    (resolve) => child.on('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, ended, errors: () => errors };
}

describe('a run that is stopped', { timeout: 60_000 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends by ${signal} at once, and leaves nothing behind`, async () => {
      const run = start('-o', `json=${join(folder, 'report.json')}`);
      await setTimeout(1500);
      const before = Date.now();
      run.child.kill(signal);
      assert.equal((await run.ended).signal, signal);
      assert.ok(Date.now() - before < 1000, 'it ends within a second');
      assert.deepEqual(readdirSync(folder), ['slow.tar.gz']);
    });
  }

  it('ends with exit code 3 after --timeout, without a report', async () => {
    const run = start('--timeout', '2s', '-q', '-o', `json=${join(folder, 'report.json')}`);
    assert.equal((await run.ended).code, 3);
    assert.equal(
      run.errors(),
      'hullcheck: stopped after 2 seconds, as --timeout says: no report\n',
    );
    assert.deepEqual(readdirSync(folder), ['slow.tar.gz']);
  });

  it('refuses a time that is none', async () => {
    const run = start('--timeout', 'soon');
    assert.equal((await run.ended).code, 2);
    assert.match(run.errors(), /--timeout is soon, expected a time such as 90s, 10m or 1h/);
  });
});
