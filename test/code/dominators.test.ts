import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dominatorsOfEnd } from '../../src/code/processor/dominators.ts';

const cases: readonly {
  readonly name: string;
  readonly next: readonly (readonly number[])[];
  readonly ends: readonly number[];
  readonly want: readonly number[];
}[] = [
  { name: 'a straight path', next: [[1], [2], []], ends: [2], want: [0, 1, 2] },
  { name: 'two branches that meet', next: [[1, 2], [3], [3], []], ends: [3], want: [0, 3] },
  { name: 'an early return', next: [[1, 2], [], [3], []], ends: [1, 3], want: [0] },
  { name: 'a loop', next: [[1], [2], [1, 3], []], ends: [3], want: [0, 1, 2, 3] },
  {
    name: 'a loop that may be passed over',
    next: [[1, 3], [2], [1, 3], []],
    ends: [3],
    want: [0, 3],
  },
  { name: 'no end', next: [[1], [0]], ends: [], want: [] },
  { name: 'a path that ends in its first node too', next: [[1], []], ends: [0, 1], want: [0] },
];

describe('nodes on every path to an end', () => {
  for (const { name, next, ends, want } of cases) {
    it(name, () => {
      const isEnd = next.map((_, index) => ends.includes(index));
      assert.deepEqual(dominatorsOfEnd(next, isEnd), want);
    });
  }

  it('takes bounded time for a tangle', () => {
    const size = 4000;
    const next = Array.from({ length: size }, (_, index) => [
      (index + 1) % size,
      (index * 7919 + 13) % size,
      size - 1 - index,
    ]);
    const started = process.cpuUsage();
    dominatorsOfEnd(
      next,
      next.map((_, index) => index === size - 1),
    );
    const { user } = process.cpuUsage(started);
    assert.ok(user < 20_000_000, `${user} µs`);
  });
});
