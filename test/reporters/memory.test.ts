import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { modulePath } from '../support/program.ts';

const script = modulePath('test/support/reports/measure-rendering');

for (const format of ['sarif', 'json', 'html']) {
  test(`${format} of 25,000 findings holds less than the report itself does`, () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', script, '8000', format],
      { encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const { findings, report, rendering } = JSON.parse(stdout);
    assert.ok(findings >= 25_000, `${findings} findings`);
    assert.ok(rendering < report, `${rendering} bytes for a report of ${report}`);
  });
}
