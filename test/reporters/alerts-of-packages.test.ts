import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Log, Result } from 'sarif';
import { known } from '../../src/base/fact.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict, TargetReport } from '../../src/report/report.ts';
import type { RenderOptions } from '../../src/reporters/reporter.ts';
import type { Ecosystem, Whose } from '../../src/root/ownership/ownership.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

interface Owner {
  readonly whose: Whose;
  readonly group: string;
  readonly ecosystem?: Ecosystem;
  readonly version?: string;
}

function owned(
  path: string,
  { whose, group, ecosystem = 'deb', version = '1.0-1' }: Owner,
  ...verdicts: readonly JudgedVerdict[]
): BinaryReport {
  const purl = `pkg:${ecosystem}/${group}@${version}`;
  const component = { ecosystem, name: group, version, purl, group };
  const because = 'the test says so';
  return binary({
    path,
    facts: factsWith({ ownership: known({ whose, component, because }) }),
    verdicts,
  });
}

const tools = { whose: 'distribution', group: 'coreutils' } as const;
const shell = { whose: 'distribution', group: 'bash' } as const;
const wheel = { whose: 'dependency', group: 'numpy', ecosystem: 'pypi' } as const;
const mine = { whose: 'yours', group: '', ecosystem: 'generic' } as const;
const pie = verdict({ rule: 'pie' });
const stack = verdict({ rule: 'non-executable-stack', severity: 'medium' });

async function runOf(
  binaries: readonly BinaryReport[],
  given: Partial<TargetReport> = {},
  options: Partial<RenderOptions> = {},
) {
  const policy = plainPolicy({ of: options.all ? 'yours' : 'all' });
  const text = await render(
    'sarif',
    report([target({ binaries, ...given })], 'high', policy),
    options,
  );
  const [run] = (JSON.parse(text) as Log).runs;
  assert.ok(run);
  return { ...run, results: run.results ?? [] };
}

const uris = ({ locations }: Result) =>
  (locations ?? []).map(({ physicalLocation }) => physicalLocation?.artifactLocation?.uri);
const markOf = (result: Result | undefined) =>
  result?.partialFingerprints?.['primaryLocationLineHash'];

describe('which findings are one alert', () => {
  const binaries = [
    owned('/bin/cat', tools, pie, stack),
    owned('/bin/ls', tools, pie),
    owned('/bin/bash', shell, pie),
    owned('/np/a.so', wheel, pie),
    owned('/np/b.so', wheel, pie),
    owned('/srv/app', mine, pie),
    owned('/srv/tool', mine, pie),
  ];
  const wanted = [
    ['pie', '/srv/app'],
    ['pie', '/srv/tool'],
    ['pie', '/np/a.so'],
    ['pie', '/np/b.so'],
    ['pie', 'bash 1'],
    ['pie', 'coreutils 2'],
    ['non-executable-stack', 'coreutils 1'],
  ];
  for (const all of [false, true])
    it(`a package and rule, else a file and rule, yours first${all ? ': --all' : ' in a gate of all'}`, async () => {
      const { results } = await runOf(binaries, {}, { all });
      const seen = results.map(({ ruleId, properties }) => [
        ruleId,
        properties?.['binary'] ?? `${properties?.['package']} ${properties?.['files']}`,
      ]);
      assert.deepEqual(seen, wanted);
    });

  it('none of packages by default', async () => {
    const given = report([target({ binaries })], 'high', plainPolicy({ of: 'yours' }));
    const { runs }: Log = JSON.parse(await render('sarif', given));
    assert.deepEqual(
      runs[0]?.results?.map(({ properties }) => properties?.['binary']),
      ['/srv/app', '/srv/tool'],
    );
  });

  it('only rules that have alerts are described', async () => {
    const { tool, results } = await runOf([
      owned('/srv/app', mine, pie, verdict({ rule: 'relro', outcome: 'pass' })),
    ]);
    assert.deepEqual(
      tool.driver.rules?.map(({ id }) => id),
      ['pie'],
    );
    assert.equal(results[0]?.ruleIndex, 0);
  });

  it('what was not decided is apart from what fails, and one cause from another', async () => {
    const failing = (path: string, cause: string) =>
      owned(path, tools, verdict({ rule: 'loadable', cause }));
    const { results } = await runOf(
      [
        failing('/bin/a', 'library liba.so'),
        failing('/bin/b', 'library libb.so'),
        failing('/bin/c', 'library liba.so'),
        owned('/bin/d', tools, verdict({ rule: 'loadable', outcome: 'unknown' })),
      ],
      {},
      { all: true },
    );
    assert.deepEqual(
      results.map(({ kind, properties }) => [kind, properties?.['files']]),
      [
        ['fail', 2],
        ['fail', 1],
        ['open', 1],
      ],
    );
    assert.equal(new Set(results.map(markOf)).size, 3);
  });

  it('what is accepted is apart, and marked', async () => {
    const waived = { reason: 'upstream', expires: null };
    const empty = report([target({})]);
    const judged = [
      owned('/bin/a', tools, { ...pie, waived }),
      owned('/bin/b', tools, pie),
      owned('/bin/c', tools, { ...pie, waived }),
      owned('/bin/d', tools, { ...pie, baselined: true }),
    ];
    const given = {
      ...empty,
      targets: empty.targets.map((bare) => ({ ...bare, binaries: judged })),
    };
    const { runs }: Log = JSON.parse(await render('sarif', given, { suppressions: true }));
    const results = runs[0]?.results ?? [];
    assert.deepEqual(
      results.map(({ properties, suppressions, baselineState }) => [
        properties?.['files'],
        suppressions?.length ?? 0,
        baselineState,
      ]),
      [
        [1, 0, 'new'],
        [2, 1, 'new'],
        [1, 0, 'unchanged'],
      ],
    );
    assert.equal(new Set(results.map(markOf)).size, 3);
    const [open] = (JSON.parse(await render('sarif', given)) as Log).runs[0]?.results ?? [];
    assert.equal(markOf(open), markOf(results[0]));
  });
});

describe('an alert of a package', () => {
  const pair = [owned('/bin/ls', tools, pie), owned('/bin/cat', tools, pie)];

  it('has the place of the package first, then all of its files', async () => {
    const { results, artifacts } = await runOf(pair);
    assert.deepEqual(results.map(uris), [
      ['app/linux/amd64/deb/coreutils', 'app/linux/amd64/bin/cat', 'app/linux/amd64/bin/ls'],
    ]);
    const indexes = results[0]?.locations?.map(
      ({ physicalLocation }) => physicalLocation?.artifactLocation?.index,
    );
    assert.deepEqual(
      indexes?.map((index) => (index === undefined ? null : artifacts?.[index]?.location?.uri)),
      [null, 'app/linux/amd64/bin/cat', 'app/linux/amd64/bin/ls'],
    );
  });

  it('says how many files, and names one', async () => {
    const { results } = await runOf(pair);
    assert.equal(
      results[0]?.message.text,
      'coreutils 1.0-1 (app:1.0, linux/amd64): 2 files, as /bin/cat: pie says so.',
    );
  });

  it('weighs what the worst of its files weighs', async () => {
    const { results } = await runOf([
      owned('/bin/a', tools, verdict({ rule: 'pie', severity: 'low' })),
      owned('/bin/b', tools, verdict({ rule: 'pie', severity: 'critical' })),
    ]);
    assert.deepEqual(
      results.map(({ level, properties }) => [level, properties?.['severity']]),
      [['error', 'critical']],
    );
  });

  for (const [files, inFront, related] of [
    [99, 100, 0],
    [100, 100, 1],
    [1200, 100, 800],
  ] as const)
    it(`of ${files} files has ${inFront} locations and ${related} related ones: code scanning has limits`, async () => {
      const many = Array.from({ length: files }, (_, at) => owned(`/bin/${at}`, tools, pie));
      const [result] = (await runOf(many)).results;
      assert.equal(result?.locations?.length, inFront);
      assert.equal(result?.relatedLocations?.length ?? 0, related);
      assert.match(result?.message.text ?? '', new RegExp(`: ${files} files, as /bin/0: `));
      assert.equal(result?.properties?.['files'], files);
    });

  const changes: readonly (readonly [string, readonly BinaryReport[]])[] = [
    ['another version', [owned('/bin/ls', { ...tools, version: '2.0-1' }, pie)]],
    ['fewer files', pair.slice(1)],
    ['files of other names', [owned('/usr/lib/libnew.so.7', tools, pie)]],
    ['another severity', [owned('/bin/ls', tools, { ...pie, severity: 'note' })]],
  ];
  for (const [what, binaries] of changes)
    it(`is the same one with ${what}: by fingerprint and first location`, async () => {
      const [before] = (await runOf(pair)).results;
      const [after] = (await runOf(binaries)).results;
      assert.ok(before && after);
      assert.equal(markOf(after), markOf(before));
      assert.equal(uris(after)[0], uris(before)[0]);
    });

  it('is another one in another image, of another platform, package or rule', async () => {
    const marks = [
      ...(await runOf(pair)).results,
      ...(await runOf(pair, { name: 'other:1.0' })).results,
      ...(await runOf(pair, { platform: 'linux/arm64' })).results,
      ...(await runOf([owned('/bin/ls', shell, pie)])).results,
      ...(await runOf([owned('/bin/ls', tools, stack)])).results,
    ].map(markOf);
    assert.equal(new Set(marks).size, 5);
  });

  it('stands at the instruction of the Dockerfile, with its files behind it', async () => {
    const dockerfile = { file: 'Dockerfile', text: 'FROM debian:12\n', isNamed: true };
    const [result] = (await runOf(pair, {}, { dockerfile })).results;
    assert.deepEqual(result && uris(result), ['Dockerfile']);
    assert.deepEqual(
      result?.relatedLocations?.map(({ message }) => message?.text),
      ['/bin/cat', '/bin/ls'],
    );
  });

  it('stands at a file that is there where the target is a folder of the repository', async () => {
    const folder = {
      name: 'rootfs',
      kind: 'root-filesystem',
      scheme: 'dir',
      platform: null,
    } as const;
    const repository = { root: '/w', cwd: '/w' };
    const { results } = await runOf(pair, folder, { repository });
    assert.deepEqual(results.map(uris), [['rootfs/bin/cat', 'rootfs/bin/ls']]);
  });
});
