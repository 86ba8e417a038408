import { gzipSync } from 'node:zlib';
import { adbOf } from '../test/support/archives/adb-builder.ts';
import { arOf, cpioOf, rpmOf, zipOf } from '../test/support/archives/archive-builder.ts';
import { tarEntry, tarOf } from '../test/support/archives/tar-builder.ts';
import { buildElf } from '../test/support/elf/elf-builder.ts';
import { bzImageOf } from '../test/support/elf/kernel-image.ts';
import { lazily } from './samples.ts';

/** Packages without a fault, by the scheme that opens them and by their name in the runs. */
export const soundPackages: Readonly<Record<string, () => Readonly<Record<string, Buffer>>>> = {
  deb: () => ({ deb: arOf([version, controlTar('control.tar.gz'), contentTar('data.tar.gz')]) }),
  rpm: () => ({ rpm: rpmOf(rpmTags, gzipSync(newc())) }),
  // Only the last part of an apk has an end marker.
  apk: () => ({
    apk: Buffer.concat([
      gzipSync(tarEntry({ name: '.SIGN.RSA.key.pub' }, 'signature')),
      gzipSync(tarEntry({ name: '.PKGINFO' }, pkginfo)),
      content(),
    ]),
    'apk-3': adbOf({
      info: { 1: 'tool', 2: '1.0-r0' },
      scripts: { 3: '#!/bin/sh' },
      folders: [{ name: 'usr/bin', files: [{ name: 'tool', body: program() }] }],
    }),
  }),
  ipk: () => ({
    ipk: gzipSync(
      packed([
        ['./debian-binary', '2.0\n'],
        ['./data.tar.gz', content()],
        ['./control.tar.gz', control()],
      ]),
    ),
  }),
  pacman: () => ({
    pacman: packed([
      ['.BUILDINFO', ''],
      ['.PKGINFO', pkginfo],
      ['usr/bin/tool', program()],
    ]),
  }),
  npm: () => ({
    npm: packed([
      ['package/package.json', '{"name":"tool"}'],
      ['package/tool', program()],
    ]),
  }),
  zip: () => ({ zip: zipOf(wheel()), zip64: zipOf(wide(), true) }),
  conda: () => ({
    conda: packed([
      ['info/index.json', '{"name":"tool"}'],
      ['lib/tool', program()],
    ]),
  }),
  ar: () => ({
    ar: arOf([
      { name: '/', body: 'index' },
      ...['a.o/', 'b.o/', 'a.o/'].map((name) => ({ name, body: program() })),
    ]),
  }),
  cpio: () => ({ cpio: newc() }),
  kernel: () => ({ kernel: bzImageOf(gzipSync(program())) }),
};

const program = lazily(() => buildElf({ interpreter: '/lib/ld-musl-x86_64.so.1' }).buffer);

const content = lazily(() =>
  gzipSync(
    tarOf(
      tarEntry({ name: 'usr/bin/tool', mode: 0o755 }, program()),
      tarEntry({ name: 'usr/bin/link', flag: '2', linkName: 'tool' }),
      tarEntry({ name: 'usr/share/doc' }, 'text'),
    ),
  ),
);

const control = lazily(() => gzipSync(packed([['./control', 'Package: tool\nVersion: 1\n']])));

const version = { name: 'debian-binary', body: '2.0\n' };

function controlTar(name: string) {
  return { name, body: control() };
}

function contentTar(name: string) {
  return { name, body: content() };
}

const pkginfo = 'pkgname = tool\npkgver = 1.0-r1\narch = x86_64\n';

/** Name, version, release, architecture, and format and compression of the payload. */
const rpmTags: Parameters<typeof rpmOf>[0] = [
  [1000, 'tool'],
  [1001, '1.0'],
  [1002, '2'],
  [1022, 'x86_64'],
  [1124, 'cpio'],
  [1125, 'gzip'],
];

const newc = lazily(() =>
  cpioOf([
    { name: './usr/bin/tool', body: program() },
    { name: './usr/share/doc', body: 'text' },
  ]),
);

const wheel = lazily(() => [
  { name: 'tool/tool.so', body: program() },
  { name: 'tool-1.0.dist-info/METADATA', body: 'Name: tool\nVersion: 1.0\n' },
]);

function wide() {
  return wheel().map((member) => ({ ...member, wide: true }));
}

function packed(files: readonly (readonly [name: string, body: Buffer | string])[]): Buffer {
  return tarOf(...files.map(([name, body]) => tarEntry({ name }, body)));
}
