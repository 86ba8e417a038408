import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const findings = (count: number) =>
  report([
    target({
      binaries: Array.from({ length: count }, (_, index) =>
        binary({ path: `/bin/${index}`, verdicts: [verdict({ rule: 'pie', severity: 'low' })] }),
      ),
    }),
  ]);

test('annotations stop where GitHub stops showing them, and the rest is counted', async () => {
  const lines = async (count: number, all: boolean) =>
    (await render('github', findings(count), { all })).trimEnd().split('\n');
  assert.equal((await lines(10, false)).length, 11);
  const cut = await lines(13, false);
  assert.equal(cut.length, 12);
  assert.match(cut[10] ?? '', /^::notice title=hullcheck::3 more findings: GitHub shows 10 /);
  assert.equal((await lines(13, true)).length, 14);
});
