import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthWithin } from '../../src/archive/compression/growth.ts';
import { LimitExceeded } from '../../src/base/errors.ts';
import { piecesOf } from '../support/archives/walks.ts';

const gibibyte = 1024 ** 3;

test('a stream may grow as it likes up to 1 GiB, and then 200 times', async () => {
  for (const { stored, content, isBomb } of [
    { stored: 1, content: gibibyte, isBomb: false },
    { stored: 1, content: gibibyte + 1, isBomb: true },
    { stored: gibibyte / 100, content: gibibyte + 1, isBomb: false },
    { stored: gibibyte / 100, content: 3 * gibibyte, isBomb: true },
  ]) {
    const growth = growthWithin({ maxRatio: 200 });
    for await (const _ of growth.counted(piecesOf(Buffer.alloc(stored), gibibyte)));
    if (isBomb) assert.throws(() => growth.add(content), LimitExceeded);
    else growth.add(content);
  }
});
