import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../../../test/support/reports/render.ts';
import { sampleReport } from '../../../../test/support/reports/sample-report.ts';

test('skeleton-name has a line of five columns for each finding, and more of them with --all', async () => {
  const [findings = [], all = []] = await Promise.all(
    [false, true].map(async (all) =>
      (await render('skeleton-name', sampleReport, { all })).trimEnd().split('\n'),
    ),
  );
  for (const line of all) assert.equal(line.split('  ').length, 5, line);
  assert.ok(findings.length > 0 && findings.length < all.length);
  assert.ok(findings.every((line) => all.includes(line)));
});
