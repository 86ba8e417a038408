import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Degree, Outcome, Severity } from '../../src/base/verdict.ts';
import { compareReports } from '../../src/diff/compare-reports.ts';
import { diffGateOf } from '../../src/diff/diff-gate.ts';
import { defaultGate } from '../../src/policy/policy.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

interface Side {
  readonly outcome: Outcome;
  readonly share?: Degree['share'];
  readonly mixed?: true;
  readonly level?: string;
  readonly severity?: Severity;
  readonly damaged?: true;
}

type Want = 'lost' | 'new code' | 'neutral';

const failing = (share: Degree['share'], severity: Severity = 'high'): Side => ({
  outcome: 'fail',
  severity,
  ...(share === undefined ? {} : { share }),
});

const cases: readonly (readonly [string, string, Side, Side, Want])[] = [
  [
    'a large frame where there was none',
    'stack-clash-protection',
    { outcome: 'not-applicable', share: [0, 0] },
    failing([0, 1]),
    'new code',
  ],
  [
    'two functions without a canary where one had none',
    'stack-protector',
    { outcome: 'unknown', share: [0, 1] },
    failing([0, 2]),
    'new code',
  ],
  [
    'functions without a canary in a file that had none at all',
    'stack-protector',
    { outcome: 'not-applicable' },
    failing([0, 6]),
    'new code',
  ],
  [
    'calls that are not checked where nothing was to be checked',
    'fortify-source',
    { outcome: 'not-applicable', share: [0, 0] },
    { ...failing([0, 4]), level: '0' },
    'new code',
  ],
  [
    'containers that do not check their bounds in a program that had no containers',
    'cxx-assertions',
    { outcome: 'not-applicable' },
    { outcome: 'fail', severity: 'low' },
    'new code',
  ],
  [
    'containers that checked their bounds',
    'cxx-assertions',
    { outcome: 'pass' },
    { outcome: 'fail', severity: 'low' },
    'lost',
  ],
  [
    'few functions with a canary, and as few among more',
    'stack-protector',
    { outcome: 'pass', share: [18, 118] },
    failing([18, 137]),
    'new code',
  ],
  [
    'more canaries than before and fewer functions without',
    'stack-protector',
    { outcome: 'pass', share: [98, 102] },
    failing([102, 104], 'medium'),
    'neutral',
  ],
  [
    'one function that had its canary and has none',
    'stack-protector',
    { outcome: 'unknown', share: [1, 1] },
    failing([0, 2]),
    'lost',
  ],
  ['a pass', 'stack-protector', { outcome: 'pass' }, failing([0, 2]), 'lost'],
  [
    'canaries next to another language',
    'stack-protector',
    { outcome: 'unknown', share: [4, 90], mixed: true },
    failing([0, 2]),
    'lost',
  ],
  [
    'what could not be read before',
    'stack-protector',
    { outcome: 'unknown', share: [0, 1], damaged: true },
    failing([0, 2]),
    'lost',
  ],
  [
    'what nobody counted before',
    'stack-protector',
    { outcome: 'unknown' },
    failing([0, 2]),
    'lost',
  ],
  [
    'most canaries, though the functions that have none are new',
    'stack-protector',
    { outcome: 'pass', share: [30, 40] },
    failing([30, 90]),
    'lost',
  ],
  [
    'a rule that does not ask functions',
    'pie',
    { outcome: 'not-applicable' },
    failing(undefined),
    'lost',
  ],
];

function reportOf(rule: string, side: Side) {
  const { outcome, share, mixed, level, severity = 'high', damaged } = side;
  const degree = {
    ...(share === undefined ? {} : { share }),
    ...(mixed === undefined ? {} : { mixed }),
    ...(level === undefined ? {} : { level }),
  };
  const judged = verdict({
    ...{ rule, outcome, severity },
    ...(Object.keys(degree).length === 0 ? {} : { degree }),
    ...(damaged === undefined ? {} : { undecidedBy: 'damage' as const }),
  });
  return report([target({ binaries: [binary({ path: '/app', verdicts: [judged] })] })]);
}

for (const [claim, rule, before, after, want] of cases)
  test(`${claim}: ${want}`, () => {
    const { worse, neutral } = compareReports(reportOf(rule, before), reportOf(rule, after));
    const said = worse.map(({ newCode }) => (newCode ? 'new code' : 'lost'));
    assert.deepEqual([...said, ...neutral.map(() => 'neutral')], [want]);
  });

test('new code names no option that was lost, and says what there is', () => {
  const { causes } = compareReports(
    reportOf('stack-protector', { outcome: 'unknown', share: [0, 1] }),
    reportOf('stack-protector', failing([0, 2])),
  );
  assert.deepEqual(
    causes.map(({ flag, sentence }) => [flag, sentence]),
    [
      [
        null,
        'was unknown, is high: new code without it: 0 of 2 functions; the old release had none either',
      ],
    ],
  );
});

const gates: readonly (readonly [string, Severity, object, 'holds' | 'broken', RegExp])[] = [
  [
    'new code breaks as a finding of a new file does',
    'high',
    {},
    'broken',
    /1 finding in new code/,
  ],
  ['and not for being worse', 'low', {}, 'holds', /1 in new code of severity low/],
  ['a lower fail-on counts it', 'low', { failOn: 'low' }, 'broken', /1 finding in new code/],
  [
    'and so does its rule',
    'low',
    { failOnRules: ['stack-clash-protection'] },
    'broken',
    /in new code/,
  ],
];

for (const [claim, severity, more, state, says] of gates)
  test(claim, () => {
    const rule = 'stack-clash-protection';
    const difference = compareReports(
      reportOf(rule, { outcome: 'not-applicable', share: [0, 0] }),
      reportOf(rule, failing([0, 1], severity)),
    );
    const gate = diffGateOf(difference, { ...defaultGate, of: 'all', ...more });
    assert.equal(gate.state, state);
    assert.match(gate.because, says);
  });

test('figures of several files are sums, and said to be', () => {
  const of = (side: Side) => {
    const [one] = reportOf('stack-clash-protection', side).targets;
    const [each] = one?.binaries ?? [];
    assert.ok(each);
    const binaries = ['/a', '/b', '/c'].map((path) => ({ ...each, path }));
    return report([target({ binaries })]);
  };
  const sentences = (before: Side, after: Side) =>
    compareReports(of(before), of(after)).causes.map(({ sentence }) => sentence);
  assert.deepEqual(
    sentences({ outcome: 'not-applicable', share: [0, 0] }, failing([0, 2], 'low')),
    [
      'was not-applicable, is low: new code without it in 3 files: 0 of 6 functions in all; the old release had none either',
    ],
  );
  assert.deepEqual(sentences({ outcome: 'pass', share: [4, 4] }, failing([0, 4])), [
    '`-fstack-clash-protection` was lost in 3 files: 12 of 12 functions in all with large frames touched them page by page, now 0 of 12',
  ]);
});
