import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Log } from 'sarif';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

const binaries = [
  binary({
    path: '/app',
    verdicts: [verdict({ rule: 'pie', message: 'is linked to a fixed address' })],
  }),
];

/** One image for two platforms, with the same file in both. */
const both = report([
  target({ binaries }),
  target({ binaries, platform: 'linux/arm64', digest: `sha256:${'ef'.repeat(32)}` }),
]);

/** One of three platforms. */
const chosen = report([target({ binaries, otherPlatforms: ['linux/arm64', 'linux/riscv64'] })]);

const choice = 'linux/amd64 of 3 platforms (also linux/arm64, linux/riscv64: --platform all)';

const sarifOf = async (given: typeof both) => JSON.parse(await render('sarif', given)) as Log;

describe('the line of the gate', () => {
  for (const [name, given, want] of [
    ['names the share of platforms that was judged', chosen, true],
    ['names none where all were', both, false],
    [
      'names it of two images',
      report([...chosen.targets, target({ name: 'b:1', binaries })]),
      true,
    ],
  ] as const)
    it(name, async () => {
      assert.equal(/1 of 3 platforms judged/.test(given.gate.because), want);
      const text = (await render('text', given)).replace(/\s+/g, ' ');
      assert.equal(/GATE BROKEN: .*1 of 3 platforms judged/.test(text), want);
    });
});

describe('equal paths of two platforms are distinguished', () => {
  it('in text', async () => {
    const text = await render('text', both);
    for (const platform of ['amd64', 'arm64'])
      assert.match(text, new RegExp(`^app:1.0  linux/${platform}  .*\n\nYOURS  .*\n/app$`, 'm'));
  });

  it('in annotations', async () => {
    const lines = (await render('github', both)).split('\n');
    const places = lines.map((line) => /::(\/app[^:]*):/.exec(line)?.[1]).filter(Boolean);
    assert.deepEqual(places, ['/app (linux/amd64)', '/app (linux/arm64)']);
  });

  it('in Markdown', async () => {
    const text = await render('markdown', both);
    assert.match(text, /`\/app` \(linux\/amd64\)/);
    assert.match(text, /`\/app` \(linux\/arm64\)/);
  });

  it('in JUnit, by suite and by class', async () => {
    const text = await render('junit', both);
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      assert.ok(text.includes(`<testsuite name="app:1.0 (${platform})"`), text);
      assert.ok(text.includes(`classname="/app (${platform})" name="pie"`), text);
    }
  });

  it('in CSV and in lines of JSON, by a column and a field', async () => {
    const rows = (await render('csv', both)).split('\r\n').slice(1, 3);
    assert.deepEqual(
      rows.map((row) => row.split(',')[1]),
      ['linux/amd64', 'linux/arm64'],
    );
    const lines = (await render('jsonl', both))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const platforms = lines.filter(({ type }) => type === 'binary').map(({ platform }) => platform);
    assert.deepEqual(platforms, ['linux/amd64', 'linux/arm64']);
  });

  it('in SARIF, by fingerprint and location', async () => {
    const results = (await sarifOf(both)).runs.flatMap((run) => run.results ?? []);
    const marks = results.map(({ partialFingerprints, locations }) => ({
      fingerprint: JSON.stringify(partialFingerprints),
      uri: locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    }));
    assert.deepEqual(
      marks.map(({ uri }) => uri),
      ['app/linux/amd64/app', 'app/linux/arm64/app'],
    );
    assert.equal(new Set(marks.map(({ fingerprint }) => fingerprint)).size, 2);
  });

  it('in the report of GitLab', async () => {
    const all = JSON.parse(await render('gitlab', both)) as {
      readonly check_name: string;
      readonly fingerprint: string;
      readonly location: { readonly path: string };
    }[];
    const issues = all.filter(({ check_name: name }) => name === 'pie');
    assert.equal(new Set(issues.map(({ location }) => location.path)).size, 2);
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, 2);
  });

  it('and by their digests where the platform is the same too', async () => {
    const twins = report([
      target({ binaries }),
      target({ binaries, digest: `sha256:${'ef'.repeat(32)}` }),
    ]);
    const text = await render('markdown', twins);
    assert.match(text, /`\/app` \(linux\/amd64, sha256:abababababab\)/);
    assert.match(text, /`\/app` \(linux\/amd64, sha256:efefefefefef\)/);
    assert.match(await render('text', twins), /^app:1.0 {2}linux\/amd64, sha256:efefefefefef {2}/m);
  });

  it('but not where there is only one', async () => {
    assert.match(
      await render('text', report([target({ binaries })])),
      /^app:1.0 {2}linux\/amd64 {2}1 b/m,
    );
  });
});

describe('what was chosen of several platforms is said', () => {
  it('in text, on a line of its own', async () => {
    assert.ok((await render('text', chosen)).includes(`\n${choice}\n\n`));
  });

  it('in annotations, JUnit and Markdown', async () => {
    assert.ok((await render('github', chosen)).includes(`app:1.0: ${choice}`));
    assert.ok(
      (await render('junit', chosen)).includes(`<property name="platform" value="${choice}"/>`),
    );
    assert.ok((await render('markdown', chosen)).includes('linux/amd64 of 3 platforms'));
  });

  it('in JSON, lines of JSON and SARIF, as a list', async () => {
    const want = ['linux/arm64', 'linux/riscv64'];
    assert.deepEqual(JSON.parse(await render('json', chosen)).targets[0].otherPlatforms, want);
    const [first = ''] = (await render('jsonl', chosen)).split('\n');
    assert.deepEqual(JSON.parse(first).otherPlatforms, want);
    assert.deepEqual(
      (await sarifOf(chosen)).runs[0]?.properties?.['images'][0].otherPlatforms,
      want,
    );
  });

  it('and nothing where there is no other', async () => {
    const text = await render('text', report([target({ binaries })]));
    assert.doesNotMatch(text, /platforms/);
  });

  it('and a long list is cut', async () => {
    const otherPlatforms = Array.from({ length: 30 }, (_, at) => `linux/arch${at}`);
    const text = await render('text', report([target({ binaries, otherPlatforms })]));
    assert.match(text.replace(/\s+/g, ' '), /of 31 platforms .* and 18 more: --platform all/);
  });
});
