import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { isItsManager, managerDoubt, releaseDoubt, systemOf } from '../../src/policy/release.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { binary, factsWith, target } from '../support/reports/report-builder.ts';

const image = (os: string, packages: Readonly<Record<string, string>>) => {
  const [id = '', versionId = ''] = os.split(' ');
  return target({
    os: { id, versionId, prettyName: os },
    binaries: Object.entries(packages).map(([name, version]) =>
      binary({
        path: `/${name}`,
        facts: factsWith({ package: known(somePackage({ manager: 'dpkg', name, version })) }),
      }),
    ),
  });
};

const table: readonly (readonly [
  name: string,
  os: string,
  packages: Readonly<Record<string, string>>,
  release: string,
])[] = [
  ['agrees', 'debian 12', { libc6: '2.36-9+deb12u10' }, '12'],
  ['an older release than the packages', 'debian 8', { libc6: '2.36-9+deb12u10' }, '12'],
  ['an older release, and no C library', 'debian 8', { evil: '1' }, ''],
  ['a newer release', 'debian 13', { libc6: '2.36-9' }, '13'],
  ['of Alpine, a patch release', 'alpine 3.20.3', { musl: '1.2.5-r0' }, '3.20.3'],
  ['of Alpine, an older release', 'alpine 3.12', { musl: '1.2.5-r0' }, '3.20'],
  ['of Fedora, an older release', 'fedora 27', { glibc: '2.39-6.fc40' }, '40'],
  ['no package at all', 'debian 8', {}, '8'],
  ['of Red Hat', 'rhel 7.9', { glibc: '2.17-317.el7' }, '7.9'],
  ['of Red Hat, an older release', 'centos 7', { glibc: '2.34-60.el9' }, '9'],
  ['of Red Hat, and no C library', 'rocky 8.5', { evil: '1' }, ''],
  ['of Ubuntu', 'ubuntu 22.04', { libc6: '2.35-0ubuntu3.8' }, '22.04'],
  ['of Ubuntu, a newer one', 'ubuntu 24.04', { libc6: '2.39-0ubuntu8.4' }, '24.04'],
  ['of Ubuntu, one not known', 'ubuntu 26.04', { libc6: '2.43-0ubuntu1' }, '26.04'],
  ['of Ubuntu, an old one', 'ubuntu 14.04', { libc6: '2.19-0ubuntu6' }, '14.04'],
  ['of Ubuntu, an older release', 'ubuntu 14.04', { libc6: '2.36-9+deb12u10' }, '22.10'],
  ['of Ubuntu, an older release, and no C library', 'ubuntu 14.04', { evil: '1' }, ''],
  ['a distribution without a table', 'kali 2024.1', { libc6: '2.37-15' }, '2024.1'],
];

for (const [name, os, packages, release] of table)
  test(`a release counts as far as the packages agree: ${name}`, () => {
    const given = image(os, packages);
    assert.equal(systemOf(given)?.versionId, release);
    assert.equal(releaseDoubt(given) !== null, release !== os.split(' ')[1]);
  });

for (const [id, manager, want] of [
  ['rhel', 'dpkg', false],
  ['rhel', 'rpm', true],
  ['debian', 'rpm', false],
  ['ubuntu', 'dpkg', true],
  ['alpine', 'dpkg', false],
  ['kali', 'dpkg', true],
  ['debian', undefined, true],
] as const)
  test(`packages of ${manager} are ${want ? '' : 'not '}judged by the promises of ${id}`, () => {
    assert.equal(isItsManager(id, manager), want);
  });

for (const [os, release] of [
  ['debian 8', ''],
  ['debian 9', ''],
  ['debian 11', '11'],
  ['debian 12', '12'],
  ['fedora 20', ''],
  ['fedora 40', '40'],
  ['rhel 7', ''],
  ['rhel 9', '9'],
  ['amzn 1', '1'],
] as const)
  test(`a package by itself that says it is of ${os} is judged ${release === '' ? 'as of the newest release, and that is said' : 'as that'}`, () => {
    const given = { ...image(os, { tool: '1' }), kind: 'package' as const };
    assert.equal(systemOf(given)?.versionId, release);
    assert.equal(releaseDoubt(given) !== null, release === '');
  });

for (const [os, manager, want] of [
  ['debian 12', 'apk', true],
  ['alpine 3.20', 'dpkg', true],
  ['rhel 9', 'dpkg', true],
  ['debian 12', 'dpkg', false],
  ['acme 1', 'apk', false],
] as const)
  test(`packages of ${manager} under the os-release of ${os} are ${want ? '' : 'not '}named`, () => {
    const [id = '', versionId = ''] = os.split(' ');
    const facts = factsWith({ package: known(somePackage({ manager, name: 'tool' })) });
    const given = target({
      os: { id, versionId, prettyName: os },
      binaries: [binary({ path: '/bin/tool', facts })],
    });
    assert.equal(managerDoubt(given) !== null, want);
  });
