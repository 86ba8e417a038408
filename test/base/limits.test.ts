import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultLimits, limitSettings } from '../../src/base/limits.ts';
import { repositoryRoot } from '../support/repository.ts';

test('each limit has one setting, and a line in its document', () => {
  const settings = Object.values(limitSettings).map(({ limit }) => limit);
  assert.deepEqual(settings.toSorted(), Object.keys(defaultLimits).toSorted());
  const document = readFileSync(join(repositoryRoot, 'docs', 'limits.md'), 'utf8');
  for (const option of Object.keys(limitSettings))
    assert.ok(document.includes(`| \`--${option}\` |`), option);
});
