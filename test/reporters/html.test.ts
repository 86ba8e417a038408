import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { judgedOf } from '../../src/report/all-judged.ts';
import type { BinaryReport, Judged, JudgedVerdict, Report } from '../../src/report/report.ts';
import { pageHead, pageTail } from '../../src/reporters/html/assets.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { largeReport } from '../support/reports/large-report.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';
import { sampleReport } from '../support/reports/sample-report.ts';

/** The text of the data block, as a browser would find its end. */
function dataOf(page: string): string {
  const after = page.slice(page.indexOf('id="report">') + 'id="report">'.length);
  return after.slice(0, after.search(/<\/script/i));
}

interface Payload {
  readonly head: { readonly states: readonly string[]; readonly severities: readonly string[] };
  readonly rules: readonly { readonly id: string }[];
  readonly binaries: readonly (readonly [
    target: number,
    path: string,
    ...rest: unknown[],
    cells: readonly number[],
  ])[];
  readonly verdicts: readonly (readonly [
    state: number,
    severity: number,
    message: number,
    evidence: readonly (readonly [number, number, string?])[],
    why?: number,
  ])[];
  readonly strings: readonly string[];
}

/** Written apart from the page's own decoder: verdicts of each binary, as texts. */
function decode(page: string): readonly unknown[] {
  const { head, rules: columns, binaries, verdicts, strings }: Payload = JSON.parse(dataOf(page));
  return binaries.map((row) => {
    const cells = row.at(-1) as readonly number[];
    const judged = cells.flatMap((number, column) => {
      const tuple = verdicts[number];
      if (tuple === undefined) return [];
      const [state, severity, message, evidence] = tuple;
      return [
        [
          columns[column]?.id,
          head.states[state],
          head.severities[severity],
          strings[message],
          ...evidence.map(([what, saw, offset]) => [strings[what], strings[saw], offset ?? null]),
        ],
      ];
    });
    return [row[1], judged.sort()];
  });
}

function expected({ targets }: Report): readonly unknown[] {
  const texts = ({ path, verdicts }: Judged) => [path, verdicts.map(textsOf).sort()];
  const all = JSON.stringify(targets.flatMap((one) => judgedOf(one).map(texts)));
  // A byte that is not UTF-8 is spelled out.
  return JSON.parse(all.replaceAll('\\udc80', '\\\\x80'));
}

function textsOf({ rule, outcome, severity, message, evidence, waived, baselined }: JudgedVerdict) {
  const state = waived ? 'waived' : baselined ? 'baselined' : outcome;
  const seen = evidence.map(({ what, saw, offset }) => [
    what,
    saw,
    offset === undefined ? null : `0x${offset.toString(16)}`,
  ]);
  return [rule, state, severity, message, ...seen];
}

/** A failure of each kind that does not count, and a rule that only one binary was judged by. */
const marked = withBinaries(
  binary({
    path: '/a',
    verdicts: [
      verdict({ rule: 'pie', waived: { reason: 'upstream', expires: '2027-01-31' } }),
      verdict({ rule: 'relro', baselined: true }),
    ],
  }),
  binary({ path: '/b', verdicts: [verdict({ rule: 'only-here', outcome: 'unknown' })] }),
);

/** As they are: the policy of a report that is assembled would set its own marks. */
function withBinaries(...binaries: readonly BinaryReport[]): Report {
  const empty = report([target({})]);
  return { ...empty, targets: empty.targets.map((bare) => ({ ...bare, binaries })) };
}

const reports: Readonly<Record<string, Report>> = {
  sample: sampleReport,
  marked,
  empty: report([]),
  hostile: report([
    target({
      binaries: Object.values(hostileNames).map((name) =>
        binary({
          path: name,
          aliases: [name],
          verdicts: [
            verdict({
              rule: name,
              message: name,
              evidence: [{ what: name, saw: `${name}</script>` }],
            }),
          ],
        }),
      ),
    }),
  ]),
};

for (const [name, given] of Object.entries(reports)) {
  test(`the page of the ${name} report holds every verdict with its evidence`, async () => {
    assert.deepEqual(decode(await render('html', given)), expected(given));
  });

  test(`nothing in the ${name} report can end the data of its page`, async () => {
    const page = await render('html', given);
    assert.ok(page.startsWith(pageHead) && page.endsWith(pageTail));
    const data = page.slice(pageHead.length, page.length - pageTail.length);
    assert.doesNotMatch(data, /[<\u2028\u2029]/);
    assert.equal(data, dataOf(page));
  });
}

test('a waiver is shown with its reason and its end', async () => {
  assert.match(dataOf(await render('html', marked)), /"upstream \(until 2027-01-31\)"/);
});

test('the policy of the page allows its own style and script, and nothing else', () => {
  const page = pageHead + pageTail;
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(page) ?? [];
  assert.deepEqual(policy.split('; '), [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
});

test('the page loads nothing, has no inline handler and makes no HTML of strings', () => {
  const page = pageHead + pageTail;
  const markup = page.replace(/<(style|script)[\s\S]*?<\/\1>/g, '');
  assert.doesNotMatch(markup, / on\w+\s*=| style=| src=|href="(?!data:)/i);
  assert.doesNotMatch(
    page,
    /@import|url\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|fetch\(|XMLHttpRequest|WebSocket/,
  );
});

test('a report of 2,000 binaries is a page of less than 3.5 MB', async () => {
  const page = await render('html', largeReport(2000, rules), { rules });
  assert.ok(Buffer.byteLength(page) < 3_500_000, `${Buffer.byteLength(page)} bytes`);
});

test('what a page reads is its script: types are for the compiler', () => {
  assert.doesNotMatch(pageHead + pageTail, /@(?:type|typedef|import|template|overload|param)\b/);
});
