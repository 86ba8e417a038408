import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log, Result } from 'sarif';
import type { Report, TargetReport } from '../../src/report.ts';
import { render } from '../support/render.ts';
import { binary, report, target, verdict } from '../support/report-builder.ts';
import { sampleReport } from '../support/sample-report.ts';

async function sarif(given: Report, options: Parameters<typeof render>[2] = {}): Promise<Log> {
  return JSON.parse(await render('sarif', given, options));
}

async function fingerprints(
  ...targets: readonly TargetReport[]
): Promise<readonly (string | undefined)[]> {
  const { runs } = await sarif(report(targets));
  const results = runs.flatMap((run) => run.results ?? []);
  return results.map((result) => result.partialFingerprints?.['primaryLocationLineHash']).sort();
}

const bad = (path: string) =>
  binary({ path, verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro' })] });

test('every result has what GitHub demands', async () => {
  const { runs } = await sarif(sampleReport, { all: true });
  const [run] = runs;
  const rules = run?.tool.driver.rules ?? [];
  for (const rule of rules) {
    for (const text of [rule.shortDescription?.text, rule.fullDescription?.text, rule.help?.text])
      assert.ok(text);
    assert.match(rule.properties?.['security-severity'], /^\d\.\d$/);
  }
  for (const result of run?.results ?? []) {
    assert.equal(rules[result.ruleIndex ?? -1]?.id, result.ruleId);
    assert.ok(result.message.text);
    const place = result.locations?.[0]?.physicalLocation;
    assert.ok(place?.artifactLocation?.uri);
    assert.equal(
      run?.artifacts?.[place.artifactLocation.index ?? -1]?.location?.uri,
      place.artifactLocation.uri,
    );
    assert.deepEqual(place.region, { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 });
    assert.match(result.partialFingerprints?.['primaryLocationLineHash'] ?? '', /^[0-9a-f]{16}:1$/);
  }
  assert.equal(run?.invocations?.[0]?.executionSuccessful, true);
  assert.equal(run?.automationDetails?.id, 'hullcheck/app/linux/amd64/');
});

test('only failures are results, unless all are asked for', async () => {
  const kinds = (log: Log) => log.runs[0]?.results?.map((result) => result.kind);
  assert.deepEqual(kinds(await sarif(sampleReport)), ['fail', 'fail']);
  assert.deepEqual(kinds(await sarif(sampleReport, { all: true })), [
    'fail',
    'fail',
    'open',
    'pass',
    'pass',
    'notApplicable',
  ]);
});

test('fingerprints survive a new tag, digest, registry and layer order', async () => {
  const table: readonly Partial<TargetReport>[] = [
    { name: 'app:2.0' },
    { name: 'registry.example.org:5000/app:1.0' },
    { name: 'localhost/app@sha256:0123' },
    { digest: null },
    { layers: [] },
    { os: { id: 'alpine', versionId: '4', prettyName: 'Alpine 4' } },
  ];
  const before = await fingerprints(target({ binaries: [bad('/a'), bad('/b')] }));
  for (const change of table) {
    const rebuilt = [{ ...bad('/a'), sha256: 'f'.repeat(64), layer: 3, size: 7 }, bad('/b')];
    assert.deepEqual(
      await fingerprints(target({ ...change, binaries: rebuilt })),
      before,
      JSON.stringify(change),
    );
  }
});

test('a changed verdict changes only its own fingerprint', async () => {
  const before = await fingerprints(target({ binaries: [bad('/a'), bad('/b')] }));
  const mended = binary({
    path: '/b',
    verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro', outcome: 'pass' })],
  });
  const after = await fingerprints(target({ binaries: [bad('/a'), mended] }));
  assert.equal(after.length, before.length - 1);
  assert.ok(after.every((fingerprint) => before.includes(fingerprint)));
});

test('each image and platform has a run and a category of its own', async () => {
  const one = target({ binaries: [bad('/a')] });
  const categories = (log: Log) => log.runs.map((run) => run.automationDetails?.id);
  const table = [
    {
      targets: [one, { ...one, platform: 'linux/arm64' }],
      want: ['hullcheck/app/linux/amd64/', 'hullcheck/app/linux/arm64/'],
    },
    {
      targets: [one, { ...one, name: 'other:1' }],
      want: ['hullcheck/app/linux/amd64/', 'hullcheck/other/linux/amd64/'],
    },
    { targets: [one, { ...one, name: 'app:2.0' }], want: ['hullcheck/all/'] },
    {
      targets: Array.from({ length: 21 }, (_, index) => ({ ...one, name: `app${index}:1` })),
      want: ['hullcheck/all/'],
    },
    { targets: [], want: ['hullcheck/all/'] },
  ];
  for (const { targets, want } of table)
    assert.deepEqual(categories(await sarif(report(targets))), want);
});

test('of too many results the most severe are kept, and a notification counts the rest', async () => {
  const binaries = Array.from({ length: 5001 }, (_, index) =>
    binary({
      path: `/${index}`,
      verdicts: [
        verdict({
          rule: 'pie',
          severity: index === 5000 ? 'critical' : index === 0 ? 'note' : 'medium',
        }),
      ],
    }),
  );
  const [run] = (await sarif(report([target({ binaries })]))).runs;
  const level = (result: Result | undefined) => result?.level;
  assert.equal(run?.results?.length, 5000);
  assert.equal(level(run?.results?.[0]), 'error');
  assert.equal(level(run?.results?.at(-1)), 'warning');
  assert.match(
    run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? '',
    /^1 less severe results were left out/,
  );
});

test('alerts can point at the Dockerfile, and still tell which binary', async () => {
  const alertLocation = { file: 'docker files/Dockerfile', line: 7 };
  const result = (await sarif(sampleReport, { alertLocation })).runs[0]?.results?.[0];
  const place = result?.locations?.[0]?.physicalLocation;
  assert.equal(place?.artifactLocation?.uri, 'docker%20files/Dockerfile');
  assert.equal(place?.region?.startLine, 7);
  assert.equal(
    result?.relatedLocations?.[0]?.physicalLocation?.artifactLocation?.uri,
    'app/usr/local/bin/app',
  );
});

test('provenance comes from labels with a web address, without credentials', async () => {
  const label = (source: string) => ({
    created: null,
    user: '',
    entrypoint: [],
    cmd: [],
    env: [],
    workingDirectory: '',
    labels: {
      'org.opencontainers.image.source': source,
      'org.opencontainers.image.revision': 'abc',
    },
  });
  const table = [
    {
      source: 'https://example.org/app',
      want: [{ repositoryUri: 'https://example.org/app', revisionId: 'abc' }],
    },
    {
      source: 'https://user:secret@example.org/app',
      want: [{ repositoryUri: 'https://example.org/app', revisionId: 'abc' }],
    },
    { source: 'javascript:alert(1)', want: undefined },
    { source: 'app', want: undefined },
  ];
  for (const { source, want } of table) {
    const [run] = (await sarif(report([target({ binaries: [bad('/a')], config: label(source) })])))
      .runs;
    assert.deepEqual(run?.versionControlProvenance, want, source);
  }
});
