import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Log } from 'sarif';
import { known } from '../../src/base/fact.ts';
import type { Difference } from '../../src/diff/difference.ts';
import type { Compared } from '../../src/diff/formats/diff-format.ts';
import { defaultGate } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { jenkinsRefuses } from '../support/reports/jenkins-junit.ts';
import { render } from '../support/reports/render.ts';
import { compared, renderDiff } from '../support/reports/render-diff.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

/** So many files of yours, for each of so many rules; the old ones pass. */
function pairOf(files: number, rules: number, nameOf = (at: number) => `/bin/${at}`): Compared {
  const side = (outcome: 'pass' | 'fail'): Report =>
    report([
      target({
        binaries: Array.from({ length: files }, (_, at) =>
          binary({
            path: nameOf(at),
            sha256: at.toString(16).padStart(64, outcome === 'pass' ? '0' : 'f'),
            verdicts: Array.from({ length: rules }, (_, rule) =>
              verdict({
                rule: `rule-${rule}`,
                outcome,
                severity: rule % 2 === 0 ? 'high' : 'low',
                message: nameOf(at),
              }),
            ),
          }),
        ),
      }),
    ]);
  return compared(side('pass'), side('fail'));
}

const withNotices = ({ difference, ...rest }: Compared, notices: readonly string[]): Compared => ({
  ...rest,
  difference: { ...difference, notices },
});

const linesOf = (text: string) => text.trimEnd().split('\n');

describe('markdown has at most 20 lines', () => {
  const notices = Array.from({ length: 50 }, (_, at) => `notice ${at}`);
  const unread = Array.from({ length: 50 }, (_, at) => ({
    kind: 'damaged' as const,
    where: `/part ${at}`,
    message: 'cut',
  }));
  const partial = ({ difference, ...rest }: Compared): Compared => ({
    ...rest,
    difference: { ...difference, old: { ...difference.old, unread } },
  });
  const table: Readonly<Record<string, Compared>> = {
    'of 10,000 verdicts of one rule': pairOf(10_000, 1),
    'of 10,000 verdicts of 40 rules': pairOf(250, 40),
    'of nothing': pairOf(1, 0),
    'with many notices': withNotices(pairOf(20, 30), notices),
    'with many parts that were not read': partial(pairOf(20, 30)),
    'with names that have line breaks': pairOf(30, 30, (at) => `/a\n\n## b\r\n${at}`),
  };
  for (const [name, found] of Object.entries(table))
    it(name, async () => {
      const lines = linesOf(await renderDiff('markdown', found));
      assert.ok(lines.length <= 20, `${lines.length} lines`);
      assert.ok(lines.join('\n').length < 20_000);
    });
});

it('markdown says how much it leaves out, and what breaks the gate comes first', async () => {
  const text = await renderDiff('markdown', pairOf(5, 40));
  assert.match(text, /\n- and 31 more causes \(155 verdicts\): `--all` lists them\n/);
  const weights = linesOf(text).flatMap((line) => /^- (\**\w+\**) `rule-/.exec(line)?.[1] ?? []);
  assert.deepEqual(weights, Array(9).fill('**high**'));
});

it('a cause names three files, and how many more there are', async () => {
  assert.match(
    await renderDiff('markdown', pairOf(5, 1)),
    /^- \*\*high\*\* `rule-0`: was pass, is high: \/bin\/0 \\\(\/bin\/0; others differ\\\): `\/bin\/0`, `\/bin\/1`, `\/bin\/2` and 2 more$/m,
  );
  assert.match(
    await renderDiff('text', pairOf(5, 1)),
    /^ {12}\/bin\/0, \/bin\/1, \/bin\/2 and 2 more$/m,
  );
  assert.match(
    await renderDiff('github', pairOf(5, 1)),
    /%0A\/bin\/0, \/bin\/1, \/bin\/2 and 2 more$/m,
  );
  const all = await renderDiff('text', pairOf(5, 1), { all: true });
  assert.equal(all.match(/^ {12}\/bin\/\d$/gm)?.length, 5);
});

it('no name is a link, a mention or a heading of its own in markdown', async () => {
  const names = [
    ...Object.values(hostileNames),
    '[text](https://example.org)',
    'https://example.org/a',
    'www.example.org',
    '@someone',
    '#12',
    '<img src=x>',
    '`` ` ``',
    '![a](b)',
    '| a | b |',
  ];
  for (const name of names) {
    const text = await renderDiff(
      'markdown',
      pairOf(1, 1, () => name),
    );
    const bare = text.replace(/(`+) ?.+? ?\1(?!`)/g, 'CODE');
    assert.doesNotMatch(bare, /(?<!\\)\]\(|https?:\/\/|www\.\w|(?<!\\)<(?!!-- -->)|[@#]\w/, name);
    assert.equal(linesOf(text).filter((line) => line.startsWith('#')).length, 1, name);
  }
});

describe('annotations', () => {
  it('are at most ten of a level, the last of them is the answer, and what is left out is counted', async () => {
    const lines = linesOf(await renderDiff('github', pairOf(3, 60)));
    const of = (level: string) => lines.filter((line) => line.startsWith(`::${level} `)).length;
    assert.deepEqual([of('error'), of('warning'), of('notice')], [10, 0, 0]);
    assert.match(
      lines.at(-1) ?? '',
      /^::error title=hullcheck diff::Worse: .*; 51 more annotations left out$/,
    );
  });
  it('point to the line that brought the file', async () => {
    const look = { alertLocation: { file: 'Dockerfile', line: 3 } };
    const [first = ''] = linesOf(await renderDiff('github', pairOf(1, 1), look));
    assert.match(first, /^::error file=Dockerfile,line=3,title=worse%2C high%3A rule-0::/);
  });
  it('are a notice where nothing became worse', async () => {
    const text = await renderDiff('github', pairOf(1, 0));
    assert.match(text, /^::notice title=hullcheck diff::Nothing worse: /);
  });
});

const gated = (before: Report, after: Report) =>
  compared(before, after, { ...defaultGate, of: 'yours' });

function owned(
  path: string,
  whose: 'yours' | 'distribution',
  outcome: 'pass' | 'fail' | 'unknown',
) {
  const component = { ecosystem: 'deb', name: 'a', version: '1', purl: '', group: 'a' } as const;
  const ownership = known({
    whose,
    component: whose === 'yours' ? null : component,
    because: 'the test says so',
  });
  return binary({
    path,
    facts: factsWith({ ownership }),
    verdicts: [verdict({ rule: 'pie', outcome })],
  });
}

describe('junit has a test case for each rule and file', () => {
  const side = (state: 0 | 1) =>
    report([
      target({
        binaries: [
          owned('/worse', 'yours', state === 0 ? 'pass' : 'fail'),
          owned('/as-bad', 'yours', 'fail'),
          owned('/better', 'yours', state === 0 ? 'fail' : 'pass'),
          owned('/lost', 'yours', state === 0 ? 'pass' : 'unknown'),
          owned('/open', 'yours', 'unknown'),
        ],
      }),
    ]);
  const cases = async (found: Compared) => {
    const xml = await renderDiff('junit', found);
    assert.deepEqual(jenkinsRefuses(xml), []);
    return Object.fromEntries(
      [...xml.matchAll(/<testcase classname="([^"]*)" name="pie"(?:\/>|>(<\w[\w-]*))/g)].map(
        ([, name = '', end]) => [name, end?.slice(1) ?? 'passed'],
      ),
    );
  };
  it('that fails where it became worse, and passes where it is as bad as before', async () => {
    assert.deepEqual(await cases(gated(side(0), side(1))), {
      '/worse': 'failure',
      '/as-bad': 'passed',
      '/better': 'passed',
      '/lost': 'failure',
      '/open': 'skipped',
    });
  });
  it('and what is worse outside the gate passes with its message', async () => {
    const of = (outcome: 'pass' | 'fail') =>
      report([target({ binaries: [owned('/a', 'distribution', outcome)] })]);
    const { difference, gate, reports } = gated(of('pass'), of('fail'));
    const found = { difference, gate: { ...gate, state: 'holds' as const, breaking: [] }, reports };
    assert.deepEqual(await cases(found), { 'deb a': 'system-out' });
  });
  it('a part of the old side that was not read is an error', async () => {
    const damaged = [{ kind: 'damaged', where: '/x', message: 'cut' }] as const;
    const old = {
      ...side(0),
      targets: side(0).targets.map((each) => ({ ...each, problems: damaged })),
    };
    const xml = await renderDiff('junit', gated(old, side(0)));
    assert.match(xml, /<testcase classname="old: \/x" name="scanned whole"><error /);
    assert.deepEqual(jenkinsRefuses(xml), []);
  });
  it('what breaks the whole fails a case of the gate', async () => {
    const { difference, gate, reports } = gated(side(0), side(0));
    const broken = { ...gate, state: 'broken' as const, because: 'coverage of pie fell' };
    const xml = await renderDiff('junit', { difference, gate: broken, reports });
    assert.match(
      xml,
      /<testcase classname="gate" name="not worse than before"><failure message="coverage of pie fell"\/>/,
    );
  });
  it('hostile names keep it well-formed', async () => {
    for (const name of Object.values(hostileNames))
      assert.deepEqual(
        jenkinsRefuses(
          await renderDiff(
            'junit',
            pairOf(1, 2, () => name),
          ),
        ),
        [],
      );
  });
});

interface Issue {
  readonly check_name: string;
  readonly description: string;
  readonly fingerprint: string;
  readonly severity: string;
}

it('gitlab has an issue for each verdict that became worse, with the fingerprint of a scan', async () => {
  const found = pairOf(3, 2);
  const issues: readonly Issue[] = JSON.parse(await renderDiff('gitlab', found));
  const ofScan: readonly Issue[] = JSON.parse(await render('gitlab', found.reports[1]));
  const fingerprints = (all: readonly Issue[]) =>
    all
      .filter((each) => each.check_name.startsWith('rule-'))
      .map((each) => each.fingerprint)
      .toSorted();
  assert.equal(fingerprints(issues).length, 6);
  assert.deepEqual(fingerprints(issues), fingerprints(ofScan));
  const same = compared(found.reports[1], found.reports[1]);
  assert.deepEqual(fingerprints(JSON.parse(await renderDiff('gitlab', same))), []);
});

describe('every format', () => {
  const causes: Difference['causes'] = [
    {
      rule: 'rule-0',
      flag: '-fstack-protector-strong',
      sentence: '`-fstack-protector-strong` was lost: 142 of 160 functions, now 37',
      files: ['/bin/0', '/bin/1'],
      entries: [0, 1],
      whose: 'yours',
      severity: 'high',
      remedy: 'Compile with `-fstack-protector-strong`.',
    },
  ];
  const { difference, ...rest } = pairOf(2, 1);
  const found: Compared = { ...rest, difference: { ...difference, causes } };
  for (const format of ['markdown', 'text', 'github', 'junit', 'gitlab', 'html', 'json'])
    it(`says in ${format} what was lost, with its numbers`, async () => {
      assert.match(await renderDiff(format, found, { width: 200 }), /142 of 160 functions, now 37/);
    });
  for (const format of ['markdown', 'text', 'github'])
    it(`says in ${format} what brings it back`, async () => {
      const text = await renderDiff(format, found, { width: 200 });
      assert.match(text, /[Ff]ix: Compile with `?-fstack-protector-strong/);
    });
  it('has a command in markdown as code that can be copied', async () => {
    const remedy = '`export CFLAGS="$CFLAGS -U_FORTIFY_SOURCE"`';
    const commands = causes.map((cause) => ({ ...cause, remedy }));
    const text = await renderDiff('markdown', {
      ...found,
      difference: { ...difference, causes: commands },
    });
    assert.ok(text.includes(`Fix: ${remedy}\n`));
  });
  it('says in sarif what was lost, with its numbers, and what brings it back', async () => {
    const log: Log = JSON.parse(await renderDiff('sarif', found));
    assert.match(
      log.runs[0]?.results?.[0]?.message.text ?? '',
      /was lost: 142 of 160 functions, now 37\. Fix: Compile with -fstack-protector-strong/,
    );
  });
  it('of sarif has the change of each result', async () => {
    const log: Log = JSON.parse(await renderDiff('sarif', found));
    assert.match(log.runs[0]?.results?.[0]?.message.text ?? '', /It became worse\./);
  });
});
