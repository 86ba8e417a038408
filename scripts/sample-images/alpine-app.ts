import { readFileSync } from 'node:fs';
import { type ApkPackage, apkDatabase } from './apk-database.ts';
import { directory, file, hardlink, type LayerEntry, type SampleImage, symlink } from './image.ts';

const release = `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.20.3
PRETTY_NAME="Alpine Linux v3.20"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`;

const applets = ['ash', 'cat', 'cp', 'grep', 'ls', 'mkdir', 'mv', 'ps', 'rm', 'sh'];

/** CAP_NET_BIND_SERVICE, permitted and effective: struct vfs_cap_data of linux/capability.h, revision 2. */
const mayBindLowPorts = '\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0';

/**
 * An application image as many are built on Alpine: a base whose packages apk knows, an application with good and bad
 * binaries, and a last layer that removes one of them and replaces another. `elf` is the folder of the sample binaries.
 */
export function alpineApp(elf: string): SampleImage {
  const binary = (path: string, sample: string, mode = 0o755): LayerEntry =>
    file(path, readFileSync(`${elf}/${sample}`), mode);
  return {
    repository: 'sample/alpine-app',
    tag: '1.0',
    created: '2024-09-06T12:30:07Z',
    config: {
      User: 'app',
      ExposedPorts: { '80/tcp': {} },
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: ['/usr/local/bin/server'],
      Cmd: ['--listen', '80'],
      WorkingDir: '/srv',
      Labels: {
        'org.opencontainers.image.title': 'alpine-app',
        'org.opencontainers.image.base.name': 'docker.io/library/alpine:3.20',
      },
    },
    layers: [
      {
        createdBy: 'ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit',
        entries: base(binary),
      },
      { createdBy: 'COPY build/ /usr/local/ # buildkit', entries: application(binary) },
      {
        createdBy:
          'RUN /bin/sh -c rm /usr/local/bin/legacy && install upload /usr/local/bin # buildkit',
        entries: update(binary),
      },
    ],
    configuredBy: ['USER app', 'ENTRYPOINT ["/usr/local/bin/server"]', 'CMD ["--listen" "80"]'],
  };
}

type Binary = (path: string, sample: string, mode?: number) => LayerEntry;

function base(binary: Binary): LayerEntry[] {
  const packages = basePackages(binary);
  const folders = [
    'bin',
    'etc',
    'etc/apk',
    'home',
    'home/app',
    'lib',
    'lib/apk',
    'lib/apk/db',
    'root',
    'sbin',
    'srv',
  ];
  folders.push(
    'usr',
    'usr/bin',
    'usr/lib',
    'usr/local',
    'usr/local/bin',
    'usr/local/lib',
    'var',
    'var/lib',
  );
  return [
    ...folders.map((path) => directory(path, path === 'root' ? 0o700 : 0o755)),
    directory('tmp', 0o1777),
    ...packages.flatMap(({ owns }) => owns),
    // busybox --install makes these; no package owns them.
    ...applets.map((applet) => symlink(`bin/${applet}`, '/bin/busybox')),
    hardlink('usr/bin/awk', 'bin/busybox'),
    file('etc/apk/world', 'alpine-baselayout\nbusybox\nmusl\n'),
    file(
      'etc/passwd',
      'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/sbin/nologin\n',
    ),
    file('etc/group', 'root:x:0:root\napp:x:1000:\n'),
    file('lib/apk/db/installed', apkDatabase(packages)),
  ];
}

function basePackages(binary: Binary): ApkPackage[] {
  return [
    {
      name: 'alpine-release',
      version: '3.20.3-r0',
      summary: 'Alpine release data',
      license: 'MIT',
      owns: [
        file('etc/alpine-release', '3.20.3\n'),
        symlink('etc/os-release', '../usr/lib/os-release'),
        file('usr/lib/os-release', release),
      ],
    },
    {
      name: 'busybox',
      version: '1.36.1-r29',
      summary: 'Size optimized toolbox of many common UNIX utilities',
      license: 'GPL-2.0-only',
      depends: 'so:libc.musl-x86_64.so.1',
      provides: '/bin/sh cmd:busybox=1.36.1-r29',
      owns: [
        binary('bin/busybox', 'x86_64-musl-gcc-pie-alpine-stripped'),
        binary('bin/bbsuid', 'x86_64-musl-gcc-pie-nobuffers', 0o4111),
      ],
    },
    {
      name: 'musl',
      version: '1.2.5-r0',
      summary: 'the musl c library (libc) implementation',
      license: 'MIT',
      provides: 'so:libc.musl-x86_64.so.1=1',
      owns: [
        binary('lib/ld-musl-x86_64.so.1', 'x86_64-musl-gcc-loader'),
        symlink('lib/libc.musl-x86_64.so.1', 'ld-musl-x86_64.so.1'),
      ],
    },
  ];
}

/** What a build brought in without a package. */
function application(binary: Binary): LayerEntry[] {
  const server = binary('usr/local/bin/server', 'x86_64-musl-gcc-pie-hardened');
  return [
    { ...server, ...(server.type === 'file' ? { capability: mayBindLowPorts } : {}) },
    binary('usr/local/bin/client', 'x86_64-musl-gcc-pie-needslib'),
    binary('usr/local/lib/libsample.so.1', 'x86_64-musl-gcc-lib-hardened'),
    symlink('usr/local/lib/libsample.so', 'libsample.so.1'),
    binary('usr/local/bin/migrate', 'x86_64-musl-gcc-staticpie-strong-stripped'),
    binary('usr/local/bin/import', 'x86_64-musl-gcc-nopie-bare'),
    binary('usr/local/bin/export', 'x86_64-glibc-gcc-pie-hardened'),
    binary('usr/local/bin/report', 'x86_64-musl-gcc-pie-rpath-tmp'),
    binary('usr/local/bin/upload', 'x86_64-musl-gcc-pie-ssp-none'),
    binary('usr/local/bin/legacy', 'x86_64-musl-gcc-static-none-stripped'),
    file('usr/local/bin/start', '#!/bin/sh\nexec /usr/local/bin/server "$@"\n', 0o755),
    { ...file('srv/index.html', '<p>sample</p>\n'), uid: 1000 },
  ];
}

/** Removes one file and replaces another by a better build. */
function update(binary: Binary): LayerEntry[] {
  return [
    file('usr/local/bin/.wh.legacy', '', 0o600),
    binary('usr/local/bin/upload', 'x86_64-musl-clang-pie-hardened'),
  ];
}
