import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { Outcome, Severity } from '../../src/base/verdict.ts';
import { compareReports } from '../../src/diff/compare-reports.ts';
import { diffGateOf } from '../../src/diff/diff-gate.ts';
import { defaultGate } from '../../src/policy/policy.ts';
import type { BinaryReport } from '../../src/report/report.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

type How = Exclude<Outcome, 'fail'> | Severity;

function seen(
  path: string,
  how: How,
  given: {
    readonly package?: string;
    readonly sha256?: string;
    readonly aliases?: readonly string[];
  } = {},
): BinaryReport {
  const outcomes: readonly string[] = ['pass', 'unknown', 'not-applicable'];
  const said = outcomes.includes(how)
    ? verdict({ rule: 'pie', outcome: how as Outcome })
    : verdict({ rule: 'pie', severity: how as Severity });
  const name = given.package;
  const owner = name === undefined ? null : somePackage({ name });
  return binary({
    path,
    aliases: given.aliases ?? [],
    sha256: (given.sha256 ?? path.length.toString(16)).repeat(64).slice(0, 64),
    facts: factsWith({ package: known(owner) }),
    verdicts: [said],
  });
}

const compare = (old: readonly BinaryReport[], fresh: readonly BinaryReport[]) =>
  compareReports(report([target({ binaries: old })]), report([target({ binaries: fresh })]));

const worseAndBetter: readonly (readonly [
  before: How,
  after: How,
  want: 'worse' | 'better' | 'same',
])[] = [
  ['pass', 'high', 'worse'],
  ['pass', 'note', 'worse'],
  ['pass', 'unknown', 'worse'],
  ['pass', 'not-applicable', 'same'],
  ['unknown', 'note', 'worse'],
  ['medium', 'high', 'worse'],
  ['high', 'critical', 'worse'],
  ['high', 'high', 'same'],
  ['high', 'medium', 'better'],
  ['high', 'unknown', 'better'],
  ['high', 'pass', 'better'],
  ['unknown', 'pass', 'better'],
];

test('a verdict becomes worse or better by what it weighs', () => {
  for (const [before, after, want] of worseAndBetter) {
    const { worse, better } = compare([seen('/a', before)], [seen('/a', after)]);
    const said = worse.length > 0 ? 'worse' : better.length > 0 ? 'better' : 'same';
    assert.equal(said, want, `${before} to ${after}`);
  }
});

test('binaries are paired by path, alias, path without versions and hashes, and content', () => {
  const table = [
    {
      name: 'path',
      old: seen('/a', 'pass'),
      fresh: seen('/a', 'pass', { sha256: 'f' }),
      from: null,
    },
    {
      name: 'alias',
      old: seen('/a', 'pass'),
      fresh: seen('/b', 'pass', { aliases: ['/a'], sha256: 'f' }),
      from: '/a',
    },
    {
      name: 'package',
      old: seen('/lib/z.so.1.2', 'pass', { package: 'z' }),
      fresh: seen('/lib/z.so.1.3', 'pass', { package: 'z', sha256: 'f' }),
      from: '/lib/z.so.1.2',
    },
    {
      name: 'folder of a release',
      old: seen('svc-1.0/svc', 'high'),
      fresh: seen('svc-1.1/svc', 'high', { sha256: 'f' }),
      from: 'svc-1.0/svc',
    },
    {
      name: 'hash in the name',
      old: seen('/x.libs/libavif-8a7f30c1.so.16.0.0', 'high'),
      fresh: seen('/x.libs/libavif-c6061f2b.so.16.1.0', 'high', { sha256: 'f' }),
      from: '/x.libs/libavif-8a7f30c1.so.16.0.0',
    },
    {
      name: 'content',
      old: seen('/a', 'pass', { sha256: 'e' }),
      fresh: seen('/b/c', 'pass', { sha256: 'e' }),
      from: '/a',
    },
  ];
  for (const { name, old, fresh, from } of table) {
    const { added, removed, changed } = compare([old], [fresh]);
    assert.deepEqual([added, removed], [[], []], name);
    if (name !== 'content') assert.equal(changed[0]?.from, from, name);
  }
  const { added, removed } = compare(
    [seen('/a', 'pass', { sha256: 'e' })],
    [seen('/b', 'pass', { sha256: 'f' })],
  );
  assert.deepEqual([added[0]?.path, removed[0]?.path], ['/b', '/a']);
});

test('files that may be the same in more than one way are removed and added, and a notice says so', () => {
  const { added, removed, notices } = compare(
    [seen('/py3.11/x.so', 'high', { sha256: 'a' }), seen('/py3.12/x.so', 'high', { sha256: 'b' })],
    [seen('/py3.13/x.so', 'high', { sha256: 'c' }), seen('/py3.14/x.so', 'high', { sha256: 'd' })],
  );
  assert.deepEqual([added.length, removed.length], [2, 2]);
  assert.match(notices.join(), /^\/py\/x\.so: 2 old and 2 new files .* removed and added$/);
});

test('what a new binary lacks is worse, and what a removed one lacked is better', () => {
  const gone = compare([seen('/a', 'high'), seen('/b', 'pass')], [seen('/b', 'pass')]);
  assert.deepEqual([gone.worse.length, gone.better[0]?.after], [0, null]);
  const come = compare(
    [seen('/b', 'pass')],
    [seen('/a', 'high', { sha256: 'e' }), seen('/b', 'pass')],
  );
  assert.deepEqual([come.worse[0]?.before, come.better.length], [null, 0]);
});

test('coverage is reported by rule, before and after', () => {
  const { coverage } = compare(
    [seen('/a', 'pass'), seen('/b', 'high', { sha256: 'e' })],
    [seen('/a', 'pass'), seen('/b', 'pass', { sha256: 'e' })],
  );
  assert.deepEqual(coverage, [
    { rule: 'pie', before: { passed: 1, judged: 2 }, after: { passed: 2, judged: 2 } },
  ]);
});

test('only what became worse counts, by severity or rule', () => {
  const difference = compare([seen('/a', 'pass')], [seen('/a', 'medium')]);
  const unknown = compare([seen('/a', 'pass')], [seen('/a', 'unknown')]);
  const table = [
    { difference, gate: {}, want: 'holds' },
    { difference, gate: { failOn: 'medium' as const }, want: 'broken' },
    { difference, gate: { failOn: 'none' as const }, want: 'holds' },
    { difference, gate: { failOn: 'none' as const, failOnRules: ['pie'] }, want: 'broken' },
    { difference: unknown, gate: {}, want: 'holds' },
    { difference: unknown, gate: { failOnUnknown: true }, want: 'broken' },
  ];
  for (const { difference: given, gate, want } of table)
    assert.equal(diffGateOf(given, { ...defaultGate, ...gate }).state, want);
});

test('a side that was not read whole leaves the gate undecided', () => {
  const whole = report([target({ binaries: [seen('/a', 'pass')] })]);
  const cut = report([
    target({
      binaries: [seen('/a', 'pass')],
      problems: [{ kind: 'damaged', where: 'layer', message: 'cut' }],
    }),
  ]);
  assert.equal(diffGateOf(compareReports(whole, cut), defaultGate).state, 'undecided');
});
