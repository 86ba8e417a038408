import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownNames } from '../../src/facts/stack/known-names.ts';

test('names are known whole, whatever others look like', () => {
  const known = knownNames(['gets', '', 'ключ', 'a'.repeat(300)]);
  for (const name of ['gets', '', 'ключ', 'a'.repeat(300)]) assert.ok(known.has(name), name);
  for (const name of ['puts', 'get', 'ключи', 'а', 'a'.repeat(44), 'a'])
    assert.ok(!known.has(name), name);
});
