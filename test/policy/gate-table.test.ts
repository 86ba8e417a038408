import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIncomplete } from '../../src/base/problem.ts';
import type { Damage, Outcome, Severity } from '../../src/base/verdict.ts';
import { exitCodeOf } from '../../src/policy/exit-code.ts';
import {
  defaultGate,
  type GateConditions,
  type LevelChange,
  type Policy,
  plainPolicy,
  type Waiver,
} from '../../src/policy/policy.ts';
import { breaksGate } from '../../src/report/finding.ts';
import type { Report, TargetReport } from '../../src/report/report.ts';
import { pageHead, pageTail } from '../../src/reporters/html/assets.ts';
import { parseCsv } from '../support/reports/parsers.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

type Given = Partial<Omit<Policy, 'gate'>> & { readonly gate?: Partial<GateConditions> };

/**
 * `pie high, relro pass, bind-now damage-high`: verdicts of one binary in short. A severity means that it fails, and
 * `damage-high` that damage left undecided what weighs so.
 */
const image = (...binaries: readonly string[]): TargetReport =>
  target({
    binaries: binaries.map((text, index) =>
      binary({
        path: `/bin/${'abcdefgh'[index]}`,
        verdicts: text
          .split(', ')
          .filter((part) => part !== '')
          .map((part) => {
            const [rule = '', how = ''] = part.split(' ');
            if (how.startsWith('damage-') || how.startsWith('limit-')) {
              const [undecidedBy, severity] = how.split('-') as [Damage, Severity];
              return verdict({ rule, outcome: 'unknown', undecidedBy, severity });
            }
            const outcomes: readonly string[] = ['pass', 'unknown', 'not-applicable'];
            return outcomes.includes(how)
              ? verdict({ rule, outcome: how as Outcome })
              : verdict({ rule, severity: how as Severity });
          }),
      }),
    ),
  });
const cut = (base: TargetReport): TargetReport => ({
  ...base,
  problems: [{ kind: 'damaged', where: 'layer', message: 'it ends too early' }],
});
const waiver = (rule: string, given: Partial<Waiver> = {}): Waiver => ({
  rules: [rule],
  where: {},
  reason: 'accepted',
  expires: null,
  origin: 'c.yaml:1',
  causes: [],
  ...given,
});
const level = (rule: string, to: LevelChange['level'], where = {}): LevelChange => ({
  rule,
  level: to,
  because: 'nobody promised it',
  where,
  by: 'configuration',
});
const known = (rule: string, path = '/bin/a') => ({ rule, path, package: null, buildId: null });

type Row = readonly [name: string, targets: readonly TargetReport[], given: Given, want: 0 | 1 | 3];

const pieHigh = image('pie high');
const mixed = image('pie high, relro medium', 'pie pass, relro low', 'pie unknown');
const rows: readonly Row[] = [
  // severities
  ['critical at high', [image('pie critical')], {}, 1],
  ['high at high', [pieHigh], {}, 1],
  ['medium at high', [image('pie medium')], {}, 0],
  ['medium at medium', [image('pie medium')], { gate: { failOn: 'medium' } }, 1],
  ['low at medium', [image('pie low')], { gate: { failOn: 'medium' } }, 0],
  ['note at note', [image('pie note')], { gate: { failOn: 'note' } }, 1],
  ['high at critical', [pieHigh], { gate: { failOn: 'critical' } }, 0],
  ['critical at none', [image('pie critical')], { gate: { failOn: 'none' } }, 0],
  ['passes only', [image('pie pass')], { gate: { failOn: 'note' } }, 0],
  ['not applicable only', [image('pie not-applicable')], { gate: { failOn: 'note' } }, 0],
  ['two targets, the second fails', [image('pie pass'), pieHigh], {}, 1],
  // rules
  ['a rule named', [image('pie note')], { gate: { failOn: 'none', failOnRules: ['pie'] } }, 1],
  [
    'another rule named',
    [image('pie high', 'relro pass')],
    { gate: { failOn: 'none', failOnRules: ['relro'] } },
    0,
  ],
  ['a rule named that judged nothing', [pieHigh], { gate: { failOnRules: ['relro'] } }, 3],
  ['a rule and a severity', [image('pie note')], { gate: { failOnRules: ['pie'] } }, 1],
  ['a named rule passes', [image('pie pass')], { gate: { failOnRules: ['pie'] } }, 0],
  ['a named rule is unknown', [image('pie unknown')], { gate: { failOnRules: ['pie'] } }, 0],
  // unknown
  ['unknown', [image('pie unknown')], { gate: { failOn: 'note' } }, 0],
  ['unknown counts', [image('pie unknown')], { gate: { failOnUnknown: true } }, 1],
  ['nothing unknown', [image('pie pass')], { gate: { failOnUnknown: true } }, 0],
  [
    'unknown of a rule that is off',
    [image('pie unknown')],
    { levels: [level('pie', 'off')], gate: { failOnUnknown: true } },
    0,
  ],
  // levels
  ['off', [pieHigh], { levels: [level('pie', 'off')] }, 0],
  ['lowered', [pieHigh], { levels: [level('pie', 'low')] }, 0],
  ['raised', [image('pie note')], { levels: [level('pie', 'critical')] }, 1],
  ['the last level wins', [pieHigh], { levels: [level('pie', 'off'), level('pie', 'high')] }, 1],
  ['another rule off', [pieHigh], { levels: [level('relro', 'off')] }, 1],
  ['off elsewhere', [pieHigh], { levels: [level('pie', 'off', { path: ['/other/**'] })] }, 1],
  ['off here', [pieHigh], { levels: [level('pie', 'off', { path: ['/bin/*'] })] }, 0],
  [
    'off in what the distribution promises, and the file is not known to be of it',
    [pieHigh],
    { levels: [level('pie', 'off', { promised: true })] },
    1,
  ],
  [
    'off of another system',
    [pieHigh],
    { levels: [level('pie', 'off', { os: { id: ['alpine'] } })] },
    1,
  ],
  // waivers
  ['waived', [pieHigh], { waivers: [waiver('pie')] }, 0],
  ['waived by path', [pieHigh], { waivers: [waiver('pie', { where: { path: ['/bin/a'] } })] }, 0],
  ['waived elsewhere', [pieHigh], { waivers: [waiver('pie', { where: { path: ['/bin/b'] } })] }, 1],
  ['another rule waived', [pieHigh], { waivers: [waiver('relro')] }, 1],
  [
    'waived by digest',
    [pieHigh],
    { waivers: [waiver('pie', { where: { digest: ['0123456789abcdef'.repeat(4)] } })] },
    0,
  ],
  ['waived until today', [pieHigh], { waivers: [waiver('pie', { expires: '2026-11-23' })] }, 0],
  ['waived until yesterday', [pieHigh], { waivers: [waiver('pie', { expires: '2026-11-22' })] }, 1],
  [
    'one waiver expired, one not',
    [pieHigh],
    { waivers: [waiver('pie', { expires: '2020-01-01' }), waiver('pie')] },
    0,
  ],
  [
    'one of two waived',
    [image('pie high', 'pie high')],
    { waivers: [waiver('pie', { where: { path: ['/bin/a'] } })] },
    1,
  ],
  [
    'waived, and its rule named',
    [pieHigh],
    { waivers: [waiver('pie')], gate: { failOnRules: ['pie'] } },
    0,
  ],
  ['a waiver of what passes', [image('pie pass')], { waivers: [waiver('pie')] }, 0],
  [
    'a waived unknown is accepted',
    [image('pie unknown')],
    { waivers: [waiver('pie')], gate: { failOnUnknown: true } },
    0,
  ],
  // baseline
  ['known', [pieHigh], { baseline: [known('pie')] }, 0],
  [
    'known, and its rule named',
    [pieHigh],
    { baseline: [known('pie')], gate: { failOnRules: ['pie'] } },
    0,
  ],
  ['known elsewhere', [pieHigh], { baseline: [known('pie', '/bin/z')] }, 1],
  ['an empty baseline', [pieHigh], { baseline: [] }, 1],
  ['one known, one new', [image('pie high', 'pie high')], { baseline: [known('pie')] }, 1],
  ['another rule known', [pieHigh], { baseline: [known('relro')] }, 1],
  [
    'waived and known',
    [image('pie high', 'relro high')],
    { waivers: [waiver('relro')], baseline: [known('pie')] },
    0,
  ],
  ['known and now fixed', [image('pie pass')], { baseline: [known('pie')] }, 0],
  // coverage
  ['covered', [image('pie pass', 'pie pass')], { gate: { coverage: { pie: 100 } } }, 0],
  ['half covered', [image('pie pass', 'pie low')], { gate: { coverage: { pie: 50 } } }, 0],
  [
    'less than half covered',
    [image('pie pass', 'pie low', 'pie low')],
    { gate: { coverage: { pie: 50 } } },
    1,
  ],
  [
    'not applicable is not covered',
    [image('pie pass', 'pie not-applicable')],
    { gate: { coverage: { pie: 100 } } },
    0,
  ],
  [
    'unknown is not covered',
    [image('pie pass', 'pie unknown')],
    { gate: { coverage: { pie: 100 } } },
    1,
  ],
  [
    'waived does not count for coverage',
    [image('pie high')],
    { waivers: [waiver('pie')], gate: { coverage: { pie: 100 } } },
    0,
  ],
  ['nothing to cover', [image('relro pass')], { gate: { coverage: { pie: 100 } } }, 0],
  [
    'coverage of own, where no base is known',
    [image('pie low')],
    { gate: { coverage: { pie: 1 }, coverageOf: 'own' } },
    1,
  ],
  // maxima
  ['as many as allowed', [image('pie low', 'pie low')], { gate: { maximum: { low: 2 } } }, 0],
  ['one too many', [image('pie low', 'pie low')], { gate: { maximum: { low: 1 } } }, 1],
  ['none allowed of a rule', [image('pie note')], { gate: { maximum: { pie: 0 } } }, 1],
  [
    'waived ones do not count',
    [image('pie low')],
    { waivers: [waiver('pie')], gate: { maximum: { low: 0 } } },
    0,
  ],
  [
    'known ones do not count',
    [image('pie low')],
    { baseline: [known('pie')], gate: { maximum: { low: 0 } } },
    0,
  ],
  // no answer
  ['not read whole', [cut(image('pie pass'))], {}, 3],
  ['not read whole, findings', [cut(pieHigh)], {}, 3],
  ['not read whole, all waived', [cut(pieHigh)], { waivers: [waiver('pie')] }, 3],
  ['not read whole, allow-empty', [cut(image('pie pass'))], { gate: { allowEmpty: true } }, 3],
  ['empty', [target({})], {}, 3],
  // what damage leaves undecided
  ['undecided by damage', [image('pie damage-high, relro pass')], {}, 3],
  ['undecided by a spent budget', [image('pie limit-high, relro pass')], {}, 3],
  ['undecided by damage below the gate', [image('pie damage-medium')], {}, 0],
  ['undecided by damage, no gate', [image('pie damage-critical')], { gate: { failOn: 'none' } }, 0],
  [
    'undecided by damage, the rule in fail-on',
    [image('pie damage-note')],
    { gate: { failOn: 'none', failOnRules: ['pie'] } },
    3,
  ],
  [
    'undecided by damage, most of the rule limited',
    [image('pie damage-note')],
    { gate: { failOn: 'none', maximum: { pie: 0 } } },
    3,
  ],
  [
    'undecided by damage, the rule switched off',
    [image('pie damage-high')],
    { levels: [level('pie', 'off')] },
    0,
  ],
  [
    'undecided by damage, raised to the gate',
    [image('pie damage-low')],
    { levels: [level('pie', 'high')] },
    3,
  ],
  [
    'undecided by damage, a failure would be waived',
    [image('pie damage-high')],
    { waivers: [waiver('pie')] },
    0,
  ],
  [
    'undecided by damage, the waiver expired',
    [image('pie damage-high')],
    { waivers: [waiver('pie', { expires: '2020-01-01' })] },
    3,
  ],
  ['undecided by damage alongside a finding', [image('pie damage-high, relro high')], {}, 3],
  ['undecided by nature', [image('pie unknown')], {}, 0],
  ['empty, allowed', [target({})], { gate: { allowEmpty: true } }, 0],
  [
    'one empty of two, allowed, the other fails',
    [target({}), pieHigh],
    { gate: { allowEmpty: true } },
    1,
  ],
  ['no target', [], {}, 3],
  // together
  [
    'all kinds hold',
    [mixed],
    {
      waivers: [waiver('pie')],
      gate: { failOn: 'high', maximum: { medium: 1 }, coverage: { relro: 0 } },
    },
    0,
  ],
  [
    'all kinds, one fails',
    [mixed],
    { waivers: [waiver('pie')], gate: { failOn: 'high', maximum: { medium: 0 } } },
    1,
  ],
  ['all kinds, unknown fails', [mixed], { gate: { failOn: 'none', failOnUnknown: true } }, 1],
];

test('at least sixty combinations of findings, levels, waivers, baseline and conditions', () => {
  assert.ok(rows.length >= 60, `${rows.length}`);
});

for (const [name, targets, { gate, ...given }, want] of rows) {
  test(`gate: ${name} is ${want}, in every format`, async () => {
    const policy: Policy = {
      ...plainPolicy(),
      today: '2026-11-23',
      ...given,
      gate: { ...defaultGate, ...gate },
    };
    const judged = report(targets, 'high', policy);
    assert.equal(exitCodeOf(judged.gate), want, judged.gate.because);
    assert.equal(judged.gate.failed.length > 0, want === 1 || /already/.test(judged.gate.because));
    await agrees(judged, want);
  });
}

const formatsWithLine = [
  ...['text', 'json', 'jsonl', 'sarif', 'gitlab', 'markdown', 'github', 'html', 'junit'],
] as const;

/** Each format's own way to say what the exit code says. */
async function agrees(judged: Report, want: 0 | 1 | 3): Promise<void> {
  const { because } = judged.gate;
  if (because.includes(';')) {
    const plain = (text: string) =>
      text
        .replaceAll('%25', '%')
        .replaceAll(/\\(?=[^n"])/g, '')
        .replaceAll(/\s+/g, ' ');
    for (const format of formatsWithLine) {
      // Text lists the parts by themselves, above.
      const want =
        format === 'text' ? because.replaceAll(/(scanned|whole) \([^)]*\)/g, '$1') : because;
      assert.ok(plain(await render(format, judged)).includes(want), `${format}: ${want}`);
    }
  }
  const state = { 0: 'holds', 1: 'broken', 3: 'undecided' }[want];
  assert.equal(JSON.parse(await render('json', judged)).gate.state, state, 'json');
  const lines = (await render('jsonl', judged)).trimEnd().split('\n');
  assert.equal(JSON.parse(lines.at(-1) ?? '').state, state, 'jsonl');
  const sarif = JSON.parse(await render('sarif', judged));
  assert.equal(sarif.runs[0].properties.gate.state, state, 'sarif');
  const phrase = { 0: 'GATE HOLDS', 1: 'GATE BROKEN', 3: 'GATE UNDECIDED' }[want];
  // It may be the only line.
  assert.ok(`\n${await render('text', judged)}`.includes(`\n${phrase}: `), 'text');
  const title = { 0: 'The gate holds', 1: 'The gate is broken', 3: 'The gate is undecided' }[want];
  assert.match(
    (await render('markdown', judged)).split('\n')[0] ?? '',
    new RegExp(title),
    'markdown',
  );
  const last = (await render('github', judged)).trimEnd().split('\n').at(-1) ?? '';
  assert.ok(last.startsWith(want === 0 ? '::notice ' : '::error '), 'github');
  const page = (await render('html', judged)).slice(pageHead.length, -pageTail.length);
  assert.equal(JSON.parse(page).head.gate.state, state, 'html');
  await junitAgrees(judged, want);
  await countsAgree(judged);
}

async function junitAgrees(judged: Report, want: 0 | 1 | 3): Promise<void> {
  const xml = await render('junit', judged);
  const total = (name: string) =>
    Number(new RegExp(`<testsuites [^>]*${name}="(\\d+)"`).exec(xml)?.[1]);
  const inFile = (element: string) => xml.split(`<${element} `).length - 1;
  assert.equal(total('failures'), inFile('failure'), 'junit counts its failures');
  assert.equal(total('errors'), inFile('error'), 'junit counts its errors');
  assert.equal(total('tests'), inFile('testcase'), 'junit counts its cases');
  const attributes = [...(/<testsuites ([^>]*)>/.exec(xml)?.[1] ?? '').matchAll(/(\w+)="/g)];
  const names = attributes.map(([, name]) => name);
  assert.deepEqual(names, ['name', 'tests', 'failures', 'errors'], 'junit: what the schema knows');
  if (want === 3) assert.ok(total('errors') > 0, 'junit: no answer is an error');
  else assert.deepEqual([total('failures') > 0, total('errors')], [want === 1, 0], 'junit');
}

/** What is accepted is a finding in no format; in CSV it stands behind them, as accepted. */
async function countsAgree(judged: Report): Promise<void> {
  const findings = judged.counts.outcomes.fail;
  const [head = [], ...all] = parseCsv(await render('csv', judged));
  const isProblem = (row: readonly string[]) => row[head.indexOf('outcome')] === 'problem';
  const rows = all.filter((row) => !isProblem(row));
  const unread = judged.targets.flatMap(({ problems }) => problems.filter(isIncomplete));
  assert.equal(all.length - rows.length, unread.length, 'csv');
  const [accepted, last] = [head.indexOf('accepted'), rows.length];
  assert.equal(rows.filter((row) => row[accepted] === '').length, findings, 'csv');
  const { waived, baselined } = judged.counts;
  assert.equal(last, findings + waived + baselined, 'csv');
  const issues: { check_name: string }[] = JSON.parse(await render('gitlab', judged));
  const own = issues.filter(({ check_name }) => !check_name.startsWith('hullcheck-'));
  const broken = judged.targets
    .flatMap(({ binaries }) => binaries.flatMap(({ verdicts }) => verdicts))
    .filter((each) => each.outcome === 'unknown' && breaksGate(judged.gate, each));
  assert.equal(own.length, findings + broken.length, 'gitlab');
  const sarif = JSON.parse(await render('sarif', judged));
  const results = sarif.runs.flatMap((run: { results: unknown[] }) => run.results);
  assert.equal(results.length, findings, 'sarif');
}
