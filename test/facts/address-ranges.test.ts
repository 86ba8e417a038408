import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressesOf } from '../../src/facts/link-tables/address-ranges.ts';

const cases: readonly {
  readonly name: string;
  readonly input: readonly (readonly [address: bigint, size: bigint])[];
  readonly inside: readonly bigint[];
  readonly outside: readonly bigint[];
}[] = [
  { name: 'nothing', input: [], inside: [], outside: [0n, 1n] },
  { name: 'an empty range', input: [[5n, 0n]], inside: [], outside: [5n] },
  { name: 'both ends', input: [[16n, 16n]], inside: [16n, 31n], outside: [15n, 32n] },
  {
    name: 'a gap, given unsorted',
    input: [
      [64n, 8n],
      [0n, 8n],
      [32n, 8n],
    ],
    inside: [0n, 7n, 32n, 39n, 64n, 71n],
    outside: [8n, 31n, 40n, 63n, 72n],
  },
  {
    name: 'one inside another',
    input: [
      [0n, 64n],
      [8n, 8n],
      [80n, 8n],
    ],
    inside: [0n, 8n, 63n, 80n],
    outside: [64n, 79n, 88n],
  },
  {
    name: 'the end of the address space',
    input: [[0xffff_ffff_ffff_fff0n, 16n]],
    inside: [0xffff_ffff_ffff_ffffn],
    outside: [0n],
  },
];

describe('addresses of memory', () => {
  for (const { name, input, inside, outside } of cases) {
    it(name, () => {
      const holds = addressesOf(input.map(([start, size]) => ({ start, end: start + size })));
      assert.deepEqual(
        [inside.map(holds), outside.map(holds)],
        [inside.map(() => true), outside.map(() => false)],
      );
    });
  }
});
