import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type OtherAlgorithm, otherAlgorithms } from '../../../src/base/package-managers.ts';
import { PackageSigns } from '../../../src/layers/building/package-signs.ts';

const MiB = 1024 * 1024;

/** What programs behind some paths are hashed by, in addition to SHA-256. */
const cases: readonly {
  readonly met: readonly string[];
  readonly want: readonly OtherAlgorithm[];
}[] = [
  { met: ['/etc/os-release'], want: otherAlgorithms },
  { met: ['/usr/lib/os-release'], want: otherAlgorithms },
  { met: ['/etc/debian_version'], want: ['md5'] },
  { met: ['/etc/debian_version', '/usr/lib/os-release'], want: ['md5'] },
  { met: ['/etc/apt/sources.list'], want: ['md5'] },
  { met: ['/etc/dpkg/origins/debian'], want: ['md5'] },
  { met: ['/var/lib/dpkg/status.d/base'], want: ['md5'] },
  { met: ['/etc/alpine-release'], want: ['sha1'] },
  { met: ['/etc/apk/world'], want: ['sha1'] },
  { met: ['/lib/apk/db/installed'], want: ['sha1'] },
  { met: ['/usr/lib/apk/db/installed'], want: ['sha1'] },
  { met: ['/etc/apk/world', '/etc/dpkg/dpkg.cfg'], want: otherAlgorithms },
  { met: ['/etc/redhat-release'], want: [] },
  { met: ['/usr/lib/sysimage/rpm/rpmdb.sqlite'], want: [] },
  { met: ['/var/lib/rpm'], want: [] },
  { met: ['/etc/fedora-release', '/etc/os-release'], want: [] },
  { met: ['/etc/pacman.conf'], want: [] },
  { met: ['/var/lib/pacman/local/a-1/desc'], want: [] },
];

const untold: readonly string[] = [
  '/etc/passwd',
  '/etc/release-notes/a',
  '/usr/bin/dpkg',
  '/usr/bin/dpkg-deb.txt',
  '/sbin/apk',
  '/app/etc/os-release',
  '/opt/rpm',
];

const local: readonly string[] = ['/usr/local/bin/tool', '/home/user/tool', '/srv/app/tool'];

describe('digests that a database may know a program by', () => {
  it('are all made of the first 32 MiB, and then none', () => {
    const signs = new PackageSigns('by-signs');
    assert.deepEqual(signs.digestsOf('/bin/a', 20 * MiB), otherAlgorithms);
    assert.deepEqual(signs.digestsOf('/bin/a', 12 * MiB), otherAlgorithms);
    assert.deepEqual(signs.digestsOf('/bin/a', 1), []);
  });
  for (const { met, want } of cases) {
    it(`are ${want.join(' and ') || 'none'} behind ${met.join(' and ')}`, () => {
      const signs = new PackageSigns('by-signs');
      for (const path of met) signs.meet(path);
      for (const size of [1, 64 * MiB]) assert.deepEqual(signs.digestsOf('/bin/a', size), want);
    });
  }
  for (const path of untold) {
    it(`are not known by ${path}`, () => {
      const signs = new PackageSigns('by-signs');
      signs.meet(path);
      assert.deepEqual(signs.digestsOf('/bin/a', 64 * MiB), []);
    });
  }
  for (const path of local) {
    it(`are none of ${path}, except where every one is wanted`, () => {
      for (const wanted of ['by-signs', otherAlgorithms] as const)
        assert.deepEqual(new PackageSigns(wanted).digestsOf(path, 1), []);
      assert.deepEqual(new PackageSigns('all').digestsOf(path, 1), otherAlgorithms);
    });
  }
  it('are those of the list where there is one, whatever is met', () => {
    const signs = new PackageSigns(['md5']);
    signs.meet('/etc/apk/world');
    assert.deepEqual(signs.digestsOf('/bin/a', 64 * MiB), ['md5']);
  });
});
