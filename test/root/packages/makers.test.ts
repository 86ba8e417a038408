import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apkMaker } from '../../../src/root/packages/makers/apk-maker.ts';
import { dpkgMaker } from '../../../src/root/packages/makers/dpkg-maker.ts';
import { pacmanMaker } from '../../../src/root/packages/makers/pacman-maker.ts';
import { rpmMaker } from '../../../src/root/packages/makers/rpm-maker.ts';

type By = 'distribution' | 'vendor' | 'others';

const dpkg: readonly (readonly [name: string, id: string | null, control: string, want: By])[] = [
  [
    'a list of Debian',
    'debian',
    'Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>\nVersion: 2.36-9+deb12u10',
    'distribution',
  ],
  [
    'a native package, rebuilt',
    'debian',
    'Maintainer: APT Development Team <deity@lists.debian.org>\nVersion: 2.6.1+b1',
    'distribution',
  ],
  [
    'those who maintain packages by an address of their own',
    'debian',
    'Maintainer: Bazel Team <Bazel-Team@lists.launchpad.net>\nVersion: 4.2.3+ds-9',
    'distribution',
  ],
  [
    'backports',
    'debian',
    'Maintainer: Colin Watson <cjwatson@debian.org>\nVersion: 1:9.7p1-2~bpo12+1',
    'distribution',
  ],
  [
    'without os-release',
    null,
    'Maintainer: Josh Triplett <josh@joshtriplett.org>\nVersion: 12.4+deb12u1',
    'others',
  ],
  ['an own one of dpkg-deb', 'debian', 'Maintainer: me <me@acme.example>\nVersion: 1.0', 'others'],
  [
    'an own one with a revision',
    'debian',
    'Maintainer: me <me@acme.example>\nVersion: 1.0-1',
    'others',
  ],
  ['one without a maintainer', 'debian', 'Version: 1.0', 'others'],
  ['a maintainer without an address', 'debian', 'Maintainer: Debian\nVersion: 1.0', 'others'],
  [
    'a domain that only ends like it',
    'debian',
    'Maintainer: me <me@notdebian.org>\nVersion: 1.0-1',
    'others',
  ],
  [
    'the form of fpm, with any maintainer',
    'debian',
    'License: unknown\nVendor: root@host\nMaintainer: me <me@debian.org>\nVersion: 1.0',
    'others',
  ],
  [
    'PostgreSQL’s repository, by the same team as Debian’s',
    'debian',
    'Maintainer: Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>\nVersion: 16.4-1.pgdg120+1',
    'vendor',
  ],
  [
    'NodeSource',
    'debian',
    'Maintainer: NodeSource Support <support@nodesource.com>\nVersion: 20.20.2-1nodesource1',
    'vendor',
  ],
  [
    'Docker',
    'debian',
    'Maintainer: Docker <support@docker.com>\nVersion: 5:27.0.3-1~debian.12~bookworm',
    'vendor',
  ],
  [
    'a Launchpad archive by a maintainer of Debian',
    'ubuntu',
    'Maintainer: Matthias Klose <doko@debian.org>\nVersion: 3.12.1-1+jammy1',
    'vendor',
  ],
  [
    'Ubuntu',
    'ubuntu',
    'Maintainer: Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>\nVersion: 5.1-6ubuntu1.1',
    'distribution',
  ],
  [
    'a package of Ubuntu on Debian',
    'debian',
    'Maintainer: Someone <someone@debian.org>\nVersion: 5.1-6ubuntu1.1',
    'vendor',
  ],
  [
    'a distribution whose domain is its name',
    'kali',
    'Maintainer: Kali Developers <devel@kali.org>\nVersion: 1.0-0kali1',
    'distribution',
  ],
];

const field = (control: string) => (name: string) =>
  control
    .split('\n')
    .find((line) => line.startsWith(name))
    ?.slice(name.length)
    .trim() ?? '';

describe('a .deb is made by', () => {
  for (const [name, id, control, want] of dpkg)
    it(`${want}: ${name}`, () => {
      const { by, because } = dpkgMaker(field(control), id);
      assert.equal(by, want, because);
    });
});

const commit = '26527b0535f65a4ac0ae7f3c9afb2294885b21cc';
const busybox = {
  commit,
  maintainer: 'Natanael Copa <ncopa@alpinelinux.org>',
  url: 'https://busybox.net/',
  version: '1.36.1-r29',
  isPinned: false,
};

const apk: readonly (readonly [name: string, change: Partial<typeof busybox>, want: By])[] = [
  ['as Alpine built it', {}, 'distribution'],
  ['it has no maintainer', { maintainer: '' }, 'distribution'],
  ['Alpine’s own project', { url: 'https://git.alpinelinux.org/apk-tools' }, 'distribution'],
  ['of no commit, as fpm and nfpm make them', { commit: '' }, 'others'],
  ['of a recipe that was changed', { commit: `${commit}-dirty` }, 'others'],
  ['without a release number', { version: '1.36.1' }, 'others'],
  ['added as a file', { isPinned: true }, 'others'],
  [
    'nginx.org',
    {
      maintainer: 'NGINX Packaging Team <nginx-packaging@f5.com>',
      url: 'https://nginx.org/',
      version: '1.27.0-r1',
    },
    'vendor',
  ],
  [
    'packaged by those who make the program',
    { maintainer: 'Acme <dev@acme.example>', url: 'https://www.acme.example/tool' },
    'others',
  ],
];

describe('an .apk is made by', () => {
  for (const [name, change, want] of apk)
    it(`${want}: ${name}`, () => {
      const { by, because } = apkMaker({ ...busybox, ...change });
      assert.equal(by, want, because);
    });
});

const rpm: readonly (readonly [vendor: string, signed: boolean, id: string | null, want: By])[] = [
  ['Fedora Project', true, 'fedora', 'distribution'],
  ['Fedora Project', false, 'fedora', 'others'],
  ['Fedora Copr - user someone', true, 'fedora', 'others'],
  ['Red Hat, Inc.', true, 'rhel', 'distribution'],
  ['Red Hat, Inc.', true, 'fedora', 'others'],
  ['SUSE LLC <https://www.suse.com/>', true, 'opensuse-leap', 'distribution'],
  ['SUSEish', true, 'opensuse-leap', 'others'],
  ['Docker', true, 'fedora', 'others'],
  ['', true, 'fedora', 'others'],
  ['Rocky Enterprise Software Foundation', true, 'rocky', 'distribution'],
  ['Fedora Project', true, null, 'distribution'],
  ['Acme', true, null, 'others'],
];

describe('an rpm is made by', () => {
  for (const [vendor, signed, id, want] of rpm)
    it(`${want}: vendor "${vendor}"${signed ? ', signed' : ''}, on ${id ?? 'no known system'}`, () => {
      const { by, because } = rpmMaker(vendor, signed, id);
      assert.equal(by, want, because);
    });
});

const pacman: readonly (readonly [
  packager: string,
  validation: string | null,
  want: By,
  id?: string,
])[] = [
  ['Felix Yan <felixonmars@archlinux.org>', 'pgp', 'distribution'],
  ['Felix Yan <felixonmars@archlinux.org>', 'none', 'others'],
  ['Unknown Packager', 'none', 'others'],
  ['me <me@acme.example>', 'pgp', 'others'],
  ['me <me@research.example>', 'pgp', 'others'],
  ['me <me@archlinux.org.example>', 'pgp', 'others'],
  ['Felix Yan <felixonmars@archlinux.org>', 'pgp', 'distribution', 'manjaro'],
  ['Philip Müller <philm@manjaro.org>', 'pgp', 'distribution', 'manjaro'],
  ['Builder <builder+xu6@archlinuxarm.org>', 'pgp', 'distribution', 'archarm'],
  ['Cromnix <cromnix@artixlinux.org>', 'pgp', 'distribution', 'artix'],
  ['Cromnix <cromnix@artixlinux.org>', 'pgp', 'others', 'arch'],
];

describe('a package of pacman is made by', () => {
  for (const [packager, validation, want, id = 'arch'] of pacman)
    it(`${want}: packager "${packager}", validation ${validation}, in ${id}`, () => {
      const { by, because } = pacmanMaker(packager, validation, id);
      assert.equal(by, want, because);
    });
});
