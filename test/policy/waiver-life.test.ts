import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { type Policy, plainPolicy, type Selector, type Waiver } from '../../src/policy/policy.ts';
import type { JudgedVerdict, TargetReport } from '../../src/report/report.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { parseCsv } from '../support/reports/parsers.ts';
import { render } from '../support/reports/render.ts';
import {
  binary,
  factsWith,
  type GivenTarget,
  report,
  target,
  verdict,
} from '../support/reports/report-builder.ts';

const digest = 'ab'.repeat(32);
const facts = factsWith({
  package: known(somePackage({ name: 'zlib' })),
  buildId: known({ form: 'gnu' as const, id: 'c0ffee', evidence: [] }),
});

const withVerdicts = (verdicts: readonly JudgedVerdict[], given: GivenTarget = {}): TargetReport =>
  target({
    name: 'ghcr.io/acme/app:2.1',
    scheme: 'registry',
    binaries: [binary({ path: '/opt/app/bin/run', sha256: digest, facts, verdicts })],
    ...given,
  });
const failing = (given: GivenTarget = {}) => withVerdicts([verdict({ rule: 'pie' })], given);
const passing = (given: GivenTarget = {}) =>
  withVerdicts([verdict({ rule: 'pie', outcome: 'pass' })], given);
const unknown = withVerdicts([verdict({ rule: 'pie', outcome: 'unknown', undecidedBy: 'damage' })]);

const waiver = (given: Partial<Waiver>): Waiver => ({
  rules: ['pie'],
  where: { path: ['/opt/**'] },
  reason: 'known',
  expires: null,
  causes: [],
  origin: 'c.yaml:3',
  ...given,
});
const judged = (
  targets: readonly TargetReport[],
  waivers: readonly Waiver[],
  given: Partial<Policy> = {},
) => applyPolicy(targets, { ...plainPolicy(), today: '2026-11-30', waivers, ...given });

const selectors: readonly (readonly [claim: string, Selector, boolean])[] = [
  ['its image', { image: ['ghcr.io/acme/app'] }, true],
  ['a tag of its image', { image: ['ghcr.io/acme/app:2.*'] }, true],
  ['another tag', { image: ['ghcr.io/acme/app:1.*'] }, false],
  ['another image', { image: ['ghcr.io/acme/other'] }, false],
  ['a path in another image', { image: ['other'], path: ['/opt/app/bin/run'] }, false],
  ['a digest in large letters', { digest: [digest.toUpperCase()] }, true],
  ['a digest with its algorithm', { digest: [`SHA256:${digest.toUpperCase()}`] }, true],
  ['another digest', { digest: ['00'.repeat(32)] }, false],
  ['a build ID in large letters', { buildId: ['C0FFEE'] }, true],
  ['another build ID', { buildId: ['c0ffef'] }, false],
  ['its package', { package: ['zlib'] }, true],
  ['a glob of its package', { package: ['zl*'] }, true],
  ['another package', { package: ['zlib-ng'] }, false],
  ['whose it is', { whose: ['yours'] }, true],
  ['whose it is not', { whose: ['distribution'] }, false],
  ['a file name', { path: ['run'] }, true],
  ['a file name with a star', { path: ['r*'] }, true],
  ['a folder', { path: ['/opt/app/**'] }, true],
  ['a deep folder', { path: ['/opt/app/bin/**'] }, true],
  ['the file as a folder', { path: ['/opt/app/bin/run/**'] }, true],
  ['a folder with braces', { path: ['/{opt,srv}/app/**'] }, true],
  ['a file in any folder', { path: ['/**/run'] }, true],
  ['a folder alongside it', { path: ['/opt/app2/**'] }, false],
  ['one of several paths', { path: ['/srv/x', '/opt/app/bin/run'] }, true],
  ['one of several paths, with globs', { path: ['/srv/*', 'run'] }, true],
];

for (const [claim, where, isMet] of selectors)
  test(`a waiver by ${claim} ${isMet ? 'counts' : 'does not count'}, alone and among others`, () => {
    const others = ['/opt/other', '/srv/**', '*.so'].map((path) =>
      waiver({ where: { path: [path] } }),
    );
    for (const waivers of [[waiver({ where })], [...others, waiver({ where, reason: 'this' })]]) {
      const { gate } = judged([failing()], waivers);
      assert.equal(gate.state, isMet ? 'holds' : 'broken');
    }
  });

test('one waiver is of several rules, and each of them is used or not', () => {
  const two = withVerdicts([verdict({ rule: 'pie' }), verdict({ rule: 'relro', outcome: 'pass' })]);
  const where = { image: ['ghcr.io/acme/*'] };
  const { gate, policy } = judged([two], [waiver({ rules: ['pie', 'relro'], where })]);
  assert.equal(gate.state, 'holds');
  assert.deepEqual(policy.notices, [
    'the waiver of relro at c.yaml:3 matches no finding: it can be removed',
  ]);
});

test('of several waivers the one in force that lasts longest stands in the report, with all that it carries', () => {
  const people = {
    owner: 'team-x',
    approvedBy: ['alice', 'bob'],
    ticket: 'SEC-9',
    created: '2026-11-01',
  };
  const { targets } = judged(
    [failing()],
    [
      waiver({ expires: '2026-11-29', origin: 'c.yaml:1' }),
      waiver({ refused: 'it has no end', origin: 'c.yaml:2' }),
      waiver({ expires: '2027-01-01', ...people, where: { digest: [digest] } }),
      waiver({ expires: '2026-12-31', origin: 'c.yaml:4' }),
    ],
  );
  assert.deepEqual(targets[0]?.binaries[0]?.verdicts[0]?.waived, {
    reason: 'known',
    expires: '2027-01-01',
    ...people,
    origin: 'c.yaml:3',
  });
});

test('what could not be decided is accepted: it breaks no gate, and leaves none undecided', () => {
  const given = { gate: { ...plainPolicy().gate, failOnUnknown: true } };
  assert.equal(judged([unknown], [], given).gate.state, 'undecided');
  const { gate, targets } = judged([unknown], [waiver({})], given);
  assert.equal(gate.state, 'holds');
  assert.deepEqual(gate.undecided.verdicts, 0);
  assert.match(gate.because, /; 1 unknown verdict waived$/);
  assert.deepEqual([gate.setAside.waived, gate.setAside.waivedUnknown], [1, 1]);
  assert.equal(targets[0]?.problems[0]?.kind, 'notice');
  assert.equal(
    judged([unknown], [waiver({ expires: '2026-11-29' })], given).gate.state,
    'undecided',
  );
});

test('a waiver of some causes does not accept that the cause is not known', () => {
  const named = waiver({ causes: ['library libssl.so.3'] });
  assert.equal(judged([unknown], [named]).gate.state, 'undecided');
});

test('a waived file is taken out of coverage, and said', () => {
  const both = target({
    binaries: [
      binary({ path: '/a', verdicts: [verdict({ rule: 'pie', outcome: 'pass' })] }),
      binary({ path: '/opt/b', verdicts: [verdict({ rule: 'pie', severity: 'low' })] }),
    ],
  });
  const given = { gate: { ...plainPolicy().gate, coverage: { pie: 100 } } };
  assert.equal(judged([both], [], given).gate.state, 'broken');
  const { gate } = judged([both], [waiver({})], given);
  assert.equal(gate.state, 'holds');
  assert.deepEqual(gate.held, [
    { condition: 'fail-on high', because: '0 findings that weigh so much in 2 verdicts' },
    {
      condition: 'coverage of pie at least 100 %',
      because: 'pie covers 1 of 1 binary, 1 waived, expected at least 100 %',
    },
  ]);
});

const removable = 'the waiver of pie at c.yaml:3 matches no finding: it can be removed';
const idleHere =
  'the waiver of pie at c.yaml:3 accepts nothing here: if it is for another image, name that image in it';
const named = { image: ['ghcr.io/acme/app'], path: ['/opt/app/bin/run'] };
const damaged = [{ kind: 'damaged' as const, where: 'layer', message: 'it ends too early' }];
const notices: readonly (readonly [
  claim: string,
  TargetReport,
  Partial<Waiver>,
  want: string | null,
])[] = [
  ['its image was judged and passes', passing(), { where: named }, removable],
  ['it is for another image', passing(), { where: { image: ['other'] } }, null],
  ['it may be for another image', passing(), { where: { path: ['/nowhere'] } }, idleHere],
  ['the rule was not asked', passing(), { where: named, rules: ['relro'] }, null],
  ['nothing is there to judge', target({ ...passing(), binaries: [] }), { where: named }, null],
  ['a part was not read', passing({ problems: damaged }), { where: named }, null],
  [
    'a part was not read, whatever its image',
    passing({ problems: damaged }),
    { where: { path: ['/x'] } },
    null,
  ],
  [
    'another platform of the image was not judged',
    passing({ otherPlatforms: ['linux/arm64'] }),
    { where: named },
    null,
  ],
  [
    'what it selects is left out',
    passing({ excluded: 1, exclusions: [{ glob: '/opt/**', files: 1 }] }),
    { where: named },
    null,
  ],
  [
    'what it may select is left out',
    passing({ excluded: 1, exclusions: [{ glob: '/srv/**', files: 1 }] }),
    { where: { ...named, path: ['/**/run'] } },
    null,
  ],
  [
    'something else is left out',
    passing({ excluded: 1, exclusions: [{ glob: '/srv/**', files: 1 }] }),
    { where: named },
    removable,
  ],
  [
    'nothing is left out',
    passing({ exclusions: [{ glob: '/opt/**', files: 0 }] }),
    { where: named },
    removable,
  ],
  ['a report does not say what is left out', passing({ excluded: 1 }), { where: named }, null],
  ['the verdict is unknown', unknown, { where: named }, null],
  ['it is in use', failing(), { where: named }, null],
  [
    'it is beyond a limit',
    failing(),
    { refused: 'it has no end (limits at org.yaml:2)' },
    'the waiver of pie at c.yaml:3 does not count: it has no end (limits at org.yaml:2)',
  ],
  [
    'it has an owner',
    failing(),
    { expires: '2026-11-29', owner: 'team-x' },
    'the waiver of pie at c.yaml:3 (owner: team-x) expired on 2026-11-29: 1 finding counts again',
  ],
];

for (const [claim, image, given, want] of notices)
  test(`notice of a waiver where ${claim}: ${want === null ? 'none' : 'said'}`, () => {
    const { policy } = judged([image], [waiver(given)]);
    const ofWaiver = policy.notices.filter((notice) => /^the waiver/.test(notice));
    assert.deepEqual(ofWaiver, want === null ? [] : [want]);
  });

test('a rule that is off may be on again: its waiver is not called unused', () => {
  const off = { rule: 'pie', level: 'off', because: 'so', where: {}, by: 'configuration' } as const;
  const { policy } = judged([failing()], [waiver({ where: named })], { levels: [off] });
  assert.deepEqual(policy.notices, []);
});

test('a file for many images does not fill the report of one', () => {
  const many = Array.from({ length: 300 }, (_, at) =>
    waiver({ where: { path: [`/x/${at}`] }, origin: `c.yaml:${at}` }),
  );
  const { policy } = judged([passing()], many);
  assert.equal(policy.notices.length, 11);
  assert.ok(policy.notices.includes('290 more waivers accept nothing here'));
});

test('a waiver for everything is said in every format', async () => {
  const policy = { ...plainPolicy(), waivers: [waiver({ where: {} })] };
  const said = /the waiver of pie at c\.yaml:3 is for every file of every image/;
  for (const format of ['text', 'json', 'sarif', 'junit', 'gitlab', 'github', 'markdown', 'html'])
    assert.match(
      (await render(format, report([failing()], 'high', policy))).replace(/\s+/g, ' '),
      said,
      format,
    );
  assert.deepEqual(judged([failing()], [waiver({ where: { path: ['**'] } })]).policy.warnings, []);
});

const strict = { gate: { ...plainPolicy().gate, strictPolicy: true } };
const override = (where: Selector) =>
  ({ rule: 'pie', level: 'low', because: 'so', where, by: 'configuration' }) as const;

const strictCases: readonly (readonly [
  claim: string,
  image: TargetReport,
  given: Partial<Policy>,
  broken: RegExp | null,
])[] = [
  [
    'a waiver without a use breaks it',
    passing(),
    { waivers: [waiver({ where: named })] },
    /^1 entry of the policy does nothing \(the waiver of pie at c\.yaml:3 matches no finding: it can be removed\)/,
  ],
  [
    'one that may be for another image breaks it',
    passing(),
    { waivers: [waiver({})] },
    /name that image in it/,
  ],
  [
    'one of another image does not',
    passing(),
    { waivers: [waiver({ where: { image: ['x'] } })] },
    null,
  ],
  ['one in use does not', failing(), { waivers: [waiver({})] }, null],
  [
    'an override without a use breaks it',
    passing(),
    { levels: [override({ path: ['/nowhere/**'] })] },
    /the override of pie for path \/nowhere\/\*\* matches no file/,
  ],
  ['an override in use does not', passing(), { levels: [override({ path: ['/opt/**'] })] }, null],
  [
    'nor does one of another image',
    passing(),
    { levels: [override({ image: ['x'], path: ['/nowhere'] })] },
    null,
  ],
  [
    'an exclusion without a use breaks it',
    passing({ exclusions: [{ glob: '/nowhere', files: 0 }] }),
    {},
    /exclude: \/nowhere leaves out nothing here/,
  ],
  [
    'an exclusion in use does not',
    passing({ exclusions: [{ glob: '/srv/**', files: 2 }] }),
    {},
    null,
  ],
];

for (const [claim, image, given, broken] of strictCases)
  test(`strict policy: ${claim}`, () => {
    const { gate } = judged([image], [], { ...strict, ...given });
    assert.equal(gate.state, broken === null ? 'holds' : 'broken', gate.because);
    if (broken === null) return;
    assert.match(gate.because, broken);
    assert.deepEqual(
      gate.failed.map(({ condition }) => condition),
      ['strict-policy'],
    );
    assert.equal(judged([image], [], given).gate.state, 'holds');
  });

test('strict policy: what could not be scanned leaves the gate undecided anyway', () => {
  const given = { ...strict, levels: [override({ path: ['/nowhere/**'] })] };
  assert.equal(judged([passing({ problems: damaged })], [], given).gate.state, 'undecided');
});

test('CSV has what is waived without any option, with people in columns of their own', async () => {
  const people = { owner: 'team-x', approvedBy: ['alice', 'bob'], ticket: 'SEC-9' };
  const waivers = [waiver({ ...people, created: '2026-11-01', expires: '2027-01-01' })];
  const policy = { ...plainPolicy(), today: '2026-11-30', waivers };
  const [head = [], ...rows] = parseCsv(await render('csv', report([failing()], 'high', policy)));
  assert.equal(rows.length, 1);
  const cells = Object.fromEntries(head.map((name, at) => [name, rows[0]?.[at]]));
  assert.equal(cells['accepted']?.slice(0, 30), 'waived until 2027-01-01: known');
  assert.deepEqual(
    head.filter((name) => name.startsWith('waiver-')).map((name) => cells[name]),
    ['known', '2027-01-01', 'team-x', 'alice; bob', 'SEC-9', '2026-11-01', 'c.yaml:3'],
  );
});

test('every format says who stands behind a waiver', async () => {
  const people = { owner: 'team-x', approvedBy: ['alice'], ticket: 'SEC-9' };
  const policy = { ...plainPolicy(), today: '2026-11-30', waivers: [waiver(people)] };
  const options = { all: true, suppressions: true };
  for (const format of [
    'text',
    'json',
    'jsonl',
    'sarif',
    'csv',
    'junit',
    'gitlab',
    'markdown',
    'html',
  ]) {
    const text = await render(format, report([failing()], 'high', policy), options);
    for (const word of ['team-x', 'alice', 'SEC-9']) assert.match(text, new RegExp(word), format);
  }
});
