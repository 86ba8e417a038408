import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log, Result } from 'sarif';
import { known } from '../../src/base/fact.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report, TargetReport } from '../../src/report/report.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';
import { sampleReport } from '../support/reports/sample-report.ts';

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
    // The image as a whole is not a file of it.
    if (result.ruleId === 'entrypoint-starts')
      assert.equal(place.artifactLocation.index, undefined);
    else
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

test('only failures are results without --all', async () => {
  const kinds = (log: Log) => log.runs[0]?.results?.map((result) => result.kind);
  assert.deepEqual(kinds(await sarif(sampleReport)), ['fail', 'fail', 'fail']);
  assert.deepEqual(kinds(await sarif(sampleReport, { all: true })), [
    'fail',
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
  const fixed = binary({
    path: '/b',
    verdicts: [verdict({ rule: 'pie' }), verdict({ rule: 'relro', outcome: 'pass' })],
  });
  const after = await fingerprints(target({ binaries: [bad('/a'), fixed] }));
  assert.equal(after.length, before.length - 1);
  assert.ok(after.every((fingerprint) => before.includes(fingerprint)));
});

/** A failure of each kind; the policy of a report that is assembled would set its own marks. */
function withMarks(...verdicts: Parameters<typeof verdict>[0][]): Report {
  const empty = report([target({})]);
  const judged = binary({ path: '/a', verdicts: verdicts.map(verdict) });
  return { ...empty, targets: empty.targets.map((bare) => ({ ...bare, binaries: [judged] })) };
}

test('accepted failures are results only with an option, and then marked', async () => {
  const waived = { rule: 'waived', waived: { reason: 'upstream', expires: '2027-01-31' } };
  const baselined = { rule: 'baselined', baselined: true as const };
  const fresh = { rule: 'fresh' };
  const passed = { rule: 'passed', outcome: 'pass' as const };
  const suppression = {
    kind: 'external',
    status: 'accepted',
    justification: 'upstream',
    properties: { expires: '2027-01-31' },
  };
  const table = [
    {
      given: [waived, baselined, fresh, passed],
      options: {},
      want: [['fresh', undefined, undefined]],
    },
    {
      given: [waived, baselined, fresh, passed],
      options: { all: true },
      want: [
        ['fresh', undefined, undefined],
        ['passed', undefined, undefined],
      ],
    },
    {
      given: [waived, baselined, fresh, passed],
      options: { suppressions: true },
      want: [
        ['fresh', undefined, 'new'],
        ['waived', [suppression], 'new'],
        ['baselined', undefined, 'unchanged'],
      ],
    },
    {
      given: [waived, fresh],
      options: { suppressions: true },
      want: [
        ['fresh', undefined, undefined],
        ['waived', [suppression], undefined],
      ],
    },
  ];
  for (const { given, options, want } of table) {
    const results = (await sarif(withMarks(...given), options)).runs[0]?.results ?? [];
    const seen = results.map(({ ruleId, suppressions, baselineState }) => [
      ruleId,
      suppressions,
      baselineState,
    ]);
    assert.deepEqual(seen, want, JSON.stringify(options));
  }
});

test('a result names binary, layer and package of the image', async () => {
  const owner = somePackage({
    name: 'busybox',
    version: '1.36.1-r29',
    purl: 'pkg:apk/alpine/busybox@1.36.1-r29',
  });
  const owned = { ...bad('/bin/busybox'), facts: factsWith({ package: known(owner) }) };
  const image = `app:1.0@sha256:${'ab'.repeat(32)}`;
  const layer = `sha256:${'cd'.repeat(32)}`;
  const result = (await sarif(report([target({ binaries: [owned] })]))).runs[0]?.results?.[0];
  assert.deepEqual(result?.locations?.[0]?.logicalLocations, [
    { name: '/bin/busybox', fullyQualifiedName: `${image}/bin/busybox`, kind: 'resource' },
    { name: layer, fullyQualifiedName: `${image}#${layer}`, kind: 'module' },
    { name: 'busybox', fullyQualifiedName: owner.purl, kind: 'package' },
  ]);
  assert.equal(result?.properties?.['package'], 'busybox');
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

test('alerts can point at the Dockerfile, and still name the binary', async () => {
  const alertLocation = { file: 'docker files/Dockerfile', line: 7 };
  const result = (await sarif(sampleReport, { alertLocation })).runs[0]?.results?.[0];
  const place = result?.locations?.[0]?.physicalLocation;
  assert.equal(place?.artifactLocation?.uri, 'docker%20files/Dockerfile');
  assert.equal(place?.region?.startLine, 7);
  assert.equal(
    result?.relatedLocations?.[0]?.physicalLocation?.artifactLocation?.uri,
    'app/linux/amd64/usr/local/bin/app',
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

test('alerts cover the files that the gate counts, yours first, and the rest is counted; --all has everything', async () => {
  const of = (whose: 'yours' | 'dependency' | 'distribution') =>
    factsWith({ ownership: known({ whose, component: null, because: 'the test says so' }) });
  const failing = (rule: string, severity: 'high' | 'medium') => [verdict({ rule, severity })];
  const given = report(
    [
      target({
        binaries: [
          binary({ path: '/d', facts: of('dependency'), verdicts: failing('loadable', 'high') }),
          binary({ path: '/e', facts: of('dependency'), verdicts: failing('pie', 'high') }),
          binary({ path: '/s', facts: of('distribution'), verdicts: failing('pie', 'high') }),
          binary({ path: '/y', facts: of('yours'), verdicts: failing('relro', 'medium') }),
        ],
      }),
    ],
    'high',
    plainPolicy({ of: 'yours' }),
  );
  const places = async (options: Parameters<typeof render>[2]) => {
    const { runs } = await sarif(given, options);
    return (runs[0]?.results ?? []).map(({ properties }) => properties?.['binary']);
  };
  assert.deepEqual(await places({}), ['/y', '/d']);
  assert.deepEqual(await places({ all: true }), ['/y', '/d', '/e', '/s']);
  const { runs } = await sarif(given);
  const notes = runs[0]?.invocations?.[0]?.toolExecutionNotifications ?? [];
  assert.ok(
    notes.some(({ message: { text = '' } }) => text.startsWith('2 findings of dependencies and')),
  );
});
