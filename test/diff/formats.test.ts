import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { known } from '../../src/base/fact.ts';
import { breakingIn, diffGateOf } from '../../src/diff/diff-gate.ts';
import type { Difference } from '../../src/diff/difference.ts';
import type { Compared } from '../../src/diff/formats/diff-format.ts';
import { diffFormats } from '../../src/diff/formats/index.ts';
import { defaultGate, plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import type { Whose } from '../../src/reporters/groups/ownership-of.ts';
import { pageHead, pageTail } from '../../src/reporters/html/diff-assets.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { largeReport } from '../support/reports/large-report.ts';
import { compared, renderDiff } from '../support/reports/render-diff.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

/** Everything but line feeds that a terminal would act on. */
const dangerous =
  /[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/u;

/** The name wherever an image can put one, on both sides, with a change of every kind. */
function hostile(name: string): Compared {
  const side = (state: 'old' | 'new'): Report =>
    report([
      target({
        name,
        layers: [{ index: 0, digest: name, diffId: null, createdBy: name, origin: null }],
        binaries: [
          binary({
            path: name,
            sha256: (state === 'old' ? 'a' : 'b').repeat(64),
            verdicts: [
              verdict({
                rule: 'pie',
                message: name,
                ...(state === 'old' ? { outcome: 'pass' as const } : {}),
              }),
            ],
          }),
          binary({
            path: `${name}-${state}`,
            sha256: (state === 'old' ? 'c' : 'd').repeat(64),
            verdicts: [verdict({ rule: 'relro', message: name })],
          }),
        ],
        problems: [{ kind: 'damaged', where: name, message: name }],
      }),
    ]);
  return compared(side('old'), side('new'));
}

for (const format of Object.keys(diffFormats)) {
  test(`no name acts on a terminal or begins a line of its own in a diff as ${format}`, async () => {
    const lines = (await renderDiff(format, hostile('/harmless'))).split('\n').length;
    for (const [what, name] of Object.entries(hostileNames)) {
      const output = await renderDiff(format, hostile(name), { width: 100_000 });
      assert.doesNotMatch(output, dangerous, what);
      assert.ok(output.isWellFormed(), what);
      if (format !== 'text') assert.equal(output.split('\n').length, lines, what);
    }
  });
}

/** As the page has it: in place of one message, those of both sides. */
function withBothSides({ causes: _, ...difference }: Difference): object {
  const said = (standing: string | null, message: string) =>
    standing === null ? null : { message, seen: [] };
  const verdicts = (changes: Difference['worse']) =>
    changes.map(({ message, ...change }) => ({
      ...change,
      was: said(change.before, message),
      is: said(change.after, message),
    }));
  const { worse, better, ...rest } = difference;
  return { ...rest, worse: verdicts(worse), better: verdicts(better) };
}

test('json and the data of the page give back what was compared', async () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    const found = hostile(name);
    const { difference } = found;
    const { gate, ...rest } = JSON.parse(await renderDiff('json', found));
    const plain = JSON.parse(JSON.stringify(difference).replaceAll('\\udc80', '\\\\x80'));
    assert.deepEqual(rest, { schemaVersion: '1.0.0', type: 'diff', ...plain }, what);
    const page = await renderDiff('html', found);
    const data = page.slice(pageHead.length, page.length - pageTail.length);
    assert.doesNotMatch(data, /<\//, what);
    const { severities, causes, ...shown } = JSON.parse(data);
    assert.equal(causes.length, 2, what);
    assert.deepEqual(shown, { gate, ...withBothSides(plain) }, what);
  }
});

test('the policy of the page allows its own style and script, and nothing else', () => {
  const page = pageHead + pageTail;
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(page) ?? [];
  for (const part of [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    "require-trusted-types-for 'script'",
  ])
    assert.ok(policy.split('; ').includes(part), part);
  const markup = page.replace(/<(style|script)[\s\S]*?<\/\1>/g, '');
  assert.doesNotMatch(markup, / on\w+\s*=| style=| src=|href="(?!data:)/i);
  assert.doesNotMatch(page, /url\(|innerHTML|outerHTML|document\.write|\beval\b|fetch\(/);
});

test('markdown fits a comment, whatever is in it, and says that it was cut', async () => {
  const long = hostileNames['long'] ?? '';
  const many = (outcome: 'pass' | 'fail') =>
    report([
      target({
        binaries: Array.from({ length: 2000 }, (_, index) =>
          binary({ path: `${long}${index}`, verdicts: [verdict({ rule: 'pie', outcome })] }),
        ),
      }),
    ]);
  const difference = compared(many('pass'), many('fail'));
  for (const all of [false, true]) {
    const output = await renderDiff('markdown', difference, { all });
    assert.ok(output.length < 65_536, `${output.length} characters`);
    assert.match(output, all ? /does not fit here/ : / and 1997 more[.\n]/);
  }
});

test('text says what was not read, and keeps to its width', async () => {
  const output = await renderDiff('text', hostile('/usr/bin/some-program'));
  assert.match(output, /Not scanned \(2\)\n {2}old, \/usr\/bin\/some-program: /);
  assert.match(output, /\nUNDECIDED: 2 parts could not be scanned; 1 verdict got worse \(of/);
  for (const line of output.split('\n')) assert.ok(line.length <= 80, line);
});

test('lists are cut without --all, and the cut is reported', async () => {
  const difference = compared(report([target({})]), largeReport(60, []));
  assert.match(
    await renderDiff('text', difference),
    /Added \(60\)\n(?: {2}\/.*\n){20} {2}and 40 more/,
  );
  assert.match(
    await renderDiff('text', difference, { all: true }),
    /Added \(60\)\n(?: {2}\/.*\n){60}\n/,
  );
});

test('two profiles are distinguished', async () => {
  const one = report([target({ binaries: [binary({ path: '/a' })] })]);
  const other = { ...one, policy: { ...one.policy, profile: 'debian' } };
  for (const format of Object.keys(diffFormats))
    assert.match(await renderDiff(format, compared(one, other)), /by the profile default/, format);
  assert.deepEqual(compared(one, one).difference.notices, []);
});

test('a diff as json is valid by the published schema, which refuses another shape', async () => {
  const file = join(repositoryRoot, 'schema/diff.schema.json');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const validate = ajv.compile<Record<string, unknown>>(JSON.parse(readFileSync(file, 'utf8')));
  const differences = [
    hostile('/bin/tool'),
    compared(report([]), report([])),
    compared(largeReport(20, []), report([])),
  ];
  for (const difference of differences) {
    const document: unknown = JSON.parse(await renderDiff('json', difference));
    validate(document);
    assert.deepEqual(validate.errors ?? [], []);
    assert.equal(validate({ ...(document as object), worse: [{}] }), false);
  }
});

/** A new base: one file of yours, two of a dependency, and forty of a package of the distribution became worse. */
function newBase(): Compared {
  const of = (whose: Whose, group: string, version: string) =>
    factsWith({
      ownership: known({
        whose,
        because: 'a test says so',
        component:
          whose === 'yours'
            ? null
            : {
                ecosystem: whose === 'dependency' ? ('npm' as const) : ('deb' as const),
                name: group,
                version,
                purl: `pkg:x/${group}@${version}`,
                group,
              },
      }),
    });
  const side = (outcome: 'pass' | 'fail', version: string): Report =>
    report(
      [
        target({
          binaries: [
            binary({
              path: '/opt/mine',
              facts: of('yours', '', ''),
              verdicts: [verdict({ rule: 'pie', outcome }), verdict({ rule: 'relro', outcome })],
            }),
            ...Array.from({ length: 2 }, (_, index) =>
              binary({
                path: `/node_modules/a/${index}.node`,
                facts: of('dependency', 'a', version),
                verdicts: [
                  verdict({ rule: 'relro', outcome }),
                  ...(index === 0 ? [verdict({ rule: 'loadable', outcome })] : []),
                ],
              }),
            ),
            ...Array.from({ length: 40 }, (_, index) =>
              binary({
                path: `/usr/lib/python3/${index}.so`,
                facts: of('distribution', 'python3', version),
                verdicts: [verdict({ rule: 'stack-protector', outcome })],
              }),
            ),
          ],
        }),
      ],
      'high',
      plainPolicy({ of: 'yours', failOn: 'high' }),
    );
  return compared(side('pass', '1.0'), side('fail', '2.0'));
}

test('yours and what counts stand by cause, what others made by component', async () => {
  const worse = (await renderDiff('text', newBase())).split('\n\n')[1] ?? '';
  assert.equal(
    worse.replaceAll(/ \(layer sha256:\w+\)/g, ''),
    [
      'Worse (45)',
      ' Yours: 2',
      '  high      pie: -pie was lost: pie says so',
      '            /opt/mine',
      '            fix: export CFLAGS="$CFLAGS -O2 -fPIE" LDFLAGS="$LDFLAGS -pie"',
      '  high      relro: -Wl,-z,relro was lost: relro says so',
      '            /opt/mine',
      '            fix: export LDFLAGS="$LDFLAGS -Wl,-z,relro,-z,now"',
      ' Dependencies: 3',
      '  high      loadable: was pass, is high: loadable says so',
      '            /node_modules/a/0.node',
      '  high      npm a 1.0 to 2.0: relro 2',
      ' Distribution: 40',
      '  high      python3 1.0 to 2.0: stack-protector 40',
    ].join('\n'),
  );
  const all = await renderDiff('text', newBase(), { all: true });
  assert.equal(all.match(/^ {12}\/usr\/lib\/python3\/\d+\.so$/gm)?.length, 40);
});

test('the last line counts what the list shows, by the files that the gate counts', () => {
  const table = [
    {
      of: 'yours' as const,
      want: 3,
      left: '2 of dependencies (--gate-of dependencies counts them), 40 of the distribution (--gate-of all counts them)',
    },
    {
      of: 'dependencies' as const,
      want: 5,
      left: '40 of the distribution (--gate-of all counts them)',
    },
    { of: 'all' as const, want: 45, left: null },
  ];
  const { difference } = newBase();
  for (const { of, want, left } of table) {
    const gate = { ...defaultGate, of };
    const found = diffGateOf(difference, gate);
    const tail = left === null ? '' : `; not counted: ${left}`;
    assert.equal(found.because, `${want} verdicts got worse (of severity low or above)${tail}`);
    assert.equal(difference.worse.filter(breakingIn(difference, found)).length, want);
    assert.equal(found.breaking.length, want);
  }
});

test('what is worse outside the gate alone leaves it whole, and is not passed over', async () => {
  const { difference, reports } = newBase();
  const outside = difference.worse.filter(({ outsideGate }) => outsideGate !== undefined);
  const rest = { ...difference, worse: outside };
  const found = { difference: rest, gate: diffGateOf(rest, defaultGate), reports };
  const output = await renderDiff('text', found, { width: 500 });
  assert.match(
    output,
    /\nWORSE, BUT THE GATE HOLDS: 42 verdicts got worse, and none of them counts: 2 of dependencies/,
  );
});
