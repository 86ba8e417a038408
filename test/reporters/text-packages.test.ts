import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JudgedVerdict, TargetReport } from '../../src/report/report.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const high = verdict({ rule: 'pie' });
const low = verdict({ rule: 'build-id', severity: 'low' });
const passed = verdict({ rule: 'pie', outcome: 'pass' });
const undecided = verdict({ rule: 'relro', outcome: 'unknown' });

function packageOf(name: string, verdicts: readonly JudgedVerdict[]): TargetReport {
  const binaries = [binary({ path: '/usr/bin/app', verdicts })];
  return target({ name, kind: 'package', binaries });
}

const textOf = (targets: readonly TargetReport[], all = false) =>
  render('text', report(targets), { all });

describe('packages by themselves in the text report', () => {
  it('are a table, the worst first, with a column for each severity that one of them has', async () => {
    const text = await textOf([
      packageOf('well 1.0 (amd64)', []),
      packageOf('lower 1.0 (amd64)', [low, undecided]),
      packageOf('worst 1.0 (amd64)', [high, low]),
    ]);
    const lines = text.split('\n');
    const from = lines.findIndex((line) => line.startsWith('Package'));
    assert.deepEqual(lines.slice(from, from + 4), [
      'Package            files  high  low  undecided',
      'worst 1.0 (amd64)      1     1    1          0',
      'lower 1.0 (amd64)      1     0    1          1',
      'well 1.0 (amd64)       1     0    0          0',
    ]);
  });

  it('have the findings of each behind the table, and no line of those without', async () => {
    const text = await textOf([packageOf('well 1.0', [passed]), packageOf('worst 1.0', [high])]);
    assert.equal(text.match(/well 1\.0/g)?.length, 1);
    assert.match(text, /\n\nworst 1\.0 .*\n(?:.*\n)*.*high {6}pie/);
  });

  it('are counted where they are many, and all with --all', async () => {
    const many = Array.from({ length: 33 }, (_, at) => packageOf(`package-${at} 1.0`, []));
    assert.match(await textOf(many), /\nand 3 other packages; --all lists them\n/);
    assert.match(await textOf(many, true), /\npackage-32 1\.0 /);
  });

  it('are not a table where there is one package, or where something else was scanned with it', async () => {
    const one = packageOf('worst 1.0', [high]);
    assert.doesNotMatch(await textOf([one]), /^Package /m);
    assert.doesNotMatch(await textOf([one, target({})]), /^Package /m);
  });
});
