import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterWork } from '../../src/extraction/working-time.ts';

const table: readonly {
  readonly name: string;
  readonly milliseconds: number;
  /** Of processor time, for each millisecond of the clock. */
  readonly share: number;
  readonly end: number;
}[] = [
  { name: 'with one processor, after so long', milliseconds: 1000, share: 1, end: 1000 },
  { name: 'with four processors, no sooner', milliseconds: 1000, share: 4, end: 1000 },
  { name: 'with half of one, after twice as long', milliseconds: 1000, share: 0.5, end: 2000 },
  { name: 'with next to none, after 10 times as long', milliseconds: 1000, share: 0, end: 10_000 },
  { name: 'beyond the longest timer, too', milliseconds: 2 ** 33, share: 1, end: 2 ** 33 },
];

/** The time of a clock that goes in steps of a thousandth. */
const step = (milliseconds: number) => milliseconds / 1000;

describe('a limit of time ends work', () => {
  for (const { name, milliseconds, share, end } of table)
    it(name, ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] });
      let now = 0;
      let ended: number | null = null;
      const clocks = { passed: () => now, worked: () => now * share };
      afterWork(milliseconds, () => (ended ??= now), clocks);
      while (ended === null && now < 2 * end) {
        now += step(milliseconds);
        mock.timers.tick(step(milliseconds));
      }
      assert.ok(ended !== null, 'it goes on');
      assert.ok(Math.abs(ended - end) <= 4 * step(milliseconds), `${ended}`);
    });

  it('unless it is done before', ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    let ended = false;
    const stop = afterWork(1000, () => (ended = true), { passed: () => 2000, worked: () => 2000 });
    stop();
    mock.timers.tick(2000);
    assert.equal(ended, false);
  });
});
