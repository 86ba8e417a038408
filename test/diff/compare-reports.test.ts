import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { Outcome, Severity } from '../../src/base/verdict.ts';
import { compareReports } from '../../src/diff/compare-reports.ts';
import { diffGateOf } from '../../src/diff/diff-gate.ts';
import { defaultGate, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, Report, TargetReport } from '../../src/report/report.ts';
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

const turns: readonly (readonly [
  before: How,
  after: How,
  want: 'worse' | 'better' | 'neutral' | 'same',
])[] = [
  ['pass', 'high', 'worse'],
  ['pass', 'note', 'neutral'],
  ['note', 'pass', 'neutral'],
  ['pass', 'unknown', 'worse'],
  ['pass', 'not-applicable', 'same'],
  ['not-applicable', 'unknown', 'neutral'],
  ['not-applicable', 'low', 'worse'],
  ['unknown', 'low', 'worse'],
  ['unknown', 'not-applicable', 'neutral'],
  ['medium', 'high', 'worse'],
  ['high', 'critical', 'worse'],
  ['high', 'high', 'same'],
  ['high', 'medium', 'better'],
  ['high', 'unknown', 'neutral'],
  ['high', 'not-applicable', 'better'],
  ['high', 'pass', 'better'],
  ['unknown', 'pass', 'better'],
];

for (const [before, after, want] of turns)
  test(`${before} to ${after} is ${want}`, () => {
    const { worse, better, neutral, unseen } = compare([seen('/a', before)], [seen('/a', after)]);
    const lists = { worse, better, neutral, unseen, same: [] };
    const said = Object.entries(lists).find(([, list]) => list.length > 0)?.[0] ?? 'same';
    assert.equal(said, want);
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

test('what a new binary lacks is worse, and what a removed one lacked is gone with it', () => {
  const gone = compare([seen('/a', 'high'), seen('/b', 'pass')], [seen('/b', 'pass')]);
  assert.deepEqual([gone.worse, gone.better, gone.removed[0]?.findings], [[], [], 1]);
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

const fails = verdict({ rule: 'pie', severity: 'high' });
const judgedBy = (given: Partial<Policy>, verdicts = [fails]) =>
  report([target({ binaries: [binary({ path: '/a', verdicts })] })], 'high', {
    ...plainPolicy({ failOn: 'high' }),
    ...given,
  });
const off = [{ rule: 'pie', level: 'off', because: 'so', where: {}, by: 'configuration' }] as const;
const low = [{ ...off[0], level: 'low' }] as const;
const waivers = [
  { rules: ['pie'], where: {}, causes: [], reason: 'so', expires: null, origin: 'c:1' },
];
const baseline = [{ rule: 'pie', path: '/a', package: null, buildId: null }];

const policyTable: readonly (readonly [name: string, before: Report, after: Report])[] = [
  ['waived', judgedBy({}), judgedBy({ waivers })],
  ['waived no more', judgedBy({ waivers }), judgedBy({})],
  ['switched off', judgedBy({}), judgedBy({ levels: off })],
  ['required again', judgedBy({ levels: off }), judgedBy({})],
  ['lowered', judgedBy({}), judgedBy({ levels: low })],
  ['raised', judgedBy({ levels: low }), judgedBy({})],
  ['known', judgedBy({}), judgedBy({ baseline })],
];

for (const [name, before, after] of policyTable)
  test(`a verdict that is ${name} changes by the policy alone: nothing is worse, better or covered otherwise`, () => {
    const { worse, better, byPolicy, coverage } = compareReports(before, after);
    assert.deepEqual([worse, better], [[], []]);
    assert.deepEqual(
      byPolicy.map(({ rule, path }) => [rule, path]),
      [['pie', '/a']],
    );
    assert.ok(coverage.every((each) => each.before.judged === each.after.judged));
  });

test('what the binary does is worse or better whatever the policy does to it', () => {
  const passes = [verdict({ rule: 'pie', outcome: 'pass' })];
  const worse = compareReports(judgedBy({ levels: low }, passes), judgedBy({}));
  assert.deepEqual([worse.worse.length, worse.byPolicy.length], [1, 0]);
  const better = compareReports(judgedBy({}), judgedBy({ levels: low }, passes));
  assert.deepEqual([better.better.length, better.byPolicy.length], [1, 0]);
});

test('the last line says that a gate that held is broken by the policy', () => {
  const difference = compareReports(
    judgedBy({ gate: { ...defaultGate, failOn: 'critical', of: 'all' } }),
    judgedBy({}),
  );
  const { because } = diffGateOf(difference, defaultGate);
  assert.match(
    because,
    /the policies differ: the gate of the old one holds, of the new one is broken/,
  );
  const same = compareReports(judgedBy({}), judgedBy({}));
  assert.doesNotMatch(diffGateOf(same, defaultGate).because, /polic/);
});

test('a report that was only stored, with fail-on none, has no opinion that differs', () => {
  const stored = judgedBy({ gate: { ...defaultGate, failOn: 'none', of: 'all' } });
  for (const difference of [
    compareReports(stored, judgedBy({})),
    compareReports(judgedBy({}), stored),
  ])
    assert.doesNotMatch(diffGateOf(difference, defaultGate).because, /polic/);
});

const image = (name: string, how: How, platform = 'linux/amd64') =>
  target({ name, platform, namedBy: 'content', binaries: [seen('/a', how)] });

const pairTable: readonly (readonly [
  name: string,
  before: readonly TargetReport[],
  after: readonly TargetReport[],
  worse: number,
  gone: number,
])[] = [
  [
    'in another order',
    [image('app:1', 'high'), image('db:1', 'pass')],
    [image('db:1', 'pass'), image('app:1', 'high')],
    0,
    0,
  ],
  [
    'of another tag',
    [image('app:1', 'high'), image('db:1', 'pass')],
    [image('db:2', 'pass'), image('app:2', 'high')],
    0,
    0,
  ],
  [
    'of two tags',
    [image('app:1', 'high'), image('app:2', 'pass')],
    [image('app:2', 'pass'), image('app:1', 'high')],
    0,
    0,
  ],
  [
    'for two platforms',
    [image('app:1', 'high'), image('app:1', 'pass', 'linux/arm64')],
    [image('app:1', 'pass', 'linux/arm64'), image('app:1', 'high')],
    0,
    0,
  ],
  ['by themselves, of other names', [image('app:1', 'pass')], [image('app2:1', 'high')], 1, 0],
  [
    'of which one is new',
    [image('app:1', 'high')],
    [image('db:1', 'pass'), image('app:1', 'high')],
    0,
    0,
  ],
  [
    'of which one is gone',
    [image('db:1', 'pass'), image('app:1', 'high')],
    [image('app:1', 'high')],
    0,
    1,
  ],
];

for (const [name, before, after, worse, gone] of pairTable)
  test(`images ${name} are compared with what has their name`, () => {
    const found = compareReports(report(before), report(after));
    assert.deepEqual([found.worse.length, found.removed.length], [worse, gone]);
  });
