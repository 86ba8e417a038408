import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { modulePath } from '../support/program.ts';

const script = modulePath('test/support/reports/measure-diff');

/** Lines that a format has at most, however much got worse. */
const mostLines: Readonly<Record<string, number>> = { markdown: 20, github: 32 };

for (const format of ['markdown', 'github', 'html', 'junit']) {
  test(`${format} of 10,000 verdicts that got worse holds less than the two reports do`, () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', script, '1500', format],
      { encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const { worse, reports, rendering, lines } = JSON.parse(stdout);
    assert.ok(worse >= 10_000, `${worse} got worse`);
    assert.ok(rendering < reports, `${rendering} bytes for reports of ${reports}`);
    assert.ok(lines <= (mostLines[format] ?? Number.POSITIVE_INFINITY), `${lines} lines`);
  });
}
