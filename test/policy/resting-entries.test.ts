import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BaselineEntry } from '../../src/policy/baseline/entry.ts';
import { contradictionsIn } from '../../src/policy/contradictions.ts';
import { type Policy, plainPolicy, type Waiver } from '../../src/policy/policy.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { readReport } from '../../src/saved-report/read-report.ts';
import { audited, auditOf } from '../support/reports/audited.ts';
import { parseCsv } from '../support/reports/parsers.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const today = '2026-11-30';
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
  ...{ rules: ['pie'], causes: [], where: { image: ['ghcr.io/acme/app'], path: ['/opt/run'] } },
  ...{ reason: 'the vendor builds it', expires: '2026-11-15', origin: 'hullcheck.yaml:7' },
};
const lasting: BaselineEntry = {
  ...{ rule: 'pie', path: '/opt/run', package: null, buildId: null, severity: 'high' },
  ...{ date: '2026-01-01', owner: 'team-y', reason: 'old', expires: '2027-01-01' },
};

const judged = (waivers: readonly Waiver[], baseline: readonly BaselineEntry[]): Policy => ({
  ...plainPolicy(),
  ...{ today, date: today, waivers, baseline },
  files: [{ role: 'baseline', name: 'known.json', sha256: 'bb'.repeat(32), how: 'named' }],
});

const restingEntries: readonly (readonly [
  claim: string,
  target: TargetReport,
  baseline: readonly BaselineEntry[],
  want: readonly [state: string, because: string],
])[] = [
  [
    'of an image that is not here',
    app,
    [{ ...lasting, image: 'ghcr.io/acme/db' }],
    ['elsewhere', 'no image here has such a name'],
  ],
  [
    'of a rule that was not asked',
    app,
    [{ ...lasting, rule: 'bind-now' }],
    ['idle', 'its rule was not asked'],
  ],
  [
    'of an image that was not read whole',
    { ...app, problems: [{ kind: 'limit', where: '/x', message: 'too large' }] },
    [{ ...lasting, path: '/opt/other' }],
    ['idle', 'not all that it may stand for was scanned'],
  ],
  [
    'of a file that is left out',
    { ...app, excluded: 1, exclusions: [{ glob: '/srv/**', files: 1 }] },
    [{ ...lasting, path: '/srv/x' }],
    ['idle', 'not all that it may stand for was scanned'],
  ],
  [
    'of a verdict that is unknown',
    target({
      ...app,
      binaries: [
        binary({ path: '/opt/run', verdicts: [verdict({ rule: 'pie', outcome: 'unknown' })] }),
      ],
    }),
    [lasting],
    ['idle', 'its finding is waived, or was not decided'],
  ],
  [
    'next to one of the image itself',
    app,
    [lasting, { ...lasting, image: 'ghcr.io/acme/app' }],
    ['idle', 'another entry accepts the same finding'],
  ],
];
for (const [claim, of, baseline, want] of restingEntries)
  test(`an entry of a baseline in force ${claim} is a row that says so`, () => {
    const made = report([of], 'high', judged([], baseline));
    const rows = made.policy.inactive ?? [];
    assert.deepEqual(
      rows.map(({ by, state, because, entries, owner }) => [by, state, because, entries, owner]),
      [['baseline', ...want, 1, lasting.owner]],
    );
    assert.deepEqual(contradictionsIn(made), []);
  });

test('of entries of a baseline that stand for nothing the first are rows, and the report says how many are not', () => {
  const many = Array.from({ length: 250 }, (_, at) => ({ ...lasting, image: `acme/db${at}` }));
  const { inactive = [], inactiveUnlisted } = report([app], 'high', judged([], many)).policy;
  assert.equal(inactive.length, 200);
  assert.equal(inactiveUnlisted, 50);
});

test('an entry of an image that no report is of is in the audit, and one of another report is not', async () => {
  const db = { ...lasting, image: 'ghcr.io/acme/db' };
  const other = target({ ...app, name: 'ghcr.io/acme/db:2' });
  const [first, second] = [app, other].map((of) => report([of], 'high', judged([], [db])));
  assert.ok(first && second);
  assert.deepEqual(
    auditOf([first], today).inactive.map(({ state, images, paths }) => [state, images, paths]),
    [['elsewhere', ['ghcr.io/acme/db'], ['/opt/run']]],
  );
  assert.match(
    await audited('text', [first], today),
    /of images that are in no report: baseline of .*\n.*\n? *pie \(1 entry in ghcr\.io\/acme\/db: \/opt\/run\)/,
  );
  assert.deepEqual(auditOf([first, second], today).inactive, []);
});

test('what counts again of an ended waiver is said of each rule', async () => {
  const two = target({
    ...app,
    binaries: [
      binary({
        path: '/opt/run',
        verdicts: [verdict({ rule: 'pie', outcome: 'pass' }), verdict({ rule: 'relro' })],
      }),
    ],
  });
  const made = report([two], 'high', judged([{ ...waiver, rules: ['pie', 'relro'] }], []));
  assert.deepEqual(
    made.policy.inactive?.map(({ rules, verdicts, verdictsByRule }) => [
      rules,
      verdicts,
      verdictsByRule,
    ]),
    [[['pie', 'relro'], 1, { pie: 0, relro: 1 }]],
  );
  assert.deepEqual(contradictionsIn(made), []);
  const read = readReport(await render('json', made));
  const [head = [], ...cells] = parseCsv(await audited('csv', [read], today));
  const cell = (row: readonly string[], name: string) => row[head.indexOf(name)];
  assert.deepEqual(
    cells
      .filter((row) => cell(row, 'state') === 'ended')
      .map((row) => [cell(row, 'rule'), cell(row, 'count')]),
    [
      ['pie', '0'],
      ['relro', '1'],
    ],
  );
  const moved = {
    ...made.policy,
    inactive: made.policy.inactive?.map((row) => ({ ...row, verdictsByRule: { pie: 0 } })) ?? [],
  };
  assert.match(contradictionsIn({ ...made, policy: moved }).join(), /not the sum of its rules/);
});
