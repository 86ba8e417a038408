import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readReport } from '../../src/saved-report/read-report.ts';
import { type Environment, hullcheckIn } from '../support/hullcheck-in.ts';
import { parseCsv } from '../support/reports/parsers.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-audit-'));
after(() => rmSync(folder, { recursive: true }));
const hullcheck = hullcheckIn(folder);
copyFileSync(
  join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-nopie-bare'),
  join(folder, 'program'),
);

const waiver = (more = '') =>
  `waivers:\n  - rule: pie\n    path: program\n    reason: the vendor builds it\n    owner: team-x\n    ticket: SEC-12\n${more}`;

function scanned(config: string, args: readonly string[], env: Environment = {}) {
  writeFileSync(join(folder, 'c.yaml'), config);
  const argv = ['program', '--config', 'c.yaml', '--no-cache', '-o', 'json=out.json', ...args];
  const { status, stderr } = hullcheck(argv, env);
  const text = status === 2 ? null : readFileSync(join(folder, 'out.json'), 'utf8');
  return { status, stderr, report: text === null ? null : readReport(text) };
}

const pieOf = (found: ReturnType<typeof scanned>) =>
  found.report?.targets[0]?.binaries[0]?.verdicts.find(({ rule }) => rule === 'pie');

test('a report has the day of --date, and none by the clock', () => {
  assert.equal(scanned('', ['--date', '2026-11-30']).report?.date, '2026-11-30');
  assert.equal(scanned('', []).report?.date, undefined);
});

test('a report has the day of SOURCE_DATE_EPOCH, and --date wins over it', () => {
  const env = { SOURCE_DATE_EPOCH: '1760000000' };
  assert.equal(scanned('', [], env).report?.date, '2025-10-09');
  assert.equal(scanned('', ['--date', '2026-01-02'], env).report?.date, '2026-01-02');
});

const noDays: readonly (readonly [args: readonly string[], env: Environment])[] = [
  [['--date', '2026-13-01'], {}],
  [['--date', '2026-02-30'], {}],
  [['--date', 'today'], {}],
  [['--date', '2026-11-30', '--date', '2026-12-01'], {}],
  [[], { SOURCE_DATE_EPOCH: 'now' }],
  [[], { SOURCE_DATE_EPOCH: '-1' }],
  [[], { SOURCE_DATE_EPOCH: '999999999999' }],
];
for (const [args, env] of noDays)
  test(`${[...args, ...Object.values(env)].join(' ')} is not a day`, () => {
    const { status, stderr } = scanned('', args, env);
    assert.equal(status, 2);
    assert.match(stderr, /--date|SOURCE_DATE_EPOCH/);
  });

test('the day of --date decides whether a waiver has ended', () => {
  const config = waiver('    expires: 2020-06-01\n');
  assert.ok(pieOf(scanned(config, ['--date', '2020-06-01']))?.waived);
  assert.equal(pieOf(scanned(config, ['--date', '2020-06-02']))?.waived, undefined);
});

test('a SOURCE_DATE_EPOCH in the past does not revive a waiver that has ended', () => {
  const config = waiver('    expires: 2020-06-01\n');
  const found = scanned(config, [], { SOURCE_DATE_EPOCH: '1577836800' });
  assert.equal(found.report?.date, '2020-01-01');
  assert.equal(pieOf(found)?.waived, undefined);
});

for (const setting of ['waivers', 'gate', 'baseline', 'all'])
  test(`where ${setting} is locked, --date cannot revive what has ended`, () => {
    const { status, stderr } = scanned(`locked: [${setting}]\n`, ['--date', '2020-01-01']);
    assert.equal(status, 2);
    assert.match(stderr, /--date 2020-01-01: \w+ is locked by c\.yaml:1:\d+/);
  });

test('a report has the version of the rules, which --rule does not change', () => {
  const all = scanned('', []).report?.tool.rules;
  assert.match(all?.sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.ok((all?.count ?? 0) > 20);
  assert.deepEqual(scanned('', ['--rule', 'pie']).report?.tool.rules, all);
});

test('an audit of two saved reports has a row for each accepted verdict', () => {
  scanned(waiver('    expires: 2030-12-31\n'), []);
  copyFileSync(join(folder, 'out.json'), join(folder, 'second.json'));
  const { status, stdout } = hullcheck(['audit', 'out.json', 'second.json', '-o', 'csv']);
  assert.equal(status, 0);
  const [names = [], ...rows] = parseCsv(stdout);
  const accepted = rows.filter((row) => row[names.indexOf('state')] === 'accepted');
  assert.deepEqual(
    accepted.map((row) =>
      ['report', 'rule', 'owner', 'source'].map((name) => row[names.indexOf(name)]),
    ),
    [
      ['out.json', 'pie', 'team-x', 'c.yaml:2'],
      ['second.json', 'pie', 'team-x', 'c.yaml:2'],
    ],
  );
});

test('an audit writes several formats at once, and equal bytes for equal reports', () => {
  const argv = ['audit', 'out.json', '-o', 'text', '-o', 'html=a.html', '-o', 'json=a.json'];
  const [first, page] = [hullcheck(argv), readFileSync(join(folder, 'a.html'), 'utf8')];
  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual(hullcheck(argv), first);
  assert.equal(readFileSync(join(folder, 'a.html'), 'utf8'), page);
});

test('an audit marks what ends within so many days of its day', () => {
  const argv = ['audit', 'out.json', '--date', '2030-12-01', '--ending-within'];
  assert.match(hullcheck([...argv, '30d']).stdout, /until 2030-12-31 \(ends soon\)/);
  assert.doesNotMatch(hullcheck([...argv, '29d']).stdout, /ends soon/);
});

const mistakes: readonly (readonly [claim: string, args: readonly string[], says: RegExp])[] = [
  ['a file that is not there', ['none.json'], /cannot read none\.json/],
  ['a file that is not a report', ['c.yaml'], /c\.yaml: not a report of hullcheck/],
  ['no days', ['out.json', '--ending-within', 'soon'], /expected a number of days such as 30d/],
  ['no format', ['out.json', '-o', 'pdf'], /there is no format pdf/],
];
for (const [claim, args, says] of mistakes)
  test(`an audit of ${claim} is a usage error`, () => {
    const { status, stderr } = hullcheck(['audit', ...args]);
    assert.equal(status, 2);
    assert.match(stderr, says);
  });

test('an audit says first, and in every format, that a report was changed', () => {
  scanned('', []);
  const changed = readFileSync(join(folder, 'out.json'), 'utf8').replace(
    /"state": ?"broken"/g,
    '"state":"holds"',
  );
  writeFileSync(join(folder, 'changed.json'), changed);
  const says = /CHANGED: changed\.json contradicts itself/;
  for (const format of ['text', 'html', 'csv', 'json']) {
    const { status, stdout, stderr } = hullcheck(['audit', 'changed.json', '-o', format]);
    assert.equal(status, 1, format);
    assert.match(stderr, says, format);
    if (format === 'text') assert.match(stdout.split('\n')[1] ?? '', says);
    if (format === 'html') assert.match(stdout, /<h1>.*<\/h1>\n<p><strong>CHANGED: changed\.json/);
  }
  assert.equal(hullcheck(['audit', 'out.json']).stderr, '');
});
