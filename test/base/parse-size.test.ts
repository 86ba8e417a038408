import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { parseSize } from '../../src/base/parse-size.ts';

test('sizes are read as people write them', () => {
  const table = {
    '1': 1,
    '4096': 4096,
    '1K': 1024,
    '512M': 512 * 1024 ** 2,
    '2g': 2 * 1024 ** 3,
    '1.5GiB': 1.5 * 1024 ** 3,
    '3MB': 3 * 1024 ** 2,
    '1T': 1024 ** 4,
  };
  for (const [text, want] of Object.entries(table))
    assert.equal(parseSize('--max-size', text), want, text);
});

test('everything else is refused', () => {
  for (const text of [
    '',
    '0',
    '-1',
    'M',
    '1X',
    '1 M',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    `${'9'.repeat(15)}T`,
    '0.0001',
  ]) {
    assert.throws(() => parseSize('--max-size', text), UsageError, text);
  }
});
