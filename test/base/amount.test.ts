import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed } from '../../src/base/amount.ts';
import { worst } from '../../src/base/verdict.ts';

const lists: readonly (readonly [readonly string[], number, string])[] = [
  [[], 3, ''],
  [['a'], 3, 'a'],
  [['a', 'b'], 3, 'a and b'],
  [['a', 'b', 'c'], 3, 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e'], 3, 'a, b, c and 2 more'],
  [['a', 'b'], 1, 'a and 1 more'],
];

for (const [names, most, text] of lists) {
  test(`${names.length} names, of which ${most} may be named, read "${text}"`, () => {
    assert.equal(listed(names, most), text);
  });
}

test('the worst of several is the first of the most severe', () => {
  const all = [
    { severity: 'low', n: 1 },
    { severity: 'high', n: 2 },
    { severity: 'high', n: 3 },
  ] as const;
  assert.equal(worst(all)?.n, 2);
});

test('what has no severity weighs as much as its rule', () => {
  const all = [{ n: 1, severity: 'medium' as const }, { n: 2 }];
  assert.equal(worst(all, 'high')?.n, 2);
  assert.equal(worst(all, 'low')?.n, 1);
});

test('there is no worst of nothing', () => {
  assert.equal(worst([]), undefined);
});
