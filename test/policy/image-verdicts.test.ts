import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReports } from '../../src/diff/compare-reports.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import { type Policy, plainPolicy, type Selector } from '../../src/policy/policy.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const rule = 'entrypoint-starts';
const image = (given: Partial<JudgedVerdict> = {}, path = '/app') =>
  target({
    image: { path, verdicts: [verdict({ rule, ...given })] },
    binaries: [binary({ path: '/app', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] })],
  });

function judged(policy: Partial<Policy>, given = image()) {
  const { targets, gate } = applyPolicy([given], {
    ...plainPolicy(),
    today: '2026-11-23',
    ...policy,
  });
  const [only] = targets;
  const [found] = only?.image?.verdicts ?? [];
  assert.ok(only !== undefined && found !== undefined);
  return { verdict: found, gate, counts: only.counts };
}

test('a finding of the image breaks the gate, counts once, and is in no binary', () => {
  const { gate, counts } = judged({});
  assert.equal(gate.state, 'broken');
  assert.match(gate.because, /^1 finding of severity high or above in the image$/);
  assert.deepEqual([counts.outcomes.fail, counts.failures.high, counts.binaries], [1, 1, 1]);
});

test('it is an answer where there is no ELF file at all', () => {
  const bare = target({ image: { path: '/run.sh', verdicts: [verdict({ rule })] } });
  assert.equal(judged({}, bare).gate.state, 'broken');
  const passing = { path: '/run.sh', verdicts: [verdict({ rule, outcome: 'not-applicable' })] };
  assert.equal(judged({}, target({ image: passing })).gate.state, 'undecided');
});

test('waivers and levels match an image by its path, its system and its rule, and by nothing that is of a file', () => {
  const table: readonly { readonly where: Selector; readonly matches: boolean }[] = [
    { where: {}, matches: true },
    { where: { path: ['/app'] }, matches: true },
    { where: { path: ['/other'] }, matches: false },
    { where: { kind: ['executable'] }, matches: false },
    { where: { machine: ['x86-64'] }, matches: false },
    { where: { package: ['*'] }, matches: false },
    { where: { promised: 'as named' }, matches: false },
    { where: { layer: 'base' }, matches: false },
    { where: { layer: 'own' }, matches: false },
    { where: { digest: ['sha256:'] }, matches: false },
    { where: { buildId: ['ab'] }, matches: false },
    { where: { facts: { 'kind.kind': ['executable'] } }, matches: false },
  ];
  for (const { where, matches } of table) {
    const waiver = {
      rules: [rule],
      where,
      reason: 'known',
      expires: null,
      causes: [],
      origin: 'c.yaml:1',
    };
    const waived = judged({ waivers: [waiver] });
    assert.equal(waived.verdict.waived !== undefined, matches, JSON.stringify(where));
    assert.equal(waived.gate.state, matches ? 'holds' : 'broken');
    const level = { rule, where, level: 'low', because: 'so', by: 'configuration' } as const;
    assert.equal(judged({ levels: [level] }).verdict.severity, matches ? 'low' : 'high');
  }
});

test('a baseline knows it by rule and path, and says when it is gone', () => {
  const baseline = baselineOf([image()]);
  assert.deepEqual(baseline, [
    {
      image: 'docker.io/library/app',
      rule,
      path: '/app',
      package: null,
      buildId: null,
      severity: 'high',
    },
  ]);
  assert.equal(judged({ baseline }).gate.state, 'holds');
  assert.equal(judged({ baseline }, image({}, '/other')).gate.state, 'broken');
  const { policy } = applyPolicy([image({ outcome: 'pass' })], { ...plainPolicy(), baseline });
  assert.deepEqual(policy.fixed, [
    { image: 'docker.io/library/app', rule, path: '/app', how: 'fixed' },
  ]);
});

test('what damage left undecided of it leaves the gate without an answer', () => {
  const { gate } = judged({}, image({ outcome: 'unknown', undecidedBy: 'damage' }));
  assert.equal(gate.state, 'undecided');
});

test('two images are compared as such, whatever they start', () => {
  const before = report([image({ outcome: 'pass' }, '/old')]);
  const { worse, added, removed, changed } = compareReports(before, report([image()]));
  assert.deepEqual(
    worse.map(({ rule: id, path, from, layer, before: was, after }) => [
      id,
      path,
      from,
      layer,
      was,
      after,
    ]),
    [[rule, '/app', '/old', 'image', 'pass', 'high']],
  );
  assert.deepEqual([added, removed, changed], [[], [], []]);
  const older = report([target({ binaries: [binary({ path: '/app' })] })]);
  assert.deepEqual(compareReports(older, report([image()])).added, []);
});

test('a baseline or a waiver of one cause accepts no other', () => {
  const missing = image({ cause: 'missing /app' });
  const closed = image({ cause: 'closed /app' });
  const baseline = baselineOf([missing]);
  assert.equal(judged({ baseline }, missing).gate.state, 'holds');
  assert.equal(judged({ baseline }, closed).gate.state, 'broken');
  assert.equal(judged({ baseline: baselineOf([image()]) }, closed).gate.state, 'broken');
  const { policy } = applyPolicy([closed], { ...plainPolicy(), baseline });
  assert.deepEqual(policy.fixed, [
    { image: 'docker.io/library/app', rule, path: '/app', how: 'fixed' },
  ]);
  const waiver = { rules: [rule], where: {}, reason: 'known', expires: null, origin: 'c.yaml:1' };
  for (const [causes, state] of [
    [['closed /app'], 'holds'],
    [['missing /app', 'closed /app'], 'holds'],
    [['missing /app'], 'broken'],
    [[], 'broken'],
  ] as const)
    assert.equal(judged({ waivers: [{ ...waiver, causes }] }, closed).gate.state, state);
});

test('a waiver that names no cause, or another one, says which it has to name', () => {
  const waiver = { rules: [rule], where: {}, reason: 'known', expires: null, origin: 'c.yaml:1' };
  for (const [causes, want] of [
    [[], /names no cause and accepts nothing here: the cause is closed \/app$/],
    [['missing /app'], /is for missing \/app and accepts nothing here: the cause is closed \/app$/],
  ] as const) {
    const policy = { ...plainPolicy(), waivers: [{ ...waiver, causes }] };
    const { notices } = applyPolicy([image({ cause: 'closed /app' })], policy).policy;
    assert.match(notices.join(), want);
  }
});

test('an image that fails for another cause than before is worse', () => {
  const before = report([image({ cause: 'missing /app' })]);
  const { worse, better } = compareReports(before, report([image({ cause: 'closed /app' })]));
  assert.deepEqual([worse.map(({ rule: id }) => id), better], [[rule], []]);
  assert.deepEqual(compareReports(before, before).worse, []);
});

test('a gate holds over nothing that a rule of images did not judge', () => {
  const app = { path: '/app', verdicts: [] };
  const silent = {
    rule,
    outcome: 'not-applicable',
    message: 'the image names no command',
  } as const;
  const noCommand = { path: '/', verdicts: [verdict(silent)] };
  const pie = { path: '/app', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] };
  const passing = { path: '/app', verdicts: [verdict({ rule, outcome: 'pass' })] };
  const named = { ...plainPolicy().gate, failOn: 'none', failOnRules: [rule] } as const;
  const { gate } = plainPolicy();
  for (const [name, given, conditions, state, because] of [
    [
      'only it, of a root',
      { binaries: [binary(app)] },
      gate,
      'undecided',
      /only an image has a command/,
    ],
    [
      'only it, of an image without a command',
      { image: noCommand, binaries: [binary(app)] },
      gate,
      'undecided',
      /^entrypoint-starts judged nothing: the image names no command$/,
    ],
    ['only it, of an image', { image: passing, binaries: [binary(app)] }, gate, 'holds', /^no/],
    ['all rules, of a root', { binaries: [binary(pie)] }, gate, 'holds', /^no/],
    [
      'all rules, of an image without a command',
      { image: noCommand, binaries: [binary(pie)] },
      gate,
      'holds',
      /^no/,
    ],
    [
      'all rules, of a root, and the gate names it',
      { binaries: [binary(pie)] },
      named,
      'undecided',
      /^entrypoint-starts judged nothing: it is of images only/,
    ],
    [
      'all rules, of an image, and the gate names it',
      { image: passing, binaries: [binary(pie)] },
      named,
      'holds',
      /^every/,
    ],
    [
      'what may be empty',
      { binaries: [binary(app)] },
      { ...gate, allowEmpty: true },
      'holds',
      /^no/,
    ],
  ] as const) {
    const judgement = applyPolicy([target(given)], { ...plainPolicy(), gate: conditions });
    assert.equal(judgement.gate.state, state, name);
    assert.match(judgement.gate.because, because, name);
  }
});
