import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { removeUnfinishedFiles } from '../../src/base/unfinished-files.ts';
import { writeOutputFile } from '../../src/commands/output/output-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-output-'));

test('a file is replaced whole', async () => {
  const path = join(folder, 'replaced');
  writeFileSync(path, 'old');
  await writeOutputFile(path, ['new', ' ', 'x'.repeat(200_000)]);
  assert.equal(readFileSync(path, 'utf8'), `new ${'x'.repeat(200_000)}`);
});

test('a rendering that throws leaves the old file and nothing else', async () => {
  const path = join(folder, 'kept');
  writeFileSync(path, 'old');
  function* broken(): Generator<string> {
    yield 'x'.repeat(100_000);
    throw new Error('in the middle');
  }
  await assert.rejects(writeOutputFile(path, broken()), /in the middle/);
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('kept')),
    ['kept'],
  );
});

test('a place that cannot be written is a usage error', async () => {
  await assert.rejects(writeOutputFile(join(folder, 'no', 'such', 'file'), ['x']), UsageError);
});

test('a run that is interrupted leaves nothing behind', async () => {
  function* interrupted(): Generator<string> {
    yield 'x'.repeat(100_000);
    assert.equal(readdirSync(folder).filter((name) => name.startsWith('interrupted')).length, 1);
    removeUnfinishedFiles();
    assert.equal(readdirSync(folder).filter((name) => name.startsWith('interrupted')).length, 0);
    throw new Error('the signal ends the run here');
  }
  await assert.rejects(writeOutputFile(join(folder, 'interrupted'), interrupted()));
});

test('what is not a regular file is written to and not replaced, and a link keeps leading to its file', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [read] = await Promise.all([readFile(pipe, 'utf8'), writeOutputFile(pipe, ['through'])]);
  assert.equal(read, 'through');
  assert.ok(lstatSync(pipe).isFIFO());
  const link = join(folder, 'link');
  writeFileSync(join(folder, 'real'), 'old');
  symlinkSync('real', link);
  await writeOutputFile(link, ['new']);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(join(folder, 'real'), 'utf8'), 'new');
});

test('a full disk is named in plain words', async () => {
  const wanted = { message: 'cannot write /dev/full: no space left on the disk' };
  await assert.rejects(writeOutputFile('/dev/full', ['x']), wanted);
});
