import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Audit, Ending } from '../../src/audit/audit.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import { auditFormats } from '../../src/audit/formats/index.ts';
import { excludeAgain } from '../../src/policy/again/exclude-again.ts';
import { createExclusions } from '../../src/policy/exclusions.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { JudgedVerdict, Report, Waived } from '../../src/report/report.ts';
import { parseCsv } from '../support/reports/parsers.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const waivedBy = (given: Partial<Waived> = {}): Waived => ({
  reason: 'the vendor builds it',
  expires: '2026-12-10',
  owner: 'team-x',
  approvedBy: ['Ann'],
  ticket: 'SEC-12',
  created: '2026-06-01',
  origin: 'hullcheck.yaml:7',
  ...given,
});

/** A saved report of one image, whose verdicts are as given: marks are not judged again. */
function saved(verdicts: readonly JudgedVerdict[], given: Partial<Report> = {}): Report {
  const made = report([target({ binaries: [binary({ path: '/opt/run' })] })]);
  const [only] = made.targets;
  assert.ok(only);
  const binaries = only.binaries.map((each) => ({ ...each, verdicts }));
  return { ...made, targets: [{ ...only, binaries }], ...given };
}

const accepted = (waived: Waived, rule = 'pie') => verdict({ rule, waived });

const december: Ending = { days: 30, from: '2026-11-30', until: '2026-12-30' };

function auditOf(reports: readonly Report[], ending: Ending | null = december): Audit {
  const rules = { count: 29, sha256: 'ef'.repeat(32) };
  const builder = createAudit({ date: '2026-11-30', ending, rules });
  for (const [at, each] of reports.entries())
    builder.add(each, { file: `r${at}.json`, sha256: `${at}${'0'.repeat(63)}` });
  return builder.finish();
}

async function rendered(format: string, audit: Audit): Promise<string> {
  const writer = await auditFormats[format]?.();
  assert.ok(writer);
  return [...writer.render(audit, { color: false, width: 200, all: false })].join('');
}

test('verdicts of several reports that one waiver accepts are one acceptance, with all it covers', () => {
  const { acceptances, verdicts } = auditOf([
    saved([accepted(waivedBy()), accepted(waivedBy(), 'relro')]),
    saved([accepted(waivedBy())]),
  ]);
  assert.equal(acceptances.length, 1);
  assert.deepEqual(acceptances[0]?.rules, ['pie', 'relro']);
  assert.equal(acceptances[0]?.verdicts, 3);
  assert.deepEqual(
    verdicts.map((each) => each.report),
    [0, 0, 1],
  );
});

const different: readonly (readonly [what: string, Partial<Waived>])[] = [
  ['reason', { reason: 'another' }],
  ['end', { expires: null }],
  ['owner', { owner: 'team-y' }],
  ['ticket', { ticket: 'SEC-13' }],
  ['place', { origin: 'other.yaml:7' }],
  ['approval', { approvedBy: ['Ann', 'Bob'] }],
];
for (const [what, given] of different)
  test(`waivers with another ${what} are two acceptances`, () => {
    const two = [accepted(waivedBy()), accepted(waivedBy(given), 'relro')];
    assert.equal(auditOf([saved(two)]).acceptances.length, 2);
  });

const ends: readonly (readonly [expires: string | null, want: string | null])[] = [
  ['2026-11-29', 'ended'],
  ['2026-11-30', 'soon'],
  ['2026-12-30', 'soon'],
  ['2026-12-31', 'later'],
  [null, null],
];
for (const [expires, want] of ends)
  test(`on 2026-11-30, what ends on ${expires} is ${want ?? 'without end'} of 30 days`, () => {
    const { acceptances } = auditOf([saved([accepted(waivedBy({ expires }))])]);
    assert.equal(acceptances[0]?.ends, want);
  });

test('what ends first comes first, and what has no end last', () => {
  const dates = [null, '2027-01-01', '2026-12-01'];
  const { acceptances } = auditOf([
    saved(dates.map((expires, at) => accepted(waivedBy({ expires }), `r${at}`))),
  ]);
  assert.deepEqual(
    acceptances.map(({ expires }) => expires),
    ['2026-12-01', '2027-01-01', null],
  );
});

test('owners and approvers answer for what they accept, and tickets for theirs', () => {
  const { people, tickets } = auditOf([
    saved([accepted(waivedBy()), accepted(waivedBy({ owner: 'Ann', ticket: 'SEC-13' }), 'relro')]),
  ]);
  assert.deepEqual(
    people.map(({ name, verdicts }) => [name, verdicts]),
    [
      ['Ann', 2],
      ['team-x', 1],
    ],
  );
  assert.deepEqual(
    tickets.map(({ name, firstEnd }) => [name, firstEnd]),
    [
      ['SEC-12', '2026-12-10'],
      ['SEC-13', '2026-12-10'],
    ],
  );
});

test('the CSV has a row for each accepted verdict, with image, people and source', async () => {
  const policy = {
    ...saved([]).policy,
    files: [
      { role: 'configuration', name: 'hullcheck.yaml', sha256: 'cc'.repeat(32), how: 'found' },
    ],
  } as const;
  const rows = parseCsv(
    await rendered('csv', auditOf([saved([accepted(waivedBy())], { policy })])),
  );
  const [names = [], row = [], ...others] = rows;
  const of = (name: string) => row[names.indexOf(name)];
  assert.equal(of('state'), 'accepted');
  assert.ok(others.every((each) => each[names.indexOf('state')] !== 'accepted'));
  assert.equal(of('image'), 'app:1.0');
  assert.equal(of('rule'), 'pie');
  assert.equal(of('path'), '/opt/run');
  assert.equal(of('owner'), 'team-x');
  assert.equal(of('approved-by'), 'Ann');
  assert.equal(of('ticket'), 'SEC-12');
  assert.equal(of('expires'), '2026-12-10');
  assert.equal(of('ends'), 'soon');
  assert.equal(of('source'), 'hullcheck.yaml:7');
  assert.equal(of('source-sha256'), 'cc'.repeat(32));
});

const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', ' =1+1', '\t=1+1'];
for (const reason of formulas)
  test(`a reason of ${JSON.stringify(reason)} is text for a spreadsheet`, async () => {
    const csv = await rendered('csv', auditOf([saved([accepted(waivedBy({ reason }))])]));
    const [names = [], row = []] = parseCsv(csv);
    assert.match(row[names.indexOf('reason')] ?? '', /^(?:'|\\)/);
  });

const hostile = '<img src=x onerror=alert(1)>\u202e\u001b[2J"\'&</style>';
for (const format of ['text', 'csv', 'html', 'json'])
  test(`${format}: words of a report neither move a cursor nor become mark-up`, async () => {
    const waived = waivedBy({
      ...{ reason: hostile, owner: hostile, ticket: hostile, origin: hostile },
      approvedBy: [hostile],
    });
    const made = saved([accepted(waived, hostile)]);
    const policy = { ...made.policy, profile: hostile, notices: [hostile], warnings: [hostile] };
    const gate = { ...made.gate, because: hostile };
    const out = await rendered(format, auditOf([{ ...made, policy, gate }]));
    assert.doesNotMatch(out, /[\u202e\u001b]/);
    if (format === 'html') assert.doesNotMatch(out, /<img|onerror=alert\(1\)>|"'&</);
  });

test('the HTML allows its own style, and no script or address', async () => {
  const out = await rendered('html', auditOf([saved([accepted(waivedBy())])]));
  assert.match(out, /default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'/);
  assert.doesNotMatch(out, /<script|https?:|src=|href=/);
});

test('the HTML of 5,000 waivers says how many it leaves out, and the CSV has all', async () => {
  const verdicts = Array.from({ length: 5000 }, (_, at) =>
    accepted(waivedBy({ reason: `reason ${at}` }), `rule-${at}`),
  );
  const audit = auditOf([saved(verdicts)]);
  assert.match(await rendered('html', audit), /3000 more rows are in the formats csv and json/);
  const [names = [], ...rows] = parseCsv(await rendered('csv', audit));
  const found = rows.filter((row) => row[names.indexOf('state')] === 'accepted');
  assert.equal(found.length, 5000);
});

test('a report of a version without people and dates is audited with what it has', async () => {
  const old = saved([
    verdict({ rule: 'pie', waived: { reason: 'known', expires: null } }),
    verdict({ rule: 'relro', baselined: true }),
  ]);
  const { acceptances } = auditOf([old]);
  assert.deepEqual(acceptances.map(({ by, owner, source }) => [by, owner, source]).toSorted(), [
    ['baseline', null, null],
    ['waiver', null, null],
  ]);
  assert.match(await rendered('text', auditOf([old])), /waiver without an owner/);
});

const entryBy = { date: '2026-06-01', owner: 'team-y', reason: 'before my time' };
const known = (expires: string, rule = 'pie') =>
  verdict({ rule, baselined: true, baselinedBy: { ...entryBy, expires } });

test('entries of a baseline are accepted by people until a day, and those with equal words are one', () => {
  const { acceptances, people } = auditOf([
    saved([known('2026-12-10'), known('2026-12-10', 'relro'), known('2027-06-01', 'canary')]),
  ]);
  assert.deepEqual(
    acceptances.map(({ by, owner, reason, created, expires, ends, rules }) => [
      ...[by, owner, reason, created, expires, ends],
      rules.join(),
    ]),
    [
      ['baseline', 'team-y', 'before my time', '2026-06-01', '2026-12-10', 'soon', 'pie,relro'],
      ['baseline', 'team-y', 'before my time', '2026-06-01', '2027-06-01', 'later', 'canary'],
    ],
  );
  assert.deepEqual(
    people.map(({ name, verdicts, firstEnd }) => [name, verdicts, firstEnd]),
    [['team-y', 3, '2026-12-10']],
  );
});

const shown: readonly (readonly [format: string, says: RegExp])[] = [
  ['text', /until 2026-12-10 \(ends soon\): baseline of team-y, made on 2026-06-01/],
  ['text', /reason: before my time/],
  ['text', /1 baseline acceptance accepts 1 verdict; 0 ended before 2026-11-30, 1 ends by/],
  ['csv', /baseline,before my time,team-y,,,2026-06-01,2026-12-10,soon/],
  ['html', /<tr class="soon"><td>until 2026-12-10 \(ends soon\).*before my time.*team-y/],
  ['json', /"by":"baseline","reason":"before my time","owner":"team-y"/],
];
for (const [format, says] of shown)
  test(`${format}: an entry of a baseline is shown as ${says.source.slice(0, 40)}`, async () => {
    assert.match(await rendered(format, auditOf([saved([known('2026-12-10')])])), says);
  });

test('an audit names what was excluded, switched off, lowered and left unread, by image', async () => {
  const made = saved([
    verdict({ rule: 'pie', outcome: 'not-applicable', setAside: 'switched-off' }),
    verdict({ rule: 'relro', severity: 'low', setAside: 'lowered' }),
  ]);
  const targets = made.targets.map((each) => ({
    ...each,
    excluded: 2,
    exclusions: [{ glob: '/opt/**', files: 2 }],
    problems: [{ kind: 'limit', where: '/x', message: 'too large' } as const],
  }));
  const out = await rendered('text', auditOf([{ ...made, targets }]));
  assert.match(out, /2 files excluded by \/opt\/\*\* \(2\)/);
  assert.match(out, /pie: 1 failure switched off by the configuration \(\/opt\/run\)/);
  assert.match(out, /relro: 1 failure lowered below what breaks the gate/);
  assert.match(out, /parts that were not scanned, or not whole: 1/);
  assert.match(out, /not scanned: \/x: too large/);
});

test('the CSV of an audit has a row for all that was left out, and says what each is', async () => {
  const made = saved(
    [verdict({ rule: 'pie', outcome: 'not-applicable', setAside: 'switched-off' })],
    {
      policy: {
        ...saved([]).policy,
        settings: [{ name: 'rules.pie', value: '"off"', from: 'hullcheck.yaml:3:1' }],
      },
    },
  );
  const targets = made.targets.map((each) => ({
    ...each,
    excluded: 1,
    exclusions: [{ glob: '/opt/**', files: 1, paths: ['/opt/a'] }],
    problems: [
      { kind: 'limit', where: '/x', message: 'too large' },
      { kind: 'damaged', where: '/y', message: 'cut', rules: ['pie'] },
      { kind: 'notice', where: '/z', message: 'a format, which is not read' },
      { kind: 'notice', where: '/odd', message: 'an odd entry' },
    ] as const,
  }));
  const [names = [], ...rows] = parseCsv(await rendered('csv', auditOf([{ ...made, targets }])));
  const cell = (row: readonly string[], name: string) => row[names.indexOf(name)];
  const seen = new Map(rows.map((row) => [cell(row, 'state'), row]));
  const shown = (state: string, ...columns: readonly string[]) => {
    const row = seen.get(state);
    assert.ok(row, state);
    return columns.map((name) => cell(row, name));
  };
  const path = '/opt/run';
  assert.deepEqual(shown('switched-off', 'rule', 'path', 'count'), ['pie', path, '1']);
  assert.deepEqual(shown('excluded', 'path', 'because', 'count'), ['/opt/a', '/opt/**', '1']);
  assert.deepEqual(shown('not-scanned', 'path', 'because'), ['/x', 'too large']);
  assert.deepEqual(shown('not-whole', 'path', 'because'), ['/y', 'cut']);
  assert.deepEqual(shown('not-read', 'path'), ['/z']);
  assert.deepEqual(shown('setting', 'because', 'source'), [
    'rules.pie: "off"',
    'hullcheck.yaml:3:1',
  ]);
  assert.match(shown('report', 'because').join(), /hullcheck .*profile/);
  assert.ok(!rows.some((row) => cell(row, 'path') === '/odd'));
});

test('an audit names the first files that a glob leaves out, sorted, and says that there are more', async () => {
  const { excludes, report: left } = createExclusions(['/opt/**', '*.so']);
  for (let at = 30; at > 9; at -= 1) excludes(`/opt/f${at}`);
  const [opt, so] = left();
  const ten = Array.from({ length: 10 }, (_, at) => `/opt/f${at + 10}`);
  assert.deepEqual(opt, { glob: '/opt/**', files: 21, paths: ten });
  assert.deepEqual(so, { glob: '*.so', files: 0 });
  const made = saved([]);
  const targets = made.targets.map((each) => ({ ...each, excluded: 21, exclusions: left() }));
  const out = await rendered('json', auditOf([{ ...made, targets }]));
  assert.match(out, /"paths":\["\/opt\/f10","\/opt\/f11"/);
  const text = (await rendered('text', auditOf([{ ...made, targets }]))).replaceAll(/\s+/g, ' ');
  assert.match(text, /by \/opt\/\*\* \(21: \/opt\/f10, .*\/opt\/f19, \.\.\.\), \*\.so \(0\)/);
});

test('a report that is judged again names the files of both policies', () => {
  const given = target({ binaries: [binary({ path: '/opt/b' }), binary({ path: '/bin/a' })] });
  const exclusions = [{ glob: '/opt/**', files: 1, paths: ['/opt/z'] }];
  const again = excludeAgain({ ...given, excluded: 1, exclusions }, ['/opt/**']);
  assert.deepEqual(again.exclusions, [{ glob: '/opt/**', files: 2, paths: ['/opt/b', '/opt/z'] }]);
});

test('an audit says in how many verdicts nothing was found, for each condition that holds', () => {
  const policy = plainPolicy({ failOn: 'high', failOnRules: ['pie'], failOnUnknown: true });
  const verdicts = [
    verdict({ rule: 'pie', outcome: 'pass' }),
    verdict({ rule: 'relro', severity: 'low' }),
    verdict({ rule: 'canary', outcome: 'not-applicable' }),
  ];
  const image = (name: string) =>
    target({ name, binaries: ['/a', '/b'].map((path) => binary({ path, verdicts })) });
  const made = report([image('app:1.0'), image('db:2')], 'high', policy);
  const [audited] = auditOf([made]).reports;
  for (const { conditions } of audited?.images ?? [])
    assert.deepEqual(
      conditions.map(({ condition, because, state }) => [condition, because, state]),
      [
        ['fail-on high', '0 findings that weigh so much in 4 verdicts', 'holds'],
        ['fail-on pie', '0 findings of it in 2 verdicts', 'holds'],
        ['fail-on-unknown', '0 unknown verdicts in 4', 'holds'],
      ],
    );
});

test('an audit says which rules a run was narrowed to', async () => {
  const tool = {
    ...saved([]).tool,
    rules: { count: 29, sha256: 'ef'.repeat(32) },
  };
  const out = await rendered('text', auditOf([saved([], { tool, rules: ['pie'] })]));
  assert.match(out, /only 1 of 29 rules asked: pie/);
});

test('the same reports give the same bytes in every format', async () => {
  const reports = [saved([accepted(waivedBy())]), saved([accepted(waivedBy({ owner: 'b' }))])];
  for (const format of Object.keys(auditFormats))
    assert.equal(
      await rendered(format, auditOf(reports)),
      await rendered(format, auditOf(structuredClone(reports))),
    );
});
