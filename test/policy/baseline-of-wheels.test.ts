import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairTargets } from '../../src/diff/pair-targets.ts';
import { readBaseline } from '../../src/policy/baseline/baseline-file.ts';
import { compareWithBaseline } from '../../src/policy/baseline/compare.ts';
import { updateOf } from '../../src/policy/baseline/update.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { binary, type GivenTarget, target, verdict } from '../support/reports/report-builder.ts';

const named = (name: string, path: string, given: GivenTarget = {}) =>
  target({
    name,
    kind: 'package',
    scheme: 'zip',
    platform: null,
    namedBy: 'content',
    binaries: [binary({ path, verdicts: [verdict({ rule: 'pie' })] })],
    ...given,
  });

const folder = { kind: 'root-filesystem', scheme: 'dir', namedBy: 'user' } as const;

/** As older versions wrote it: with names as the metadata of the wheel have them. */
const before = readBaseline(
  `{"type":"hullcheck-baseline","version":"1","findings":[
{"image":"Ruamel.Yaml_Clib","rule":"pie","path":"/Ruamel.Yaml_Clib.libs/liba.so","package":null,"buildId":null,"severity":"high","date":"2026-11-30"}
]}`,
  ['pie'],
);

const compare = (fresh: TargetReport) => {
  const { targets, fixed } = compareWithBaseline([fresh], before, {
    namedRules: () => [],
    today: '2026-11-30',
  });
  const accepted = targets.flatMap(({ binaries }) =>
    binaries.flatMap(({ verdicts }) => verdicts.filter(({ baselined }) => baselined !== undefined)),
  );
  return { accepted: accepted.length, fixed: fixed.length };
};

const inFolder = '/ruamel_yaml_clib.libs/liba.so';
const releases: readonly (readonly [
  claim: string,
  fresh: TargetReport,
  want: ReturnType<typeof compare>,
])[] = [
  [
    'the next release of a wheel, in another spelling',
    named('ruamel-yaml-clib 0.2.14', inFolder),
    { accepted: 1, fixed: 0 },
  ],
  ['another wheel', named('ruamel-yaml 0.2.14', inFolder), { accepted: 0, fixed: 0 }],
  [
    'a folder of that name, which is not a wheel',
    named('ruamel-yaml-clib', inFolder, folder),
    { accepted: 0, fixed: 0 },
  ],
];

for (const [claim, fresh, want] of releases)
  test(`what entries of a wheel accept in ${claim}`, () => assert.deepEqual(compare(fresh), want));

test('an update takes the entries of a wheel over to another spelling', () => {
  const fresh = named('ruamel-yaml-clib 0.2.14', inFolder);
  const owned = before.map((entry) => ({ ...entry, owner: 'team' }));
  const { baseline } = updateOf(owned, [fresh], {
    namedRules: () => [],
    today: '2026-11-30',
    accept: {},
  });
  assert.deepEqual(
    baseline.map(({ image, path, owner }) => [image, path, owner]),
    [['ruamel-yaml-clib', inFolder, 'team']],
  );
});

test('wheels that are compared together are paired whatever the spelling', () => {
  const old = ['Pillow 9.5.0', 'PyYAML 6.0'].map((name) => named(name, '/a.so'));
  const fresh = ['pyyaml 6.1', 'pillow 11.0'].map((name) => named(name, '/a.so'));
  assert.deepEqual(
    pairTargets(old, fresh).map((pair) => [pair.old?.name, pair.new?.name]),
    [
      ['PyYAML 6.0', 'pyyaml 6.1'],
      ['Pillow 9.5.0', 'pillow 11.0'],
    ],
  );
});
