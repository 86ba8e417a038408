import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import type { BaselineEntry } from '../../src/policy/baseline/entry.ts';
import { contradictionsIn } from '../../src/policy/contradictions.ts';
import { type Policy, plainPolicy, type Waiver } from '../../src/policy/policy.ts';
import { messageKinds } from '../../src/report/policy-messages.ts';
import type { InactiveAcceptance, PolicyReport, TargetReport } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { audited, auditOf } from '../support/reports/audited.ts';
import { parseCsv } from '../support/reports/parsers.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const today = '2026-11-30';
const byContent = target({
  name: 'ghcr.io/acme/app:1.0',
  namedBy: 'content',
  binaries: [binary({ path: '/opt/run', verdicts: [verdict({ rule: 'pie' })] })],
});
const app = target({
  name: 'ghcr.io/acme/app:1.0',
  scheme: 'registry',
  binaries: [
    binary({
      path: '/opt/run',
      verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro', outcome: 'pass' })],
    }),
  ],
});
const waiver: Waiver = {
  rules: ['pie'],
  where: { image: ['ghcr.io/acme/app'], path: ['/opt/run'] },
  causes: [],
  reason: 'the vendor builds it',
  expires: '2026-11-15',
  owner: 'team-x',
  approvedBy: ['alice'],
  ticket: 'SHOP-2',
  created: '2026-06-01',
  origin: 'hullcheck.yaml:7',
};
const entry: BaselineEntry = {
  ...{ rule: 'pie', path: '/opt/run', package: null, buildId: null, severity: 'high' },
  ...{ date: '2026-01-01', owner: 'team-y', reason: 'old', expires: '2026-11-01' },
};

const judged = (waivers: readonly Waiver[], baseline: readonly BaselineEntry[]): Policy => ({
  ...plainPolicy(),
  ...{ today, date: today, waivers, baseline },
  files: [
    { role: 'configuration', name: 'hullcheck.yaml', sha256: 'cc'.repeat(32), how: 'found' },
    { role: 'baseline', name: 'known.json', sha256: 'bb'.repeat(32), how: 'named' },
  ],
});
const recordOf = (waivers: readonly Waiver[], baseline: readonly BaselineEntry[]) =>
  applyPolicy([app], judged(waivers, baseline)).policy;

const rows: readonly (readonly [
  claim: string,
  waivers: readonly Waiver[],
  baseline: readonly BaselineEntry[],
  want: Partial<InactiveAcceptance> | null,
  kind: string | null,
])[] = [
  ['a waiver in force', [{ ...waiver, expires: null }], [], null, null],
  [
    'a waiver past its end',
    [waiver],
    [],
    { by: 'waiver', state: 'ended', verdicts: 1, because: 'it ended on 2026-11-15' },
    'waiver-ended',
  ],
  [
    'a waiver past its end, next to one in force',
    [waiver, { ...waiver, expires: null, origin: 'hullcheck.yaml:9' }],
    [],
    { state: 'ended', verdicts: 0 },
    'waiver-ended',
  ],
  [
    'a waiver beyond limits',
    [{ ...waiver, expires: null, refused: 'it has no end' }],
    [],
    { state: 'refused', verdicts: 1, because: 'it has no end' },
    'waiver-refused',
  ],
  [
    'a waiver without a finding',
    [{ ...waiver, expires: null, rules: ['relro'] }],
    [],
    { state: 'unused', verdicts: 0, rules: ['relro'] },
    'waiver-unused',
  ],
  [
    'an entry past its end',
    [],
    [entry],
    { by: 'baseline', state: 'ended', verdicts: 1, entries: 1, paths: ['/opt/run'] },
    'baseline-ended',
  ],
  [
    'an entry beyond limits',
    [],
    [{ ...entry, expires: '2027-01-01', refused: 'it has no owner' }],
    { by: 'baseline', state: 'refused', verdicts: 1, because: 'it has no owner' },
    'baseline-refused',
  ],
  [
    'an entry whose finding weighs more now',
    [],
    [{ ...entry, expires: '2027-01-01', severity: 'low' }],
    { by: 'baseline', state: 'raised', verdicts: 1 },
    'baseline-raised',
  ],
  [
    'an entry whose finding is gone',
    [],
    [{ ...entry, rule: 'relro' }],
    { by: 'baseline', state: 'unused', verdicts: 0, paths: ['/opt/run'] },
    null,
  ],
];

for (const [claim, waivers, baseline, want, kind] of rows)
  test(`${claim} ${want === null ? 'is not inactive' : `is a row with its people: ${want.state}`}`, () => {
    const { inactive = [], messages = [] } = recordOf(waivers, baseline);
    assert.equal(inactive.length, want === null ? 0 : 1);
    const [row] = inactive;
    if (want === null || row === undefined) return;
    for (const [name, value] of Object.entries(want))
      assert.deepEqual(Object.entries(row).find(([each]) => each === name)?.[1], value, name);
    const [one] = [...waivers, ...baseline];
    assert.equal(row.owner, one?.owner);
    assert.equal(row.reason, one?.reason);
    assert.equal(row.expires ?? null, one?.expires ?? null);
    if (row.by === 'waiver')
      assert.deepEqual(
        [row.approvedBy, row.ticket, row.created, row.origin],
        [['alice'], 'SHOP-2', '2026-06-01', 'hullcheck.yaml:7'],
      );
    assert.equal(messages.filter((each) => each.kind === kind).length, kind === null ? 0 : 1);
  });

const ended = report([app], 'high', judged([waiver], [entry]));

test('messages are the warnings and notices, each with a kind that the guide lists', () => {
  const { messages = [], warnings, notices } = ended.policy;
  assert.deepEqual(
    messages.map(({ message }) => message),
    [...warnings, ...notices],
  );
  const guide = readFileSync(join(repositoryRoot, 'docs/formats.md'), 'utf8');
  for (const [kind, text] of Object.entries(messageKinds))
    assert.ok(guide.includes(`| \`${kind}\` | ${text} |`), kind);
});

test('a saved report has its messages and rows, and one of an older version has none', async () => {
  const text = await render('json', ended);
  const read = readReport(text);
  assert.deepEqual(read.policy.messages, ended.policy.messages);
  assert.deepEqual(read.policy.inactive, ended.policy.inactive);
  const old = JSON.parse(text);
  delete old.policy.messages;
  delete old.policy.inactive;
  const before = readReport(JSON.stringify(old));
  assert.equal(before.policy.inactive, undefined);
  assert.deepEqual(contradictionsIn(before), contradictionsIn(read));
  assert.match(await render('gitlab', before), /hullcheck-policy"/);
});

const shown: readonly (readonly [format: string, want: RegExp])[] = [
  ['sarif', /"descriptor":\{"id":"policy\/waiver-ended"\}/],
  ['sarif', /"notifications":\[.*\{"id":"policy\/baseline-ended","shortDescription"/],
  ['junit', /\[waiver-ended\] the waiver of pie at hullcheck\.yaml:7/],
  ['gitlab', /"check_name":"hullcheck-policy-waiver-ended"/],
];
for (const [format, want] of shown)
  test(`${format} shows the kind of a message: ${want.source}`, async () => {
    assert.match(await render(format, ended), want);
  });

for (const [format, want] of [
  [
    'sarif',
    /"id":"policy\/level-in-force"\},"level":"note","message":\{"text":"Hullcheck\.yaml:3/i,
  ],
  ['junit', /\[level-in-force\] hullcheck\.yaml:3:1 sets rules\.pie to &quot;low&quot;/],
] as const)
  test(`${format} lists the levels that a configuration sets, and no other settings`, async () => {
    const settings = [
      { name: 'gate.fail-on', value: '"low"', from: 'hullcheck.yaml:2:1' },
      { name: 'overrides', value: '[{"path":["/opt/**"]}]', from: 'hullcheck.yaml:9:1' },
      { name: 'rules.pie', value: '"low"', from: 'hullcheck.yaml:3:1' },
    ];
    const text = await render(format, report([app], 'high', { ...judged([], []), settings }));
    assert.match(text, want);
    assert.match(text, /hullcheck\.yaml:9:1 sets overrides to/i);
    assert.doesNotMatch(text, /sets gate\.fail-on/);
  });

const edits: readonly (readonly [
  claim: string,
  edit: (policy: PolicyReport) => PolicyReport,
  want: RegExp,
])[] = [
  [
    'a notice that is taken out of the sentences alone',
    (policy) => ({ ...policy, notices: [] }),
    /warnings and notices of the policy are not its messages/,
  ],
  [
    'an ended waiver that is taken out',
    (policy) => ({
      ...policy,
      inactive: policy.inactive?.filter(({ by }) => by !== 'waiver') ?? [],
    }),
    /lists as inactive is not what its messages say \(waiver-ended pie hullcheck\.yaml:7\)/,
  ],
  [
    'ended entries of a baseline that are taken out',
    (policy) => ({ ...policy, inactive: policy.inactive?.slice(0, 1) ?? [] }),
    /baseline-ended/,
  ],
  [
    'an end that is moved',
    (policy) => ({
      ...policy,
      inactive: (policy.inactive ?? []).map((row) => ({ ...row, expires: '2027-01-01' })),
    }),
    /is listed as ended, but ends on 2027-01-01/,
  ],
  [
    'more verdicts than count',
    (policy) => ({
      ...policy,
      inactive: (policy.inactive ?? []).map((row) => ({ ...row, verdicts: 7 })),
    }),
    /7 verdicts that count again, but 1 count/,
  ],
  [
    'a fixed finding that no entry has',
    (policy) => ({ ...policy, fixed: [{ rule: 'pie', path: '/x', how: 'fixed' }] }),
    /1 findings of the baseline are gone, but 0 of its entries/,
  ],
];
for (const [claim, edit, want] of edits)
  test(`attest refuses ${claim}`, () => {
    assert.deepEqual(contradictionsIn(ended), []);
    const found = contradictionsIn({ ...ended, policy: edit(ended.policy) });
    assert.match(found.join('\n'), want);
  });

const inAudit: readonly (readonly [format: string, wants: readonly RegExp[]])[] = [
  [
    'text',
    [
      /1 waiver and 1 baseline acceptance accepted nothing \(2 had ended\)/,
      /ACCEPTED NOTHING\n/,
      /had ended on 2026-11-15: waiver of team-x, approved by alice, ticket SHOP-2, made on 2026-06-01/,
      /pie of image ghcr\.io\/acme\/app and path \/opt\/run: 1 verdict counts again/,
      /hullcheck\.yaml:7 \(sha256 cc/,
      /TICKETS\nSHOP-2: 1 that accepted nothing/,
    ],
  ],
  [
    'html',
    [
      /<h2>Accepted nothing<\/h2>/,
      /had ended on 2026-11-15<\/td>.*<td>team-x<\/td><td>alice<\/td><td>SHOP-2<\/td>/,
    ],
  ],
  ['json', [/"inactive":\[\n\{"by":"baseline"/, /"ticket":"SHOP-2"/]],
];
for (const [format, wants] of inAudit)
  test(`the ${format} of an audit shows what had ended, with its people and place`, async () => {
    const text = await audited(format, [ended], today);
    for (const want of wants) assert.match(text, want);
  });

test('the CSV of an audit has a row for each rule of what had ended, and says so', async () => {
  const [head = [], ...cells] = parseCsv(await audited('csv', [ended], today));
  const row = cells.find((each) => each[head.indexOf('ticket')] === 'SHOP-2');
  assert.ok(row);
  const cell = (name: string) => row[head.indexOf(name)];
  assert.deepEqual(
    ['rule', 'outcome', 'accepted-by', 'owner', 'expires', 'source', 'state'].map(cell),
    ['pie', '', 'waiver', 'team-x', '2026-11-15', 'hullcheck.yaml:7', 'ended'],
  );
});

test('a waiver without a finding in one report that another one uses is not unused', () => {
  const idle = report(
    [app],
    'high',
    judged([{ ...waiver, expires: null, rules: ['pie', 'relro'] }], []),
  );
  const other = target({
    ...app,
    binaries: [binary({ path: '/opt/run', verdicts: [verdict({ rule: 'relro' })] })],
  });
  const used = report(
    [other],
    'high',
    judged([{ ...waiver, expires: null, rules: ['pie', 'relro'] }], []),
  );
  assert.deepEqual(
    auditOf([idle], today).inactive.map(({ rules }) => rules),
    [['relro']],
  );
  assert.deepEqual(auditOf([idle, used], today).inactive, []);
});

const inForce = { ...waiver, expires: null };
const resting: readonly (readonly [
  claim: string,
  target: TargetReport,
  waivers: readonly Waiver[],
  wants: readonly (readonly [state: string, because: RegExp, verdicts: number])[],
])[] = [
  [
    'of an image that is not here',
    app,
    [{ ...inForce, where: { image: ['ghcr.io/acme/db'] } }],
    [['elsewhere', /no image here has such a name/, 0]],
  ],
  [
    'next to one that ends later',
    app,
    [inForce, { ...waiver, expires: '2027-01-01', origin: 'hullcheck.yaml:9' }],
    [['idle', /another waiver accepts what it matches/, 0]],
  ],
  [
    'of an image that was not read whole',
    { ...app, problems: [{ kind: 'limit', where: '/x', message: 'too large' }] },
    [{ ...inForce, rules: ['relro'] }],
    [['idle', /not all that it may select was scanned and judged/, 0]],
  ],
  [
    'of an image whose name only its content says',
    byContent,
    [inForce],
    [['unaccepted', /it rests on the name that the archive .* does not accept/, 1]],
  ],
];
for (const [claim, of, waivers, wants] of resting)
  test(`a waiver in force ${claim} is a row that says so`, () => {
    const { gate, ...plain } = judged(waivers, []);
    const { policy, ...rest } = applyPolicy([of], { ...plain, gate: { ...gate, accept: [] } });
    const rows = policy.inactive ?? [];
    assert.deepEqual(
      rows.map(({ state, verdicts }) => [state, verdicts]),
      wants.map(([state, , verdicts]) => [state, verdicts]),
    );
    for (const [at, [, because]] of wants.entries()) {
      assert.match(rows[at]?.because ?? '', because);
      assert.equal(rows[at]?.owner, 'team-x');
    }
    const made = { ...report([of], 'high', { ...plain, gate: { ...gate, accept: [] } }) };
    assert.deepEqual(rest.targets, made.targets);
    assert.deepEqual(contradictionsIn(made), []);
  });

test('a row of a waiver has all that it selects by, as the configuration spells it', () => {
  const { inactive = [] } = recordOf(
    [{ ...inForce, where: { ...inForce.where, image: ['other'], buildId: ['ab'] }, causes: ['x'] }],
    [],
  );
  assert.deepEqual(inactive[0]?.where, {
    ...{ image: ['other'], path: ['/opt/run'], 'build-id': ['ab'] },
    cause: ['x'],
  });
});

test('of waivers that accept nothing the first are rows, and the report says how many are not', () => {
  const many = Array.from({ length: 450 }, (_, at) => ({
    ...{ ...inForce, where: { image: ['other'] }, origin: `hullcheck.yaml:${at + 1}` },
  }));
  const { inactive = [], inactiveUnlisted } = recordOf(many, []);
  assert.equal(inactive.length, 200);
  assert.equal(inactiveUnlisted, 250);
  assert.equal(recordOf(many.slice(0, 200), []).inactiveUnlisted, undefined);
});

test('entries of a baseline with equal people are rows of their own by rule and image', () => {
  const two: readonly BaselineEntry[] = [
    { ...entry, path: '/opt/run' },
    { ...entry, rule: 'relro', path: '/opt/gone', image: 'ghcr.io/acme/app' },
  ];
  const { inactive = [] } = recordOf([], two);
  assert.deepEqual(
    inactive.map(({ rules, paths, image, entries }) => [rules, paths, image, entries]),
    [
      [['pie'], ['/opt/run'], undefined, 1],
      [['relro'], ['/opt/gone'], 'ghcr.io/acme/app', 1],
    ],
  );
});

test('the CSV of an audit gives each rule of a baseline its own paths and image', async () => {
  const two = report(
    [app],
    'high',
    judged(
      [waiver],
      [entry, { ...entry, rule: 'relro', path: '/opt/b', image: 'ghcr.io/acme/app' }],
    ),
  );
  const [head = [], ...cells] = parseCsv(await audited('csv', [two], today));
  const of = (row: readonly string[]) =>
    ['rule', 'path', 'image', 'accepted-by', 'selects'].map((name) => row[head.indexOf(name)]);
  assert.deepEqual(cells.filter((row) => row[head.indexOf('accepted-by')] !== '').map(of), [
    ['pie', '/opt/run', '', 'baseline', ''],
    ['relro', '/opt/b', 'ghcr.io/acme/app', 'baseline', ''],
    [
      ...['pie', '/opt/run', 'ghcr.io/acme/app', 'waiver'],
      'image ghcr.io/acme/app and path /opt/run',
    ],
  ]);
});

test('two files of one name are two policies for an audit', () => {
  const idle = report([app], 'high', judged([{ ...inForce, rules: ['relro'] }], []));
  const files = idle.policy.files.map((file) => ({ ...file, sha256: 'dd'.repeat(32) }));
  const used = report(
    [
      target({
        ...app,
        binaries: [binary({ path: '/opt/run', verdicts: [verdict({ rule: 'relro' })] })],
      }),
    ],
    'high',
    { ...judged([{ ...inForce, rules: ['relro'] }], []), files },
  );
  assert.equal(auditOf([idle, used], today).inactive.length, 1);
});

test('a waiver of an image that another report is of is not listed as of none', () => {
  const db = { ...inForce, where: { image: ['ghcr.io/acme/db'] } };
  const other = target({ ...app, name: 'ghcr.io/acme/db:2' });
  const [first, second] = [app, other].map((of) => report([of], 'high', judged([db], [])));
  assert.ok(first && second);
  assert.deepEqual(
    auditOf([first], today).inactive.map(({ state }) => state),
    ['elsewhere'],
  );
  assert.deepEqual(auditOf([first, second], today).inactive, []);
});
