import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const page = readFileSync(join(repositoryRoot, 'docs/plugins.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'plugin-docs-'));
after(() => rmSync(folder, { recursive: true }));

test('the steps of docs/plugins.md lead to a finding', () => {
  for (const [, name = '', text = ''] of page.matchAll(
    /^ +```\w+ example=(\S+)\n(.*?)^ +```$/gms,
  )) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text.replace(/^ {3}/gm, ''));
  }
  for (const name of ['.git', 'build']) mkdirSync(join(folder, name));
  const samples = { app: 'pie-hardened', 'old-app': 'pie-needed-relative' };
  for (const [name, sample] of Object.entries(samples))
    copyFileSync(
      join(repositoryRoot, `samples/elf/x86_64-glibc-gcc-${sample}`),
      join(folder, 'build', name),
    );
  const hullcheck = hullcheckIn(folder);
  const tested = hullcheck(['rules', 'test']);
  assert.equal(tested.status, 0, tested.stdout + tested.stderr);
  assert.match(tested.stdout, /2 samples, all right/);
  const { status, stdout } = hullcheck(['build/old-app', '--rule', 'acme/no-compat']);
  assert.equal(status, 1);
  assert.match(stdout, /acme\/no-compat: it needs/);
});
