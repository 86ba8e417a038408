import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { factAt } from '../../src/policy/subject.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const ids = new Set(rules.map(({ id }) => id));
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-profiles-'));
const run = hullcheckIn(folder);

test('a profile speaks of rules that there are, and names its sources', () => {
  for (const { name, summary, explanation, expectations } of profiles) {
    assert.ok(summary.length <= 90 && !summary.endsWith('.'), name);
    assert.ok(explanation.length > 100, name);
    for (const { rules: named, because, source } of expectations) {
      for (const rule of named) assert.ok(ids.has(rule), `${name}: ${rule}`);
      assert.match(source, /^https:\/\//, name);
      assert.match(because, /^[^A-Z].*[^.]$|^[A-Z]/s, `${name}: ${because}`);
    }
  }
});

test('a fact that a profile requires is one that binaries have', () => {
  const { status } = run([
    join(repositoryRoot, 'samples/images/alpine-app.docker.tar'),
    join(repositoryRoot, 'samples/elf/x86_64-none-go-static-stripped'),
    '-o',
    'json=facts.json',
    '--fail-on',
    'none',
  ]);
  assert.equal(status, 0);
  const report = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8'));
  const paths = profiles.flatMap(({ expectations }) =>
    expectations.flatMap(({ where }) => Object.keys(where.facts ?? {})),
  );
  for (const path of new Set(paths)) {
    const found = report.targets.some(
      ({ binaries }: { binaries: Parameters<typeof factAt>[0][] }) =>
        binaries.some((seen) => factAt(seen, path) !== undefined),
    );
    assert.ok(found, path);
  }
});

const libraries = [
  { os: 'debian 8', name: 'libc6', version: '2.19-18+deb8u10' },
  { os: 'debian 12', name: 'libc6', version: '2.36-9+deb12u10' },
  { os: 'debian 13', name: 'libc6', version: '2.41-12' },
  { os: 'alpine 3.9', name: 'musl', version: '1.1.20-r6' },
  { os: 'alpine 3.18.4', name: 'musl', version: '1.2.4-r3' },
  { os: 'alpine 3.20.3', name: 'musl', version: '1.2.5-r0' },
  { os: 'rocky 9.4', name: 'glibc', version: '2.34-100.el9' },
  { os: 'rhel 7.9', name: 'glibc', version: '2.17-326.el7_9' },
  { os: 'ubuntu 16.04', name: 'libc6', version: '2.23-0ubuntu11.3' },
  { os: 'ubuntu 18.04', name: 'libc6', version: '2.27-3ubuntu1.6' },
  { os: 'ubuntu 22.04', name: 'libc6', version: '2.35-0ubuntu3.8' },
  { os: 'fedora 27', name: 'glibc', version: '2.26-30.fc27' },
  { os: 'fedora 40', name: 'glibc', version: '2.39-6.fc40' },
];

const managers: Readonly<Record<string, 'apk' | 'rpm'>> = {
  alpine: 'apk',
  fedora: 'rpm',
  rhel: 'rpm',
  rocky: 'rpm',
};

/** `owned`: by a package, by none, or not known. */
const image = (os: string, rule: string, owned: 'package' | 'none' | 'not known', facts = {}) => {
  const [id = '', versionId = ''] = os.split(' ');
  const manager = managers[id] ?? 'dpkg';
  const owner = somePackage({ manager, name: 'p', architecture: 'amd64' });
  const brought = owned === 'package';
  const ownership = {
    ...(owned === 'not known' ? {} : { package: known(brought ? owner : null) }),
    ownership: known({
      whose: brought ? 'distribution' : 'yours',
      component: null,
      because: '',
    } as const),
  };
  return target({
    os: { id, versionId, prettyName: os },
    binaries: [
      binary({
        path: '/a',
        facts: factsWith({ ...ownership, ...facts }),
        verdicts: [verdict({ rule })],
      }),
      // What the release is known by, alongside the word of os-release.
      ...libraries
        .filter((library) => library.os === os)
        .map(({ name, version }) =>
          binary({ path: '/c', facts: factsWith({ package: known({ ...owner, name, version }) }) }),
        ),
    ],
  });
};

const partial = { relro: known({ state: 'partial' }) };
const onArm = { machine: known({ name: 'aarch64' }) };
const table: readonly (readonly [
  profile: string,
  target: ReturnType<typeof image>,
  want: 'finding' | 'not required',
])[] = [
  ['debian', image('debian 12', 'bind-now', 'package'), 'not required'],
  ['debian', image('debian 12', 'bind-now', 'none'), 'finding'],
  ['debian', image('debian 12', 'bind-now', 'not known'), 'finding'],
  ['auto', image('debian 12', 'bind-now', 'package'), 'not required'],
  ['auto', image('debian 12', 'bind-now', 'none'), 'finding'],
  ['auto', image('debian 12', 'pie', 'package'), 'finding'],
  ['auto', image('alpine 3.18.4', 'stack-clash-protection', 'package'), 'not required'],
  ['auto', image('alpine 3.20.3', 'bind-now', 'package'), 'finding'],
  ['auto', image('wolfi 1', 'bind-now', 'package'), 'finding'],
  ['auto', image('fedora 40', 'bind-now', 'package'), 'finding'],
  ['ubuntu', image('ubuntu 16.04', 'bind-now', 'package'), 'not required'],
  ['ubuntu', image('ubuntu 22.04', 'bind-now', 'package'), 'finding'],
  ['ubuntu', image('ubuntu 18.04', 'stack-clash-protection', 'package'), 'not required'],
  ['auto', image('ubuntu 22.04', 'stack-clash-protection', 'package'), 'finding'],
  ['debian', image('alpine 3.20', 'bind-now', 'package'), 'finding'],
  ['debian', image('debian 12', 'relro', 'package', partial), 'not required'],
  ['debian', image('debian 12', 'relro', 'package'), 'finding'],
  ['debian', image('debian 12', 'pie', 'package'), 'finding'],
  ['debian', image('debian 8', 'pie', 'package'), 'not required'],
  ['debian', image('debian 12', 'stack-clash-protection', 'package'), 'not required'],
  ['debian', image('debian 13', 'stack-clash-protection', 'package'), 'finding'],
  ['debian', image('debian 13', 'control-flow-protection', 'package', onArm), 'finding'],
  ['debian', image('debian', 'stack-clash-protection', 'package'), 'finding'],
  ['alpine', image('alpine 3.18.4', 'stack-clash-protection', 'package'), 'not required'],
  ['alpine', image('alpine 3.9', 'build-id', 'package'), 'not required'],
  ['alpine', image('alpine 3.20.3', 'stack-clash-protection', 'package'), 'finding'],
  ['alpine', image('alpine 3.20.3', 'pie', 'package'), 'finding'],
  ['alpine', image('alpine 3.20.3', 'stack-clash-protection', 'none'), 'finding'],
  ['fedora', image('fedora 27', 'stack-clash-protection', 'package'), 'not required'],
  ['fedora', image('fedora 40', 'bind-now', 'package'), 'finding'],
  ['fedora', image('rhel 7.9', 'pie', 'package'), 'not required'],
  ['fedora', image('rocky 9.4', 'control-flow-protection', 'package', onArm), 'not required'],
  ['openssf', image('debian 12', 'bind-now', 'package'), 'finding'],
  ['distroless', image('debian 12', 'bind-now', 'package'), 'not required'],
];

test('a distribution is held to what its flags promise, release by release', () => {
  for (const [name, seen, want] of table) {
    const profile = profiles.find((candidate) => candidate.name === name);
    assert.ok(profile !== undefined, name);
    const judged = applyPolicy(
      [seen],
      policyOf({}, profile, { today: '2026-11-23', baseline: null }),
    );
    const [said] = judged.targets[0]?.binaries[0]?.verdicts ?? [];
    const about = `${name}: ${said?.rule} in ${seen.os?.prettyName}`;
    assert.equal(said?.outcome, want === 'finding' ? 'fail' : 'not-applicable', about);
    if (want === 'not required')
      assert.match(said?.message ?? '', /^not required: .*says so\)$/, about);
  }
});

const corpus = join(repositoryRoot, '../shared/corpus');
const roots = ['3.10.9-x86_64', '3.20.3-x86_64', '3.20.3-aarch64', '3.20.3-riscv64']
  .map((name) => join(corpus, `alpine-minirootfs-${name}.tar.gz`))
  .filter((path) => existsSync(path));

for (const root of roots) {
  test(`stock Alpine has no finding under its own profile: ${root.slice(corpus.length + 1)}`, () => {
    const { status, stdout } = run([root, '--profile', 'alpine', '--fail-on', 'note']);
    assert.equal(status, 0, stdout);
  });
}
