import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from './support/repository.ts';

test('README of test/support names every file there is, and no other', () => {
  const folder = join(repositoryRoot, 'test/support');
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const named = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, name]) => name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(ts|py)$/.test(name),
  );
  assert.deepEqual(named.sort(), files.sort());
});
