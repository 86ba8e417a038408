import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const saved = readFileSync(archive);

function hullcheck(argv: readonly string[], input: Buffer) {
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    env: { PATH },
    input,
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr };
}

/** The last line of a scan of the archive as a file. */
const counted = /^GATE BROKEN: 7 findings of severity high or above in 3 of your 8 binaries/m;

describe('standard input', () => {
  for (const argv of [
    ['-'],
    ['scan', '-'],
    ['scan', '-', '-q'],
    ['-', '-q'],
    ['-q', '-'],
    ['-q', 'scan', '-'],
    ['scan', '-', '--fail-on', 'high'],
    ['--fail-on=high', '-'],
    ['scan', '--', '-'],
    ['--', '-'],
    ['docker-archive:-'],
    ['-:sample/alpine-app:1.0'],
    ['scan', '-q', '-:sample/alpine-app:1.0'],
  ])
    it(`is scanned: hullcheck ${argv.join(' ')}`, () => {
      const { status, stdout, stderr } = hullcheck(argv, saved);
      assert.equal(status, 1, stderr);
      assert.match(stdout, counted);
    });

  it('may be compressed', () => {
    assert.match(hullcheck(['scan', '-'], gzipSync(saved, { level: 1 })).stdout, counted);
  });

  it('may be an option of another command, or a side of a comparison', () => {
    assert.match(hullcheck(['diff', archive, '-'], saved).stdout, /^NOTHING WORSE/m);
    assert.match(hullcheck(['diff', '-', archive], saved).stdout, /^NOTHING WORSE/m);
    assert.match(hullcheck([archive, '--against', '-'], saved).stdout, /^GATE HOLDS: no verdict/m);
    assert.match(hullcheck(['--input-list', '-'], Buffer.from(`${archive}\n`)).stdout, counted);
    const inspected = hullcheck(['inspect', '-', '/usr/local/bin/server'], saved);
    assert.equal(inspected.status, 0, inspected.stderr);
  });

  for (const argv of [
    ['-', '-'],
    ['scan', '-', 'docker-archive:-'],
    ['-', '--input-list', '-'],
    ['-', '--against', '-'],
    ['diff', '-', '-'],
  ])
    it(`is read once: hullcheck ${argv.join(' ')}`, () => {
      const { status, stderr } = hullcheck(argv, saved);
      assert.equal(status, 2);
      assert.match(
        stderr,
        /^hullcheck: standard input can be read once, and it is named 2 times: \S+ \S+\n$/,
      );
    });

  it('is named with its dash in messages', () => {
    assert.match(hullcheck(['-', '--nonsense'], saved).stderr, /there is no option/);
    const { status, stderr } = hullcheck(['-'], Buffer.from('hello'));
    assert.equal(status, 2);
    assert.match(stderr, /^hullcheck: - is a text or of an unknown format: expected /);
  });
});
