import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

test('a strict policy with a waiver that ended refuses diff as it refuses scan --against', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-strict-'));
  const sample = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');
  for (const release of ['a', 'b']) {
    mkdirSync(join(folder, release));
    copyFileSync(sample, join(folder, release, 'svc'));
  }
  const waiver = '{rule: relro, path: "**", reason: so, expires: 2020-01-01}';
  writeFileSync(join(folder, 'policy.yaml'), `gate: {strict-policy: true}\nwaivers: [${waiver}]\n`);
  const run = hullcheckIn(folder);
  for (const argv of [
    ['diff', 'a', 'b'],
    ['b', '--against', 'a'],
  ]) {
    const { status, stderr } = run([...argv, '--config', 'policy.yaml']);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /the waiver of relro expired on 2020-01-01 \(--strict-policy\)/);
  }
});
