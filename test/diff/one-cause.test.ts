import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReports } from '../../src/diff/compare-reports.ts';
import type { Difference } from '../../src/diff/difference.ts';
import type { JudgedVerdict, Report } from '../../src/report/report.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const flags = (message: string) => verdict({ rule: 'compiler-flags', severity: 'low', message });

const canaries = (outcome: 'pass' | 'fail') => verdict({ rule: 'stack-protector', outcome });

const release = (...files: readonly (readonly JudgedVerdict[])[]): Report =>
  report([
    target({ binaries: files.map((verdicts, at) => binary({ path: `/bin/${at}`, verdicts })) }),
  ]);

const causesIn = ({ causes }: Difference) =>
  causes.map(({ rule, entries, files }) => `${rule} ${entries.join()} ${files.join()}`);

/** As they are recorded in a file that had another option before. */
const recorded = (message: string): readonly [Report, Report] => {
  const before = verdict({ rule: 'compiler-flags', outcome: 'pass', severity: 'low' });
  return [
    release([canaries('pass'), before], [canaries('pass'), before]),
    release([canaries('fail'), flags(message)], [canaries('fail'), flags(message)]),
  ];
};

test('an option that is recorded and shows in the code is one cause', () => {
  const sides = recorded('-fno-stack-protector (no stack canaries): in 2 of 2 compile units');
  const difference = compareReports(...sides);
  assert.equal(difference.worse.length, 4);
  assert.deepEqual(causesIn(difference), ['stack-protector 0,1,2,3 /bin/0,/bin/1']);
});

test('one that does something else too, or does not show in the code, is a cause of its own', () => {
  for (const message of [
    '-fno-stack-protector (no stack canaries), -Og (an optimisation level for debugging): in 2 of 2 compile units',
    '-fno-stack-clash-protection (large frames can jump over the guard page): in 1 of 2 compile units',
  ])
    assert.deepEqual(causesIn(compareReports(...recorded(message))), [
      'stack-protector 0,1 /bin/0,/bin/1',
      'compiler-flags 2,3 /bin/0,/bin/1',
    ]);
});

test('findings of a file that is gone are counted with it, and nothing got better', () => {
  const before = release([canaries('pass')], [canaries('fail'), verdict({ rule: 'pie' })]);
  const difference = compareReports(before, release([canaries('pass')]));
  assert.deepEqual(difference.better, []);
  assert.deepEqual(
    difference.removed.map(({ path, findings }) => [path, findings]),
    [['/bin/1', 2]],
  );
});

test('what a new file fails is said in a sentence', () => {
  const message = 'is linked to a fixed address';
  const fresh = release([canaries('pass')], [verdict({ rule: 'pie', severity: 'high', message })]);
  const { causes } = compareReports(release([canaries('pass')]), fresh);
  assert.deepEqual(
    causes.map(({ sentence }) => sentence),
    [`a new file fails it (high): ${message}`],
  );
});

test('an option is not called lost where more functions have a canary, and still more lack one', () => {
  const shares: readonly (readonly [number, number])[] = [
    [79, 81],
    [203, 350],
    [60, 81],
  ];
  const [before, further, lost] = shares.map((share) =>
    release([verdict({ rule: 'stack-protector', outcome: 'pass', degree: { share } })]),
  );
  assert.ok(before && further && lost);
  const causesTo = (fresh: Report) =>
    compareReports(before, fresh).causes.map(({ flag, sentence }) => [flag, sentence]);
  assert.deepEqual(causesTo(further), [
    [null, 'further code lacks it: 79 of 81 functions had a canary, now 203 of 350'],
  ]);
  assert.deepEqual(causesTo(lost), [
    [
      '-fstack-protector-strong',
      '`-fstack-protector-strong` was lost: 79 of 81 functions had a canary, now 60 of 81',
    ],
  ]);
});
