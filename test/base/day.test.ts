import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayAfter, daysBetween, isDay } from '../../src/base/day.ts';

test('a day is of the calendar, and written in one way', () => {
  for (const day of ['2027-01-31', '2028-02-29', '0001-01-01', '9999-12-31'])
    assert.equal(isDay(day), true, day);
  for (const other of [
    '2027-02-29',
    '2027-02-30',
    '2027-13-01',
    '2027-1-1',
    '2027-01',
    '2027-01-31T00:00:00Z',
    '-000001-01',
    ' 2027-01-31',
    '',
  ])
    assert.equal(isDay(other), false, other);
});

test('days between two days lead from one to the other, over ends of months and years', () => {
  for (const [from, days, to] of [
    ['2026-11-30', 1, '2026-12-01'],
    ['2026-11-30', 32, '2027-01-01'],
    ['2028-02-28', 2, '2028-03-01'],
    ['2026-11-30', 0, '2026-11-30'],
    ['2026-11-30', -1, '2026-11-29'],
  ] as const) {
    assert.equal(dayAfter(from, days), to);
    assert.equal(daysBetween(from, to), days);
  }
});
