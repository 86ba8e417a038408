import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Log } from 'sarif';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-sarif-'));

function sarif(...options: readonly string[]): Log {
  const argv = [program, archive, '--baseline', 'baseline.json', '-o', 'sarif', ...options];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

test('--sarif-suppressions brings back what the baseline took away, marked so', () => {
  const first = spawnSync(
    process.execPath,
    [
      program,
      archive,
      '--baseline',
      'baseline.json',
      '--update-baseline',
      '-o',
      'sarif=first.sarif',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  assert.notEqual(first.status, 2, first.stderr);
  assert.deepEqual(sarif().runs[0]?.results, []);
  const results = sarif('--sarif-suppressions').runs[0]?.results ?? [];
  assert.ok(results.length > 10);
  for (const { baselineState, kind } of results)
    assert.deepEqual({ baselineState, kind }, { baselineState: 'unchanged', kind: 'fail' });
});

test('--sarif-location points every alert at one line', () => {
  const results = sarif('--sarif-location', 'Dockerfile:3', '--sarif-suppressions').runs[0]
    ?.results;
  for (const { locations } of results ?? []) {
    const place = locations?.[0]?.physicalLocation;
    assert.equal(place?.artifactLocation?.uri, 'Dockerfile');
    assert.equal(place?.region?.startLine, 3);
  }
});
