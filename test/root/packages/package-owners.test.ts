import { describe, it } from 'node:test';
import { assertOwner, type OwnerCase } from '../../support/roots/owner-case.ts';
import { directory, elf, linkTo, text } from '../../support/roots/root-builder.ts';

const tool = elf({});
const alpine = text('ID=alpine\nVERSION_ID=3.20.3\n');
const debian = text('ID=debian\nVERSION_ID="12"\n');
const installed =
  'C:Q1\nP:busybox\nV:1.36.1-r29\nA:x86_64\nF:bin\nR:busybox\na:0:0:755\n\nP:musl\nV:1.2.5-r0\nA:x86_64\nF:\nR:top\nF:lib\nR:ld-musl-x86_64.so.1\n';
const status = `Package: coreutils
Status: install ok installed
Architecture: amd64
Version: 9.1-1

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u10
`;

const cases: readonly OwnerCase[] = [
  {
    name: 'apk',
    things: {
      '/etc/os-release': alpine,
      '/lib/apk/db/installed': text(installed),
      '/bin/busybox': tool,
    },
    path: '/bin/busybox',
    want: 'pkg:apk/alpine/busybox@1.36.1-r29?arch=x86_64&distro=alpine-3.20.3',
  },
  {
    name: 'apk 3, in the directories of a merged /usr',
    things: {
      '/usr/lib/apk/db/installed': text(installed),
      '/lib': linkTo('usr/lib'),
      '/usr/lib/ld-musl-x86_64.so.1': tool,
    },
    path: '/usr/lib/ld-musl-x86_64.so.1',
    want: 'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64',
  },
  {
    name: 'apk, a file of the top directory',
    things: { '/lib/apk/db/installed': text(installed), '/top': tool },
    path: '/top',
    want: 'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64',
  },
  {
    name: 'what the image added',
    things: { '/lib/apk/db/installed': text(installed), '/usr/local/bin/app': tool },
    path: '/usr/local/bin/app',
    want: null,
  },
  {
    name: 'dpkg, a file that was packed before /bin was merged',
    things: {
      '/etc/os-release': debian,
      '/var/lib/dpkg/status': text(status),
      '/var/lib/dpkg/info/coreutils.list': text('/.\n/bin\n/bin/ls\n'),
      '/bin': linkTo('usr/bin'),
      '/usr/bin/ls': tool,
    },
    path: '/usr/bin/ls',
    want: 'pkg:deb/debian/coreutils@9.1-1?arch=amd64&distro=debian-12',
  },
  {
    name: 'dpkg, a package for one of several machines',
    things: {
      '/var/lib/dpkg/status': text(status),
      '/var/lib/dpkg/info/libc6:amd64.list': text('/lib/x86_64-linux-gnu/libc.so.6\n'),
      '/lib/x86_64-linux-gnu/libc.so.6': tool,
    },
    path: '/lib/x86_64-linux-gnu/libc.so.6',
    want: 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64',
  },
  {
    name: 'dpkg, a package that was removed',
    things: {
      '/var/lib/dpkg/status': text(status),
      '/var/lib/dpkg/info/gone.list': text('/usr/bin/left\n'),
      '/usr/bin/left': tool,
    },
    path: '/usr/bin/left',
    want: null,
  },
  {
    name: 'distroless',
    things: {
      '/var/lib/dpkg/status.d/libssl3': text(
        'Package: libssl3\nArchitecture: amd64\nVersion: 3.0\n',
      ),
      '/var/lib/dpkg/status.d/libssl3.md5sums': text('d41d8cd98f00b204  usr/lib/libssl.so.3\n'),
      '/usr/lib/libssl.so.3': tool,
    },
    path: '/usr/lib/libssl.so.3',
    want: 'pkg:deb/debian/libssl3@3.0?arch=amd64',
  },
  {
    name: 'pacman',
    things: {
      '/var/lib/pacman/local': directory(0o755),
      '/var/lib/pacman/local/bash-5.2-1/desc': text(
        '%NAME%\nbash\n\n%VERSION%\n5.2-1\n\n%ARCH%\nx86_64\n\n',
      ),
      '/var/lib/pacman/local/bash-5.2-1/files': text('%FILES%\nusr/\nusr/bin/\nusr/bin/bash\n\n'),
      '/usr/bin/bash': tool,
    },
    path: '/usr/bin/bash',
    want: 'pkg:alpm/arch/bash@5.2-1?arch=x86_64',
  },
  {
    name: 'a second hard link of a packaged file',
    things: {
      '/lib/apk/db/installed': text(installed),
      '/bin/busybox': tool,
      '/usr/local/bin/bb': { type: 'hardlink', linkTarget: '/bin/busybox' },
    },
    path: '/usr/local/bin/bb',
    want: 'pkg:apk/alpine/busybox@1.36.1-r29?arch=x86_64',
  },
  {
    name: 'no database at all',
    things: { '/app': tool },
    path: '/app',
    want: /no package database/,
  },
  {
    name: 'rpm in Berkeley DB',
    things: { '/var/lib/rpm/Packages': text('x'), '/usr/bin/bash': tool },
    path: '/usr/bin/bash',
    want: /Berkeley DB/,
  },
  {
    name: 'rpm in ndb',
    things: { '/usr/lib/sysimage/rpm/Packages.db': text('RpmP'), '/usr/bin/bash': tool },
    path: '/usr/bin/bash',
    want: /ndb/,
  },
  {
    name: 'a damaged rpm database',
    things: { '/var/lib/rpm/rpmdb.sqlite': text('SQLite format 2'), '/usr/bin/bash': tool },
    path: '/usr/bin/bash',
    want: /damaged: no SQLite header/,
  },
];

describe('the package of a file', () => {
  for (const each of cases) it(each.name, () => assertOwner(each));
});
