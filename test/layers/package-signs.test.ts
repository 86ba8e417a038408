import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PackageSigns } from '../../src/layers/package-signs.ts';

const MiB = 1024 * 1024;

const told: readonly string[] = [
  '/etc/os-release',
  '/etc/debian_version',
  '/etc/alpine-release',
  '/etc/apk/world',
  '/etc/dpkg/origins/debian',
  '/etc/pacman.conf',
  '/lib/apk/db/installed',
  '/usr/lib/apk/db/installed',
  '/usr/lib/os-release',
  '/usr/lib/sysimage/rpm/rpmdb.sqlite',
  '/var/lib/dpkg/status.d/base',
  '/var/lib/rpm',
  '/var/lib/pacman/local/a-1/desc',
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

describe('files that come before any sign of packages', () => {
  it('have all digests up to 32 MiB, and then their own alone', () => {
    const signs = new PackageSigns();
    assert.equal(signs.isUnclaimed(20 * MiB), false);
    assert.equal(signs.isUnclaimed(12 * MiB), false);
    assert.equal(signs.isUnclaimed(1), true);
  });
  for (const path of told) {
    it(`have all of them after ${path}`, () => {
      const signs = new PackageSigns();
      signs.meet(path);
      assert.equal(signs.isUnclaimed(64 * MiB), false);
    });
  }
  for (const path of untold) {
    it(`learn nothing from ${path}`, () => {
      const signs = new PackageSigns();
      signs.meet(path);
      assert.equal(signs.isUnclaimed(64 * MiB), true);
    });
  }
});
