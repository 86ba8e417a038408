import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { known } from '../../src/base/fact.ts';
import type { Outcome } from '../../src/base/verdict.ts';
import { readBaseline, writeBaseline } from '../../src/policy/baseline/baseline-file.ts';
import { compareWithBaseline } from '../../src/policy/baseline/compare.ts';
import { baselineOf } from '../../src/policy/baseline/entry.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

interface Seen {
  readonly path: string;
  readonly package?: string;
  readonly buildId?: string;
  readonly outcome?: Outcome;
  readonly rule?: string;
  readonly faults?: readonly string[];
}

const image = (...binaries: readonly Seen[]): TargetReport =>
  target({ binaries: binaries.map(binaryOf) });

function binaryOf({ path, package: name, buildId, outcome = 'fail', rule = 'pie', faults }: Seen) {
  const owner = name === undefined ? null : somePackage({ name });
  const id = buildId === undefined ? null : { form: 'gnu' as const, id: buildId, evidence: [] };
  const facts = factsWith({ package: known(owner), buildId: known(id) });
  const degree = faults === undefined ? {} : { degree: { faults } };
  return binary({ path, facts, verdicts: [verdict({ rule, outcome, ...degree })] });
}

const plainly = { today: '2026-11-30', namedRules: () => [] };
const ids = ['pie', 'relro', 'loadable'];

/** As many as a verdict names, from one on. */
const named = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `exports ${String.fromCodePoint(0x4e00 + from + at)}`);

const table: readonly {
  readonly name: string;
  readonly before: readonly Seen[];
  readonly after: readonly Seen[];
  /** Paths of findings that count. */
  readonly fresh: readonly string[];
  readonly fixed?: readonly string[];
}[] = [
  { name: 'the same', before: [{ path: '/a' }], after: [{ path: '/a' }], fresh: [] },
  {
    name: 'a new binary',
    before: [{ path: '/a' }],
    after: [{ path: '/a' }, { path: '/b' }],
    fresh: ['/b'],
  },
  {
    name: 'another rule',
    before: [{ path: '/a' }],
    after: [{ path: '/a', rule: 'relro' }],
    fresh: ['/a'],
  },
  {
    name: 'a rebuild',
    before: [{ path: '/a', buildId: '1' }],
    after: [{ path: '/a', buildId: '2' }],
    fresh: [],
  },
  {
    name: 'an updated library',
    before: [{ path: '/lib/libz.so.1.3', package: 'zlib' }],
    after: [{ path: '/lib/libz.so.1.4', package: 'zlib' }],
    fresh: [],
  },
  {
    name: 'an updated package in another folder',
    before: [{ path: '/usr/lib/python3.11/x.so', package: 'python3' }],
    after: [{ path: '/usr/lib/python3.12/x.so', package: 'python3' }],
    fresh: [],
  },
  {
    name: 'the next release in a folder of its own',
    before: [{ path: 'svc-1.0/svc' }],
    after: [{ path: 'svc-1.1/svc' }],
    fresh: [],
  },
  {
    name: 'another hash in the name of a library',
    before: [{ path: '/x.libs/libavif-8a7f30c1.so.16' }],
    after: [{ path: '/x.libs/libavif-c6061f2b.so.16' }],
    fresh: [],
  },
  {
    name: 'a new version next to the old one, which is fixed',
    before: [{ path: '/a/libx.so.1' }],
    after: [{ path: '/a/libx.so.1', outcome: 'pass' }, { path: '/a/libx.so.2' }],
    fresh: ['/a/libx.so.2'],
    fixed: ['/a/libx.so.1'],
  },
  {
    name: 'a file of the same name elsewhere',
    before: [{ path: '/opt/a/main' }],
    after: [{ path: '/opt/b/main' }],
    fresh: ['/opt/b/main'],
    fixed: ['/opt/a/main'],
  },
  {
    name: 'the same name in another package',
    before: [{ path: '/lib/libz.so.1.3', package: 'zlib' }],
    after: [{ path: '/lib/libz.so.1.4', package: 'zlib-ng' }],
    fresh: ['/lib/libz.so.1.4'],
    fixed: ['/lib/libz.so.1.3'],
  },
  {
    name: 'another file of the package',
    before: [{ path: '/lib/a.so', package: 'x' }],
    after: [{ path: '/lib/b.so', package: 'x' }],
    fresh: ['/lib/b.so'],
    fixed: ['/lib/a.so'],
  },
  {
    name: 'moved, the same build',
    before: [{ path: '/a', buildId: '1' }],
    after: [{ path: '/b', buildId: '1' }],
    fresh: [],
  },
  {
    name: 'moved, another build',
    before: [{ path: '/a', buildId: '1' }],
    after: [{ path: '/b', buildId: '2' }],
    fresh: ['/b'],
    fixed: ['/a'],
  },
  {
    name: 'moved and copied: one of them is new',
    before: [{ path: '/a', buildId: '1' }],
    after: [
      { path: '/b', buildId: '1' },
      { path: '/c', buildId: '1' },
    ],
    fresh: ['/c'],
  },
  {
    name: 'copied alongside the old one',
    before: [{ path: '/a', buildId: '1' }],
    after: [
      { path: '/a', buildId: '1' },
      { path: '/b', buildId: '1' },
    ],
    fresh: ['/b'],
  },
  {
    name: 'fixed',
    before: [{ path: '/a' }],
    after: [{ path: '/a', outcome: 'pass' }],
    fresh: [],
    fixed: ['/a'],
  },
  {
    name: 'no longer decided is not fixed',
    before: [{ path: '/a' }],
    after: [{ path: '/a', outcome: 'unknown' }],
    fresh: [],
  },
  {
    name: 'removed',
    before: [{ path: '/a' }, { path: '/b' }],
    after: [{ path: '/b' }],
    fresh: [],
    fixed: ['/a'],
  },
  {
    name: 'a rule that was not asked',
    before: [{ path: '/a' }, { path: '/b', rule: 'relro' }],
    after: [{ path: '/a' }],
    fresh: [],
  },
  {
    name: 'the same faults, or fewer, of another version',
    before: [{ path: '/a', faults: ['imports gets', 'needs libz.so.1'] }],
    after: [{ path: '/a', faults: ['needs libz.so.2'] }],
    fresh: [],
  },
  {
    name: 'a further fault',
    before: [{ path: '/a', faults: ['imports gets'] }],
    after: [{ path: '/a', faults: ['imports gets', 'imports system'] }],
    fresh: ['/a'],
  },
  {
    name: 'a further fault in the next release of a library',
    before: [{ path: '/lib/libz.so.1.3', package: 'zlib', faults: ['imports gets'] }],
    after: [{ path: '/lib/libz.so.1.4', package: 'zlib', faults: ['imports system'] }],
    fresh: ['/lib/libz.so.1.4'],
  },
  {
    name: 'faults of which either platform has one',
    before: [
      { path: '/a', buildId: '1', faults: ['imports gets'] },
      { path: '/a', buildId: '2', faults: ['imports system'] },
    ],
    after: [
      { path: '/a', buildId: '1', faults: ['imports gets'] },
      { path: '/a', buildId: '2', faults: ['imports system'] },
    ],
    fresh: [],
  },
  {
    name: 'faults beyond those that an entry names',
    before: [{ path: '/a', faults: named(0, 50) }],
    after: [{ path: '/a', faults: named(1, 50) }],
    fresh: [],
  },
];

for (const { name, before, after, fresh, fixed = [] } of table) {
  test(`baseline: ${name}`, () => {
    const compared = compareWithBaseline(
      [image(...after)],
      baselineOf([image(...before)]),
      plainly,
    );
    const counting = compared.targets.flatMap(({ binaries }) =>
      binaries.filter(({ verdicts }) =>
        verdicts.some(({ outcome, baselined }) => outcome === 'fail' && !baselined),
      ),
    );
    assert.deepEqual(
      counting.map(({ path }) => path),
      fresh,
    );
    assert.deepEqual(
      compared.fixed.map(({ path }) => path),
      fixed,
    );
  });
}

test('a saved report serves as a baseline', async () => {
  const saved = await render('json', report([image({ path: '/a', package: 'x' })]));
  assert.deepEqual(readBaseline(saved, ids), [
    {
      image: 'docker.io/library/app',
      rule: 'pie',
      path: '/a',
      package: 'x',
      buildId: null,
      severity: 'high',
    },
  ]);
});

test('what is not a baseline is refused', () => {
  for (const text of [
    '',
    '[]',
    '{}',
    '{"type":"hullcheck-baseline"}',
    '{"type":"hullcheck-baseline","version":"1","findings":[{"rule":1}]}',
  ])
    assert.throws(() => readBaseline(text, ids), UsageError, text);
});

test('the cause of a finding is written and read', () => {
  const entry = { rule: 'loadable', path: '/a', cause: 'x', package: null, buildId: null };
  assert.deepEqual(readBaseline([...writeBaseline([entry])].join(''), ids), [entry]);
});
