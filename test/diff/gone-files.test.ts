import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReleases } from '../../src/diff/compare-releases.ts';
import { answerOf } from '../../src/diff/formats/words/words.ts';
import { type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict, Report } from '../../src/report/report.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

type How = 'pass' | 'unknown' | JudgedVerdict['severity'];

function said(rule: string, how: How): JudgedVerdict {
  return how === 'pass' || how === 'unknown'
    ? verdict({ rule, outcome: how, severity: 'medium' })
    : verdict({ rule, outcome: 'fail', severity: how });
}

let made = 0;

/** A file that is like no other. */
function file(path: string, how: How, rule = 'relro'): BinaryReport {
  made += 1;
  return binary({ path, sha256: String(made).padStart(64, '0'), verdicts: [said(rule, how)] });
}

const release = (...binaries: readonly BinaryReport[]) => report([target({ binaries })]);

const rules = { known: ['relro', 'pie'], chosen: undefined };
const keep = file('/keep', 'high');
const svc = (how: How) => file('/svc', how);

interface Row {
  readonly claim: string;
  readonly before: Report;
  readonly after: Report;
  readonly gate?: Partial<Policy['gate']>;
  readonly want: 'holds' | 'broken';
}

const rows: readonly Row[] = [
  {
    claim: 'a file in place of one that is gone breaks by what it lost, below fail-on',
    before: release(keep, svc('pass')),
    after: release(keep, file('/daemonx', 'medium')),
    want: 'broken',
  },
  {
    claim: 'evidence that it does not show any more is lost',
    before: release(keep, svc('pass')),
    after: release(keep, file('/daemonx', 'unknown')),
    want: 'broken',
  },
  {
    claim: 'it holds over what --worse-than leaves',
    before: release(keep, svc('pass')),
    after: release(keep, file('/daemonx', 'medium')),
    gate: { worseThan: 'high' },
    want: 'holds',
  },
  {
    claim: '--worse-than none leaves what fail-on fails in a new file',
    before: release(keep, svc('pass')),
    after: release(keep, file('/daemonx', 'high')),
    gate: { worseThan: 'none' },
    want: 'broken',
  },
  {
    claim: 'a release that only adds a file is asked by fail-on',
    before: release(keep, svc('pass')),
    after: release(keep, svc('pass'), file('/daemonx', 'medium')),
    want: 'holds',
  },
  {
    claim: 'what the file that is gone did not pass was not lost',
    before: release(keep, svc('medium')),
    after: release(keep, file('/daemonx', 'medium')),
    want: 'holds',
  },
  {
    claim: 'nor what one of two that are gone did not pass',
    before: release(keep, svc('pass'), file('/tool', 'medium')),
    after: release(keep, file('/daemonx', 'medium')),
    want: 'holds',
  },
  {
    claim: 'nor what the old one was not asked',
    before: release(keep, file('/svc', 'pass', 'pie')),
    after: release(keep, file('/daemonx', 'medium')),
    want: 'holds',
  },
];

for (const { claim, before, after, gate, want } of rows)
  test(`new next to gone files: ${claim}`, () => {
    const policy = plainPolicy({ of: 'yours', ...gate });
    assert.equal(compareReleases([before, after], policy, rules).gate.state, want);
  });

test('the entry says which file that is gone passed', () => {
  const before = release(keep, svc('pass'), file('/tool', 'pass'));
  const { difference } = compareReleases(
    [before, release(keep, file('/daemonx', 'medium'))],
    plainPolicy({ of: 'yours' }),
    rules,
  );
  const [change] = difference.worse;
  assert.deepEqual([change?.before, change?.passedIn], [null, '/svc']);
  assert.match(change?.message ?? '', /\(new here; \/svc and 1 more, which are gone, passed\)$/);
});

const waivers = [
  { rules: ['relro'], where: {}, causes: [], reason: 'so', expires: null, origin: 'c:1' },
];
const judged = (path: string, how: How, given: Partial<Policy> = { waivers }) =>
  report([target({ binaries: [file('/keep', 'pass', 'pie'), file(path, how)] })], 'high', {
    ...plainPolicy({ of: 'yours' }),
    ...given,
  });

const waived: readonly (readonly [claim: string, before: Report, after: Report])[] = [
  ['a pass that fails', judged('/svc', 'pass'), judged('/svc', 'high')],
  ['a pass that is unknown', judged('/svc', 'pass'), judged('/svc', 'unknown')],
  ['a new file in place of one that is gone', judged('/svc', 'pass'), judged('/other', 'high')],
];

for (const [claim, before, after] of waived)
  test(`what got worse and is waived is listed, and the last line says so: ${claim}`, () => {
    const { difference, gate } = compareReleases(
      [before, after],
      { ...plainPolicy({ of: 'yours' }), waivers },
      rules,
    );
    assert.deepEqual([difference.worse, gate.state], [[], 'holds']);
    assert.deepEqual(
      difference.byPolicy.map(({ rule, after: is }) => [rule, is]),
      [['relro', 'waived']],
    );
    assert.equal(gate.because, 'no verdict that counts got worse; 1 waived');
    assert.equal(answerOf(difference, gate), 'Worse, but the gate holds');
  });
