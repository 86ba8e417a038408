import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from 'sarif';
import { known } from '../../src/base/fact.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, TargetReport } from '../../src/report/report.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

type Scanned = Partial<TargetReport> & { readonly files: readonly (string | BinaryReport)[] };

const fail = [verdict({ rule: 'pie' })];

function reportOf(targets: readonly Scanned[]) {
  const scanned = targets.map(({ files, ...given }) =>
    target({
      ...given,
      binaries: files.map((file) =>
        typeof file === 'string' ? binary({ path: file, verdicts: fail }) : file,
      ),
    }),
  );
  return report(scanned, 'high', plainPolicy({ of: 'all' }));
}

/** Of SARIF and of GitLab, in the order of the files. */
async function marksOf(...targets: readonly Scanned[]) {
  const sarif: Log = JSON.parse(await render('sarif', reportOf(targets)));
  const results = sarif.runs.flatMap(({ results = [] }) => results);
  const issues: readonly { readonly fingerprint: string; readonly check_name: string }[] =
    JSON.parse(await render('gitlab', reportOf(targets)));
  return {
    sarif: results.map(({ partialFingerprints }) =>
      String(partialFingerprints?.['primaryLocationLineHash']),
    ),
    gitlab: issues.flatMap((each) => (each.check_name === 'pie' ? [each.fingerprint] : [])),
  };
}

function packaged(path: string, group: string, verdicts = fail): BinaryReport {
  const component = { ecosystem: 'deb' as const, name: group, version: '1', purl: '', group };
  const ownership = known({ whose: 'distribution' as const, component, because: 'a test says so' });
  return binary({ path, facts: factsWith({ ownership }), verdicts });
}

const folder = { kind: 'root-filesystem', scheme: 'dir', platform: null } as const;
const wheel = {
  kind: 'package',
  scheme: 'zip',
  platform: null,
  namedBy: 'content',
} as const;
const file = { kind: 'file', scheme: 'file', platform: null } as const;

const same: readonly (readonly [claim: string, old: Scanned, fresh: Scanned])[] = [
  [
    'the version of a folder in an image',
    { files: ['/opt/app-1.0/bin/svc'] },
    { files: ['/opt/app-1.1/bin/svc'] },
  ],
  [
    'the hash of a library',
    { files: ['/x.libs/libavif-8a7f30c1.so.16'] },
    { files: ['/x.libs/libavif-c6061f2b.so.16'] },
  ],
  [
    'the version of the folder that is scanned',
    { ...folder, name: 'dist/svc-1.0', files: ['/svc'] },
    { ...folder, name: 'dist/svc-1.1', files: ['/svc'] },
  ],
  [
    'the version of a file that is scanned',
    { ...file, name: 'out/svc-1.0', files: ['out/svc-1.0'] },
    { ...file, name: 'out/svc-1.1', files: ['out/svc-1.1'] },
  ],
  [
    'the folder of a machine that a file lies in',
    { ...file, name: '/home/a/svc', files: ['/home/a/svc'] },
    { ...file, name: '/srv/ci/42/svc', files: ['/srv/ci/42/svc'] },
  ],
  [
    'the version of a wheel that is scanned',
    { ...folder, name: 'a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl', files: ['/a/b.so'] },
    { ...folder, name: 'a-1.1-cp312-cp312-manylinux_2_28_x86_64.whl', files: ['/a/b.so'] },
  ],
  [
    'how the name of a wheel is written, in a name of its own and in its folders',
    { ...wheel, name: 'Ruamel.Yaml 0.17', files: ['/Ruamel.Yaml.libs/liba-1a2b3c4d.so'] },
    { ...wheel, name: 'ruamel-yaml 0.18', files: ['/ruamel_yaml.libs/liba-4d3c2b1a.so'] },
  ],
  [
    'how the name of a wheel on a disk is written',
    { ...folder, name: 'Pillow-9.5.0-cp311-cp311-manylinux_2_17_x86_64.whl', files: ['/a.so'] },
    { ...folder, name: 'pillow-11.0.0-cp312-cp312-manylinux_2_28_x86_64.whl', files: ['/a.so'] },
  ],
  [
    'the version in the name of a package',
    { files: [packaged('/usr/bin/python3.11', 'python3.11')] },
    { files: [packaged('/usr/bin/python3.12', 'python3.12')] },
  ],
];

for (const [claim, old, fresh] of same)
  test(`not in a fingerprint: ${claim}`, async () => {
    const marks = await marksOf(old);
    assert.equal(marks.sarif.length, 1);
    assert.deepEqual(await marksOf(fresh), marks);
  });

const different: readonly (readonly [claim: string, old: Scanned, fresh: Scanned])[] = [
  ['the file', { files: ['/opt/app-1.0/a'] }, { files: ['/opt/app-1.0/b'] }],
  [
    'the name of a package that is not a wheel',
    { ...wheel, scheme: 'rpm', name: 'libX11 1', files: ['/a'] },
    { ...wheel, scheme: 'rpm', name: 'libx11 1', files: ['/a'] },
  ],
  ['the machine', { files: ['/p/linux-x64/a.node'] }, { files: ['/p/linux-arm64/a.node'] }],
  [
    'the folder in the repository',
    { ...file, name: 'one/svc', files: ['one/svc'] },
    { ...file, name: 'two/svc', files: ['two/svc'] },
  ],
];

for (const [claim, old, fresh] of different)
  test(`in a fingerprint: ${claim}`, async () => {
    const [marks, others] = [await marksOf(old), await marksOf(fresh)];
    assert.notDeepEqual(others.sarif, marks.sarif);
    assert.notDeepEqual(others.gitlab, marks.gitlab);
  });

test('versions that lie together have fingerprints of their own, by their order', async () => {
  const old = await marksOf({ files: ['/a/libx.so.9', '/a/libx.so.10', '/b'] });
  const fresh = await marksOf({ files: ['/a/libx.so.9.1', '/a/libx.so.10.1', '/b'] });
  for (const marks of [old.sarif, old.gitlab]) assert.equal(new Set(marks).size, 3);
  assert.deepEqual(fresh, old);
});

test('one of two versions that is fixed leaves the other its fingerprint', async () => {
  const fixed = binary({
    path: '/a/libx.so.1',
    verdicts: [verdict({ rule: 'pie', outcome: 'pass' })],
  });
  const { sarif, gitlab } = await marksOf({ files: ['/a/libx.so.1', '/a/libx.so.2'] });
  const after = await marksOf({ files: [fixed, '/a/libx.so.2'] });
  assert.deepEqual(after, { sarif: sarif.slice(1), gitlab: gitlab.slice(1) });
});

test('what is unknown in a package keeps its fingerprint when what fails there is fixed', async () => {
  const unknown = packaged('/usr/bin/b', 'tools', [verdict({ rule: 'pie', outcome: 'unknown' })]);
  const strict = plainPolicy({ of: 'all', failOnUnknown: true });
  const fingerprints = async (...binaries: readonly BinaryReport[]) => {
    const text = await render('gitlab', report([target({ binaries })], 'high', strict));
    const issues: readonly { readonly fingerprint: string; readonly check_name: string }[] =
      JSON.parse(text);
    return issues.filter(({ check_name: rule }) => rule === 'pie').map((each) => each.fingerprint);
  };
  const before = await fingerprints(packaged('/usr/bin/a', 'tools'), unknown);
  const after = await fingerprints(unknown);
  assert.equal(new Set(before).size, 2);
  assert.equal(after.length, 1);
  assert.ok(before.includes(after[0] ?? ''));
  // It is not the one that was fixed.
  assert.notEqual(after[0], (await fingerprints(packaged('/usr/bin/a', 'tools')))[0]);
});
