import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import type { Severity } from '../../src/base/verdict.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { readBaseline, writeBaseline } from '../../src/policy/baseline/baseline-file.ts';
import { type BaselineEntry, baselineOf } from '../../src/policy/baseline/entry.ts';
import { updatedBaseline } from '../../src/policy/baseline/update.ts';
import { type Policy, plainPolicy } from '../../src/policy/policy.ts';
import { demandStrict } from '../../src/policy/strict-policy.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { render } from '../support/reports/render.ts';
import {
  binary,
  type GivenTarget,
  report,
  target,
  verdict,
} from '../support/reports/report-builder.ts';

const today = '2026-11-30';
const image = (name: string, severity: Severity = 'high', given: GivenTarget = {}) =>
  target({
    name,
    namedBy: 'content',
    binaries: [binary({ path: '/a', verdicts: [verdict({ rule: 'pie', severity })] })],
    ...given,
  });
/** From a registry, whose images have the name that the user gave. */
const named = (name: string) => image(name, 'high', { scheme: 'registry', namedBy: 'given' });
const app = image('acme/app:1.0');
const entry: BaselineEntry = { rule: 'pie', path: '/a', package: null, buildId: null };
const bound: BaselineEntry = { ...entry, image: 'docker.io/acme/app', severity: 'high' };

const judged = (
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
  gate: Partial<Policy['gate']> = {},
) => applyPolicy(targets, { ...plainPolicy(gate), today, baseline });

const table: readonly (readonly [
  claim: string,
  targets: readonly TargetReport[],
  entry: BaselineEntry,
  isKnown: boolean,
  gate?: Partial<Policy['gate']>,
])[] = [
  ['the same image', [app], bound, true],
  ['another tag of it', [image('acme/app:2.0')], bound, true],
  ['the same path in another image', [image('acme/other:1.0')], bound, false],
  ['both images in one run', [app, image('acme/other:1.0')], bound, false],
  ['an entry of no image', [image('acme/other:1.0')], entry, true],
  ['an entry of an older version, and a raised rule', [image('x', 'critical')], entry, true],
  ['a rule that was raised', [image('acme/app', 'critical')], bound, false],
  [
    'a rule that was lowered',
    [image('acme/app', 'high')],
    { ...bound, severity: 'critical' },
    true,
  ],
  ['a rule that the gate names now', [app], bound, false, { failOnRules: ['pie'] }],
  [
    'a rule that it named then too',
    [app],
    { ...bound, named: true },
    true,
    { failOnRules: ['pie'] },
  ],
  ['another rule named', [app], bound, true, { maximum: { relro: 0 } }],
  ['a name of its own that the policy does not accept', [app], bound, false, { accept: [] }],
  ['a name of its own that it accepts', [app], bound, true, { accept: ['name'] }],
  ['a name that the user gave', [named('docker.io/acme/app:1')], bound, true, { accept: [] }],
  ['an entry of no image, where no name is accepted', [app], entry, true, { accept: [] }],
  ['until today', [app], { ...bound, expires: today }, true],
  ['until yesterday', [app], { ...bound, expires: '2026-11-29' }, false],
];

for (const [claim, targets, one, isKnown, gate] of table)
  test(`baseline: ${claim} ${isKnown ? 'is known' : 'is new'}`, () => {
    assert.equal(judged(targets, [one], gate).gate.state, isKnown ? 'holds' : 'broken');
  });

test('what counts again is said, with why', () => {
  const said = (targets: readonly TargetReport[], one: BaselineEntry, gate = {}) =>
    judged(targets, [one], gate).policy.notices;
  assert.deepEqual(said([app], { ...bound, expires: '2026-11-29', owner: 'team-x' }), [
    '1 finding of the baseline counts again: entries of pie (owner: team-x) ended on 2026-11-29',
  ]);
  assert.deepEqual(said([image('acme/app', 'critical')], bound), [
    '1 finding of the baseline counts again: pie weighs critical and weighed high when it was accepted',
  ]);
  assert.deepEqual(said([app], bound, { failOnRules: ['pie'] }), [
    '1 finding of the baseline counts again: the gate names pie now, and did not when it was accepted',
  ]);
  assert.deepEqual(said([app], bound, { accept: [] }), [
    '1 finding of the baseline counts again: acme/app:1.0 is what the content calls itself, which the policy does not accept; to say the name yourself, give it after the file: FILE:NAME',
  ]);
});

test('an entry is fixed only where all that could have it was read', () => {
  const clean = (given: GivenTarget = {}) =>
    image('acme/app', 'high', {
      binaries: [binary({ path: '/b', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] })],
      ...given,
    });
  const fixed = (one: TargetReport) => judged([one], [bound]).policy.fixed;
  assert.deepEqual(fixed(clean()), [
    { image: 'docker.io/acme/app', rule: 'pie', path: '/a', how: 'removed' },
  ]);
  assert.deepEqual(fixed({ ...clean(), name: 'acme/other' }), []);
  const problems = [{ kind: 'damaged' as const, where: 'layer', message: 'it ends too early' }];
  assert.deepEqual(fixed(clean({ problems })), []);
  assert.deepEqual(fixed(clean({ excluded: 1, exclusions: [{ glob: '/a', files: 1 }] })), []);
});

test('a strict policy: entries that have ended are refused, and those without a use break the gate', () => {
  const strict = { ...plainPolicy({ strictPolicy: true }), today };
  demandStrict({ ...strict, baseline: [bound] });
  assert.throws(
    () => demandStrict({ ...strict, baseline: [{ ...bound, expires: '2026-11-29' }] }),
    /^UsageError: the entry of pie at \/a in the baseline ended on 2026-11-29/,
  );
  const passing = image('acme/app', 'high', {
    binaries: [binary({ path: '/a', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] })],
  });
  const { gate } = judged([passing], [bound], { strictPolicy: true });
  assert.match(
    gate.because,
    /^1 entry of the policy does nothing \(the entry of pie at \/a in the baseline is fixed\)/,
  );
  assert.equal(gate.state, 'broken');
});

const updating = { namedRules: () => ['pie'], today, accept: { owner: 'new', reason: 'r' } };

test('an update keeps who accepted what is still there, and what belongs to others', () => {
  const people = { date: '2026-01-01', owner: 'old', reason: 'because', expires: '2027-01-01' };
  const others: readonly BaselineEntry[] = [
    { ...bound, image: 'docker.io/acme/other', ...people },
    { ...bound, rule: 'relro', ...people },
  ];
  const two = image('acme/app', 'high', {
    binaries: ['/a', '/b'].map((path) => binary({ path, verdicts: [verdict({ rule: 'pie' })] })),
  });
  const kept = { ...bound, named: true as const, ...people };
  const after = updatedBaseline([...others, kept], [two], updating);
  assert.deepEqual(after, [
    kept,
    others[1],
    { ...bound, path: '/b', named: true, date: today, owner: 'new', reason: 'r' },
    others[0],
  ]);
  assert.deepEqual(updatedBaseline(after, [two], updating), after);
});

test('an update accepts anew what counts again', () => {
  const old = { date: '2026-01-01', owner: 'old' };
  for (const before of [
    { ...bound, ...old, expires: '2026-11-29', named: true as const },
    { ...bound, ...old, severity: 'low' as const, named: true as const },
    { ...bound, ...old },
  ]) {
    const [after] = updatedBaseline([before], [app], updating);
    assert.deepEqual([after?.owner, after?.date, after?.severity], ['new', today, 'high']);
    assert.equal(judged([app], after === undefined ? [] : [after]).gate.state, 'holds');
  }
});

test('a file is written in order, one finding a line, and read as it is', () => {
  const all = baselineOf([image('b'), image('a', 'low'), app]);
  const text = [...writeBaseline(all)].join('');
  assert.deepEqual(
    text.split('\n').map((line) => /"image":"([^"]*)"/.exec(line)?.[1] ?? ''),
    ['', 'docker.io/acme/app', 'docker.io/library/a', 'docker.io/library/b', '', ''],
  );
  assert.deepEqual(readBaseline(text, ['pie']), all);
  assert.deepEqual(baselineOf([app, image('a', 'low'), image('b')]), all);
});

test('two platforms of one image are one entry, which accepts the more severe of both', () => {
  const platforms = [image('acme/app', 'low'), image('acme/app', 'critical'), image('acme/app')];
  assert.deepEqual(
    baselineOf(platforms).map(({ severity }) => severity),
    ['critical'],
  );
});

test('what a file of a baseline gets wrong is reported with its line', () => {
  const file = (...lines: readonly string[]) =>
    `{"type":"hullcheck-baseline","version":"1","findings":[\n${lines.join(',\n')}\n]}\n`;
  const line = (given: object) => JSON.stringify({ ...entry, ...given });
  for (const [text, want] of [
    [file(line({ rule: 'pi' })), /^line 2: "pi" is not a rule; did you mean pie\?$/],
    [file(line({}), line({ rule: 'zzz' })), /^line 3: "zzz" is not a rule$/],
    [file(`\n\n${line({ rule: 'zzz' })}`), /^findings\[0\]: "zzz" is not a rule$/],
    [file(line({ expires: '2027-02-30' })), /^line 2: "2027-02-30" is not a date/],
    [file(line({ severity: 'big' })), /severity/],
  ] as const)
    assert.throws(
      () => readBaseline(text, ['pie']),
      (error) => error instanceof UsageError && want.test(error.message),
      text,
    );
});

test('who accepted a finding stands in the report', async () => {
  const policy = {
    ...plainPolicy(),
    today,
    baseline: [{ ...bound, owner: 'team-x', reason: 'known' }],
  };
  const shown = report([app], 'high', policy);
  for (const format of ['text', 'json', 'csv', 'junit'])
    assert.match(await render(format, shown, { all: true }), /team-x/, format);
});

test('a report says what entries of the baseline are in use, with their people, and how many verdicts', () => {
  const people = { date: '2026-06-01', owner: 'team-x', reason: 'old', expires: '2027-01-31' };
  const two = [app, image('acme/other:1.0')];
  const { policy } = judged(two, [{ ...bound, ...people }, entry]);
  assert.deepEqual(policy.baseline, [
    { rules: ['pie'], ...people, verdicts: 1 },
    { rules: ['pie'], verdicts: 1 },
  ]);
  assert.deepEqual(judged(two, []).policy.baseline, []);
});
