import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../src/base/problem.ts';
import { type Severity, severities } from '../../src/base/verdict.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import { gateOf as gateUnder } from '../../src/policy/gate.ts';
import { defaultGate } from '../../src/policy/policy.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';

const thresholds = [...severities, 'none'] as const;

const gateOf = (targets: readonly TargetReport[], failOn: Severity | 'none') =>
  gateUnder(targets, { ...defaultGate, of: 'all', failOn });
const failing = (severity: Severity) =>
  target({ binaries: [binary({ path: '/a', verdicts: [verdict({ rule: 'pie', severity })] })] });
const only = (outcome: 'pass' | 'unknown' | 'not-applicable') =>
  target({
    binaries: [
      binary({ path: '/a', verdicts: [verdict({ rule: 'pie', severity: 'critical', outcome })] }),
    ],
  });
const problem = (kind: Problem['kind']) => ({ kind, where: 'layer', message: 'it ends too early' });

test('a failure breaks the gates at its severity and below, and no other', () => {
  for (const [weight, severity] of severities.entries()) {
    for (const [least, failOn] of thresholds.entries()) {
      const broken = failOn !== 'none' && weight <= least;
      assert.equal(
        gateOf([failing(severity)], failOn).state,
        broken ? 'broken' : 'holds',
        `${severity} at --fail-on ${failOn}`,
      );
    }
  }
});

test('what is not a failure breaks no gate', () => {
  for (const outcome of ['pass', 'unknown', 'not-applicable'] as const) {
    assert.equal(gateOf([only(outcome)], 'note').state, 'holds', outcome);
  }
});

test('a gate over something not scanned whole is undecided', () => {
  const clean = binary({ path: '/a', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] });
  const table = [
    { name: 'no target', targets: [], want: 'undecided' },
    { name: 'a target without binaries', targets: [target({})], want: 'undecided' },
    {
      name: 'one of two without binaries',
      targets: [failing('high'), target({})],
      want: 'undecided',
    },
    {
      name: 'a notice only',
      targets: [target({ binaries: [clean], problems: [problem('notice')] })],
      want: 'holds',
    },
    {
      name: 'a notice and no binaries',
      targets: [target({ problems: [problem('notice')] })],
      want: 'undecided',
    },
    ...(
      ['unreadable', 'damaged', 'digest-mismatch', 'missing', 'limit', 'unsupported'] as const
    ).flatMap((kind) => [
      {
        name: kind,
        targets: [target({ binaries: [clean], problems: [problem(kind)] })],
        want: 'undecided',
      },
      {
        name: `${kind} alongside findings`,
        targets: [failing('critical'), target({ binaries: [clean], problems: [problem(kind)] })],
        want: 'undecided',
      },
    ]),
  ];
  for (const { name, targets, want } of table) {
    for (const failOn of thresholds)
      assert.equal(gateOf(targets, failOn).state, want, `${name} at --fail-on ${failOn}`);
  }
});

test('the sentence says what was counted', () => {
  const broken = target({
    binaries: [
      binary({ path: '/a', verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro' })] }),
      binary({ path: '/b' }),
    ],
  });
  const damaged = { ...broken, problems: [problem('damaged')] };
  const table = [
    {
      gate: gateOf([broken], 'high'),
      want: '2 findings of severity high or above in 1 of 2 binaries',
    },
    { gate: gateOf([broken], 'critical'), want: 'no finding of severity critical in 2 binaries' },
    {
      gate: gateOf([broken], 'none'),
      want: '2 binaries judged; no severity is set to break the gate',
    },
    { gate: gateOf([damaged], 'none'), want: '1 part could not be scanned (layer)' },
    {
      gate: gateOf([damaged], 'high'),
      want: '1 part could not be scanned (layer); already broken: 2 findings of severity high or above in 1 of 2 binaries',
    },
    {
      gate: gateOf([target({})], 'high'),
      want: 'there is no ELF file to scan (--allow-empty accepts that)',
    },
    { gate: gateOf([target({}), broken], 'none'), want: '1 of 2 targets hold no ELF file to scan' },
    { gate: gateOf([], 'high'), want: 'nothing was given to scan' },
  ];
  for (const { gate, want } of table) assert.equal(gate.because, want);
});

test('each state has its exit code', () => {
  const codes = { holds: 0, broken: 1, undecided: 3 } as const;
  for (const state of ['holds', 'broken', 'undecided'] as const) {
    assert.equal(exitCodeOf({ ...gateOf([], 'high'), state }), codes[state]);
  }
});
