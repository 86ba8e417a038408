import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lightOf } from '../../src/policy/got-worse.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

const cases: readonly { name: string; input: JudgedVerdict; want: string }[] = [
  {
    name: 'a verdict as before is not worse',
    input: verdict({ rule: 'relro', stands: { is: 'as before' } }),
    want: 'no verdict got worse than in app 1.0',
  },
  {
    name: 'one on a file of both that does not count is said',
    input: verdict({ rule: 'relro', stands: { is: 'worse', was: 'pass' } }),
    want: 'no verdict that counts got worse than in app 1.0, but 1 other did',
  },
  {
    name: 'one on a new file that does not count is said',
    input: verdict({ rule: 'relro', outcome: 'unknown', worseBy: 0 }),
    want: 'no verdict that counts got worse than in app 1.0, but 1 other did',
  },
];

describe('what got worse and does not count', () => {
  for (const { name, input, want } of cases)
    it(name, () => {
      const compared = target({
        name: 'app',
        binaries: [binary({ path: 'app', verdicts: [input] })],
      });
      assert.equal(lightOf([compared], 'app 1.0'), want);
    });
});
