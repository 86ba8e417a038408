import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scheduleOf } from '../../fuzz/schedule.ts';
import { shares } from '../../fuzz/shares.ts';
import { subjects } from '../../fuzz/subjects.ts';

const names = subjects.map(({ name }) => name);
const million = 1_000_000;

describe('the schedule of the fuzzer', () => {
  const schedule = scheduleOf(names, 500);
  const countOf = (name: string, runs: number) => schedule.countOf(names.indexOf(name), runs);

  it('has a share for every subject, and for nothing else', () => {
    assert.deepEqual(Object.keys(shares).sort(), [...names].sort());
    assert.throws(() => scheduleOf(['nobody'], 1), /nobody has no share/);
  });

  it('gives no subject less than 10,000 of a million runs, and ELF the most', () => {
    for (const name of names) assert.ok(countOf(name, million) >= 10_000, name);
    assert.ok(countOf('elf', million) >= 150_000);
    assert.deepEqual(Math.max(...Object.values(shares)), shares['elf']);
  });

  it('counts every run once', () => {
    for (const runs of [0, 1, 7, 159, 160, 161, million]) {
      const counts = names.map((name) => countOf(name, runs));
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        runs,
      );
    }
  });

  it('gives each subject seeds that follow one another from the first', () => {
    const next = names.map(() => 500);
    for (let index = 0; index < 1000; index += 1) {
      const { subject, seed } = schedule.at(index);
      assert.equal(seed, next[subject]);
      next[subject] = seed + 1;
    }
  });

  it('is in proportion wherever it is stopped', () => {
    for (const runs of [100, 333, 1000, 5050]) {
      const want = (runs * countOf('elf', million)) / million;
      assert.ok(Math.abs(countOf('elf', runs) - want) <= 1.5, `${runs}`);
    }
  });
});
