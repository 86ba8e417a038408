import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { adbOf } from '../support/archives/adb-builder.ts';
import { arOf, cpioOf, rpmOf, zipOf } from '../support/archives/archive-builder.ts';
import { mutationsOf } from '../support/mutations.ts';
import { tarOf, xzOf, zstdOf } from './image-builder.ts';
import { openAll, writeFile } from './workbench.ts';

const usr = './usr/bin/tool';
const content = await tarOf([{ name: usr, body: 'tool' }]);
const control = gzipSync(
  await tarOf([
    { name: './control', body: 'Package: tool\nVersion: 1.0-1\nArchitecture: amd64\n' },
  ]),
);
/** By the compressor's own program. */
function packedBy(compressor: string, bytes: Buffer): Buffer {
  return execFileSync(compressor, ['-c'], { input: bytes });
}

const pkginfo = 'pkgname = tool\npkgver = 1.0-r1\narch = x86_64\n';

function debOf(name: string, data: Buffer): Buffer {
  return arOf([
    { name: 'debian-binary', body: '2.0\n' },
    { name: 'control.tar.gz', body: control },
    { name, body: data },
  ]);
}

function rpmWith(compressor: string, payload: Buffer): Buffer {
  return rpmOf(
    [
      [1000, 'tool'],
      [1001, '1.0'],
      [1002, '1'],
      [1022, 'x86_64'],
      [1125, compressor],
    ],
    payload,
  );
}

/** Without the blocks that end a tar, as apk-tools writes the first parts. */
async function openEnded(name: string, body: string): Promise<Buffer> {
  return gzipSync((await tarOf([{ name, body }])).subarray(0, -1024));
}

const cpio = cpioOf([{ name: './usr/bin/tool', body: 'tool' }]);
const apk = Buffer.concat([
  await openEnded('.SIGN.RSA.key.pub', 'signature'),
  await openEnded('.PKGINFO', pkginfo),
  gzipSync(content),
]);
const pacman = await tarOf([
  { name: '.BUILDINFO', body: '' },
  { name: '.PKGINFO', body: pkginfo },
  { name: 'usr/bin/tool', body: 'tool' },
]);
const ipk = await tarOf([
  { name: './debian-binary', body: '2.0\n' },
  { name: './data.tar.gz', body: gzipSync(content) },
  { name: './control.tar.gz', body: control },
]);
const npm = await tarOf([
  { name: 'package/bin/tool', body: 'tool' },
  { name: 'package/package.json', body: '{"name":"@team/tool","version":"1.0.0"}' },
]);
const wheel = zipOf([
  { name: 'tool/tool.so', body: 'tool' },
  {
    name: 'tool-1.0.dist-info/METADATA',
    body: 'Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n',
  },
]);
const conda = zipOf([
  { name: 'metadata.json', body: '{}', method: 0 },
  { name: 'pkg-the-tool-1.0-py_0.tar.zst', body: zstdOf(content), method: 0 },
]);

const condaTar = await tarOf([
  { name: 'info/files', body: 'lib/tool' },
  { name: 'info/index.json', body: '{"name":"tool","version":"1.0","subdir":"linux-64"}' },
  { name: 'lib/tool', body: 'tool' },
]);

const oldPacman = (comment: string) =>
  tarOf([
    { name: '.PKGINFO', body: `${comment}pkgname = tool\npkgver = 1.0-1\narch = x86_64\n` },
    { name: 'usr/bin/tool', body: 'tool' },
  ]);
const gemMetadata = gzipSync(
  '--- !ruby/object:Gem::Specification\nname: tool\nversion: !ruby/object:Gem::Version\n  version: 1.0.2\nplatform: x86_64-linux\n',
);
const gemData = { name: 'data.tar.gz', body: gzipSync(content) };
const gem = await tarOf([
  { name: 'metadata.gz', body: gemMetadata },
  gemData,
  { name: 'checksums.yaml.gz', body: gzipSync('---\n') },
]);
const oldGem = await tarOf([gemData, { name: 'metadata.gz', body: gemMetadata }]);
const xbps = await tarOf([
  { name: './INSTALL', body: '#!/bin/sh\n' },
  {
    name: './props.plist',
    body: '<plist><dict>\n<key>architecture</key>\n<string>x86_64</string>\n<key>pkgname</key>\n<string>tool</string>\n<key>pkgver</key>\n<string>tool-1.0_1</string>\n</dict></plist>\n',
  },
  { name: usr, body: 'tool' },
]);
const gpkg = await tarOf([
  { name: 'tool-1.0-r1-1/gpkg-1', body: '' },
  {
    name: 'tool-1.0-r1-1/metadata.tar.zst',
    body: zstdOf(
      await tarOf([
        { name: 'metadata/PF', body: 'tool-1.0-r1\n' },
        { name: 'metadata/CATEGORY', body: 'app-misc\n' },
      ]),
    ),
  },
  {
    name: 'tool-1.0-r1-1/image.tar.zst',
    body: zstdOf(await tarOf([{ name: 'image/usr/bin/tool', body: 'tool' }])),
  },
]);

/** What Gentoo's older packages have behind a compressed tar. */
function xpakOf(values: Readonly<Record<string, string>>): Buffer {
  const records: Buffer[] = [];
  let place = 0;
  for (const [key, value] of Object.entries(values)) {
    records.push(word(key.length), Buffer.from(key), word(place), word(value.length));
    place += value.length;
  }
  const index = Buffer.concat(records);
  const all = Buffer.from(Object.values(values).join(''));
  const sizes = [word(index.length), word(all.length)];
  const xpak = Buffer.concat([
    Buffer.from('XPAKPACK'),
    ...sizes,
    index,
    all,
    Buffer.from('XPAKSTOP'),
  ]);
  return Buffer.concat([xpak, word(xpak.length), Buffer.from('STOP')]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const tbz2 = Buffer.concat([
  packedBy('bzip2', content),
  xpakOf({ CATEGORY: 'app-misc\n', PF: 'tool-1.0-r1\n', CHOST: 'x86_64-pc-linux-gnu\n' }),
]);
/** Electron's archive: two pickles with a list of files, then their bytes. */
function asarOf(list: object, bytes: string): Buffer {
  const json = Buffer.from(JSON.stringify(list));
  const padded = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4)]);
  const intro = Buffer.alloc(16);
  [4, padded.length + 8, padded.length + 4, json.length].forEach(
    (size, at) => void intro.writeUInt32LE(size, 4 * at),
  );
  return Buffer.concat([intro, padded, Buffer.from(bytes)]);
}

const asar = asarOf(
  {
    files: {
      'main.js': { size: 4, offset: '0' },
      native: { files: { 'f.node': { size: 4, offset: '4', executable: true } } },
      'f.node': { link: 'native/f.node' },
    },
  },
  'maintool',
);
const apkThree = Buffer.concat([
  Buffer.from('ADBd'),
  deflateRawSync(
    adbOf({
      info: { 1: 'tool', 2: '1.0-r1', 5: 'x86_64' },
      scripts: { 3: '#!/bin/sh' },
      folders: [{ name: 'usr/bin', files: [{ name: 'tool', body: 'tool' }] }],
    }),
  ),
]);
const npmFolder = await tarOf([
  { name: 'tool/bin/tool', body: 'tool' },
  { name: 'tool/package.json', body: '{"name":"tool","version":"1.0.0"}' },
]);

const debian = 'tool 1.0-1 (amd64)';
const redHat = 'tool 1.0-1 (x86_64)';

interface Sample {
  readonly what: string;
  readonly bytes: Buffer;
  readonly scheme: string;
  readonly name: string;
  readonly paths: readonly string[];
}

const samples: readonly Sample[] = [
  {
    what: 'deb, gzip',
    bytes: debOf('data.tar.gz', gzipSync(content)),
    scheme: 'deb',
    name: debian,
    paths: [usr],
  },
  {
    what: 'deb, xz',
    bytes: debOf('data.tar.xz', xzOf(content)),
    scheme: 'deb',
    name: debian,
    paths: [usr],
  },
  {
    what: 'deb, zstd',
    bytes: debOf('data.tar.zst', zstdOf(content)),
    scheme: 'deb',
    name: debian,
    paths: [usr],
  },
  {
    what: 'deb, bzip2',
    bytes: debOf('data.tar.bz2', packedBy('bzip2', content)),
    scheme: 'deb',
    name: debian,
    paths: [usr],
  },
  {
    what: 'deb, lzma',
    bytes: debOf('data.tar.lzma', packedBy('lzma', content)),
    scheme: 'deb',
    name: debian,
    paths: [usr],
  },
  {
    what: 'deb, raw',
    bytes: debOf('data.tar', content),
    scheme: 'deb',
    name: debian,
    paths: [usr],
  },
  {
    what: 'apk',
    bytes: apk,
    scheme: 'apk',
    name: 'tool 1.0-r1 (x86_64)',
    paths: ['.SIGN.RSA.key.pub', '.PKGINFO', usr],
  },
  {
    what: 'pacman, zstd',
    bytes: zstdOf(pacman),
    scheme: 'pacman',
    name: 'tool 1.0-r1 (x86_64)',
    paths: ['.BUILDINFO', '.PKGINFO', 'usr/bin/tool'],
  },
  {
    what: 'pacman, raw',
    bytes: pacman,
    scheme: 'pacman',
    name: 'tool 1.0-r1 (x86_64)',
    paths: ['.BUILDINFO', '.PKGINFO', 'usr/bin/tool'],
  },
  ...[
    ['an older pacman, xz', xzOf(await oldPacman(''))] as const,
    ['an older pacman, gzip', gzipSync(await oldPacman('# Generated by makepkg 3.5.4\n'))] as const,
    ['an older pacman, gzip, by its release', gzipSync(await oldPacman(''))] as const,
  ].map(([what, bytes]) => ({
    what,
    bytes,
    scheme: 'pacman',
    name: redHat,
    paths: ['.PKGINFO', 'usr/bin/tool'],
  })),
  {
    what: 'apk without a signature',
    bytes: gzipSync(
      await tarOf([
        { name: '.PKGINFO', body: pkginfo },
        { name: 'usr/bin/tool', body: 'tool' },
      ]),
    ),
    scheme: 'apk',
    name: 'tool 1.0-r1 (x86_64)',
    paths: ['.PKGINFO', 'usr/bin/tool'],
  },
  {
    what: 'apk of apk-tools 3',
    bytes: apkThree,
    scheme: 'apk',
    name: 'tool 1.0-r1 (x86_64)',
    paths: ['.post-install', 'usr/bin', 'usr/bin/tool'],
  },
  { what: 'gem', bytes: gem, scheme: 'gem', name: 'tool 1.0.2 (x86_64-linux)', paths: [usr] },
  {
    what: 'old gem',
    bytes: oldGem,
    scheme: 'gem',
    name: 'tool 1.0.2 (x86_64-linux)',
    paths: [usr],
  },
  {
    what: 'xbps',
    bytes: zstdOf(xbps),
    scheme: 'xbps',
    name: 'tool 1.0_1 (x86_64)',
    paths: ['./INSTALL', './props.plist', usr],
  },
  {
    what: 'asar',
    bytes: asar,
    scheme: 'asar',
    name: 'PLACE',
    paths: ['main.js', 'native/f.node', 'f.node'],
  },
  {
    what: 'gpkg',
    bytes: gpkg,
    scheme: 'gentoo',
    name: 'app-misc/tool 1.0-r1',
    paths: ['usr/bin/tool'],
  },
  {
    what: 'tbz2',
    bytes: tbz2,
    scheme: 'gentoo',
    name: 'app-misc/tool 1.0-r1 (x86_64-pc-linux-gnu)',
    paths: [usr],
  },
  {
    what: 'npm, with a folder of another name',
    bytes: gzipSync(npmFolder),
    scheme: 'npm',
    name: 'tool 1.0.0',
    paths: ['tool/bin/tool', 'tool/package.json'],
  },
  { what: 'ipk', bytes: gzipSync(ipk), scheme: 'ipk', name: debian, paths: [usr] },
  {
    what: 'npm',
    bytes: gzipSync(npm),
    scheme: 'npm',
    name: '@team/tool 1.0.0',
    paths: ['package/bin/tool', 'package/package.json'],
  },
  {
    what: 'rpm, gzip',
    bytes: rpmWith('gzip', gzipSync(cpio)),
    scheme: 'rpm',
    name: redHat,
    paths: [usr],
  },
  { what: 'rpm, xz', bytes: rpmWith('xz', xzOf(cpio)), scheme: 'rpm', name: redHat, paths: [usr] },
  {
    what: 'rpm, zstd',
    bytes: rpmWith('zstd', zstdOf(cpio)),
    scheme: 'rpm',
    name: redHat,
    paths: [usr],
  },
  ...['bzip2', 'lzma'].map((compressor) => ({
    what: `rpm, ${compressor}`,
    bytes: rpmWith(compressor, packedBy(compressor, cpio)),
    scheme: 'rpm',
    name: redHat,
    paths: [usr],
  })),
  {
    what: 'wheel',
    bytes: wheel,
    scheme: 'zip',
    name: 'tool 1.0',
    paths: ['tool/tool.so', 'tool-1.0.dist-info/METADATA'],
  },
  { what: 'conda', bytes: conda, scheme: 'conda', name: 'the-tool 1.0', paths: [usr] },
  {
    what: 'conda, format 1',
    bytes: packedBy('bzip2', condaTar),
    scheme: 'conda',
    name: 'tool 1.0 (linux-64)',
    paths: ['info/files', 'info/index.json', 'lib/tool'],
  },
  {
    what: 'conda, format 1, raw',
    bytes: condaTar,
    scheme: 'conda',
    name: 'tool 1.0 (linux-64)',
    paths: ['info/files', 'info/index.json', 'lib/tool'],
  },
  {
    what: 'jar',
    bytes: zipOf([{ name: 'a.so', body: 'x' }]),
    scheme: 'zip',
    name: 'PLACE',
    paths: ['a.so'],
  },
  {
    what: 'static library, with two members of one name',
    bytes: arOf([
      { name: '/', body: 'index' },
      { name: 'a.o/', body: 'one' },
      { name: 'a.o/', body: 'two' },
    ]),
    scheme: 'ar',
    name: 'PLACE',
    paths: ['a.o', 'a.o~2'],
  },
  { what: 'cpio', bytes: cpio, scheme: 'cpio', name: 'PLACE', paths: [usr] },
  ...['xz', 'bzip2', 'lzma', 'lzip', 'lz4', 'lzop'].map((compressor) => ({
    what: `cpio, ${compressor}`,
    bytes: packedBy(compressor, cpio),
    scheme: 'cpio',
    name: 'PLACE',
    paths: [usr],
  })),
];

for (const { what, bytes, scheme, name, paths } of samples) {
  for (const by of ['content', 'scheme']) {
    test(`${what} is opened by its ${by}`, async (t) => {
      const path = writeFile(t, bytes, 'picture.jpg');
      const { targets, walks } = await openAll(by === 'scheme' ? `${scheme}:${path}` : path);
      assert.deepEqual(
        targets.map((target) => [
          target.scheme,
          target.kind,
          target.name.replace(path, 'PLACE'),
          target.problems,
        ]),
        [[scheme, scheme === 'cpio' ? 'root-filesystem' : 'package', name, []]],
      );
      assert.deepEqual(walks, [[{ paths, problems: [], damage: null }]]);
    });
  }
}

test('a root filesystem that holds files with the names of packages is still a root filesystem', async (t) => {
  const bytes = await tarOf(
    ['bin/sh', '.PKGINFO', 'debian-binary', 'package/package.json'].map((name) => ({
      name,
      body: 'x',
    })),
  );
  for (const each of [bytes, gzipSync(bytes)])
    assert.equal((await openAll(writeFile(t, each))).targets[0]?.scheme, 'rootfs');
});

test('an apkovl of Alpine, which holds settings alone, is a root filesystem', async (t) => {
  const bytes = gzipSync(
    await tarOf([
      { name: 'etc/.default_boot_services', body: '' },
      { name: 'etc/apk/world', body: 'alpine-base\n' },
    ]),
  );
  const { targets, walks } = await openAll(writeFile(t, bytes, 'host.apkovl.tar.gz'));
  assert.equal(targets[0]?.scheme, 'rootfs');
  assert.deepEqual(walks[0]?.[0]?.paths, ['etc/.default_boot_services', 'etc/apk/world']);
});

const folder = (name: string) => ({ name, type: 'directory' }) as const;
const manifestOfTool = { name: 'tool/package.json', body: '{"name":"tool","version":"1.0.0"}' };
const tops = [
  { name: 'a folder alone', items: [folder('tool/'), manifestOfTool], scheme: 'npm' },
  {
    name: 'a folder of an application next to those of a root',
    items: [folder('tool/'), manifestOfTool, folder('usr/'), { name: 'usr/bin/x', body: 'x' }],
    scheme: 'rootfs',
  },
  {
    name: 'a folder of an application next to another',
    items: [folder('tool/'), manifestOfTool, { name: 'data/x', body: 'x' }],
    scheme: 'rootfs',
  },
];
for (const { name, items, scheme } of tops)
  for (const pack of [(tar: Buffer) => tar, (tar: Buffer) => gzipSync(tar)])
    test(`${name} is ${scheme}: ${pack(content).length < content.length ? 'compressed' : 'plain'}`, async (t) => {
      const { targets } = await openAll(writeFile(t, pack(await tarOf(items))));
      assert.deepEqual(
        targets.map((target) => target.scheme),
        [scheme],
      );
    });

test('a folder called package is not an npm package without its manifest', async (t) => {
  const bytes = await tarOf([{ name: 'package/a', body: 'x' }]);
  for (const each of [bytes, gzipSync(bytes)])
    assert.equal((await openAll(writeFile(t, each))).targets[0]?.scheme, 'rootfs');
});

const unsupported = [
  {
    what: 'an rpm of an unknown compression',
    bytes: rpmWith('brotli', cpio),
    says: 'the payload is compressed by brotli, expected gzip, bzip2, lzma, xz or zstd',
  },
];

for (const { what, bytes, says } of unsupported) {
  test(`${what} is a target with a problem`, async (t) => {
    const { targets, walks } = await openAll(writeFile(t, bytes));
    assert.deepEqual(targets[0]?.problems, [
      { kind: 'unsupported', where: 'payload', message: says },
    ]);
    assert.deepEqual(walks, [[{ paths: [], problems: [], damage: null }]]);
  });
}

test('files that an asar has next to it are a notice, and one behind its end is damage', async (t) => {
  const outside = asarOf({ files: { 'f.node': { size: 4, unpacked: true } } }, '');
  const { walks } = await openAll(writeFile(t, outside));
  assert.deepEqual(
    walks[0]?.[0]?.problems.map(({ kind, message }) => [kind, message]),
    [['notice', 'files in the folder next to it (.unpacked), which are not in the archive: 1']],
  );
  const cut = await openAll(writeFile(t, asar.subarray(0, -1)));
  assert.deepEqual(cut.walks[0]?.[0]?.paths, ['main.js']);
  assert.match(
    String(cut.walks[0]?.[0]?.damage),
    /native\/f.node ends at 8, the files of the asar at 7/,
  );
});

test('entries of a zip that cannot be read are problems, and the others are read', async (t) => {
  const bytes = zipOf([
    { name: 'secret', flags: 1 },
    { name: 'good', body: 'x' },
  ]);
  const { walks } = await openAll(writeFile(t, bytes));
  assert.deepEqual(walks[0]?.[0]?.paths, ['good']);
  assert.deepEqual(walks[0]?.[0]?.problems, [
    { kind: 'unsupported', where: '/secret', message: 'it is encrypted' },
  ]);
});

test('a package without its content or description says so', async (t) => {
  const bytes = arOf([{ name: 'debian-binary', body: '2.0\n' }]);
  const path = writeFile(t, bytes);
  const { targets, walks } = await openAll(path);
  assert.deepEqual(targets[0]?.problems, [
    { kind: 'missing', where: 'metadata', message: 'the package holds no control.tar' },
  ]);
  assert.equal(targets[0]?.name, path);
  assert.match(String(walks[0]?.[0]?.damage), /MissingPart: the package holds no data.tar/);
});

function at(offset: number, magic: string): Buffer {
  return Buffer.concat([Buffer.alloc(offset), Buffer.from(magic, 'latin1'), Buffer.alloc(600)]);
}

const refused = [
  {
    what: 'a disk of QEMU',
    bytes: at(0, 'QED\0'),
    says: /is an image of a disk \(QED\) of 604 bytes/,
  },
  { what: 'an encrypted volume', bytes: at(0, 'LUKS\xba\xbe'), says: /is an encrypted volume/ },
  {
    what: 'an index of apk-tools 3',
    bytes: Buffer.from('ADB.indx\0\0\0\0'),
    says: /is a list of packages of apk-tools 3, which holds none of them/,
  },
  { what: 'a thin archive', bytes: Buffer.from('!<thin>\n'), says: /is a thin ar archive/ },
  {
    what: 'a compressed disk of QEMU',
    bytes: gzipSync(at(0, 'QED\0')),
    says: /is an image of a disk \(QED\), compressed to a file of \d+ bytes, which is not read/,
  },
];

for (const { what, bytes, says } of refused) {
  test(`${what} is named and refused`, async (t) => {
    await assert.rejects(
      openAll(writeFile(t, bytes)),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}

for (const { what, bytes } of samples) {
  test(`${what}: cut or with wrong bytes it gives what is left or its own error`, {
    timeout: 300_000,
  }, async (t) => {
    await survives(t, bytes);
  });
}

async function survives(t: TestContext, bytes: Buffer): Promise<void> {
  for (const each of mutationsOf(bytes.length > 4096 ? bytes.subarray(0, 4096) : bytes, 40)) {
    if (each.length % 97 !== 0 && each.length < bytes.length) continue;
    try {
      await openAll(writeFile(t, each));
    } catch (error) {
      if (!(error instanceof DamagedInput || error instanceof UsageError)) throw error;
    }
  }
}
