import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { sources } from '../../src/sources/index.ts';
import { allSources, isNameOfInput } from '../../src/sources/input/all-sources.ts';
import { packagesBeginningWith } from '../../src/sources/input/package-by-names.ts';

const inputs = [
  ...['app.tar', 'app.tgz', 'app.tar.gz', 'app.tar.xz', 'app.tar.zst', 'layout.oci', 'x.zip'],
  ...['x-1-py3-none-any.whl', 'x.jar', 'x.conda', 'x.deb', 'x.rpm', 'x.apk', 'x.ipk', 'x.cpio'],
  ...['disk.img', 'cd.iso', 'libx.so', 'libx.a', 'x.o', 'x.ko', 'x.elf', 'x.bin', 'x.exe'],
  ...['X.DEB', 'team/app.tar', 'registry.example.org/x.rpm'],
];
const images = ['alpine', 'team/app', 'registry.example.org/app', 'app.v2', 'a.tar/app', 'so', ''];

describe('a name that is not here', () => {
  for (const name of inputs) {
    it(`${name} is that of a file`, async () => assert.ok(await isNameOfInput(name)));
  }
  for (const name of images) {
    it(`"${name}" may be that of an image`, async () => assert.ok(!(await isNameOfInput(name))));
  }
});

const first: Readonly<Record<string, string | null>> = {
  '.PKGINFO': 'apk',
  '.SIGN.RSA.builder.rsa.pub': 'apk',
  '.BUILDINFO': 'pacman',
  '.MTREE': 'pacman',
  'debian-binary': 'ipk',
  'control.tar.gz': 'ipk',
  'data.tar': 'ipk',
  'data.tar.gz': 'gem',
  'metadata.gz': 'gem',
  'tool-1.0-r1-1/gpkg-1': 'gentoo',
  INSTALL: 'xbps',
  'props.plist': 'xbps',
  package: 'npm',
  tool: 'npm',
  'package/index.js': 'npm',
  'tool/bin/tool': 'npm',
  'usr/package.json': null,
  'blobs/package.json': null,
  '.git/package.json': null,
  'info/index.json': 'conda',
  packages: null,
  information: null,
  'control.tar.compressed': null,
  'tool/lib/package.json': null,
  'usr/.PKGINFO': null,
  'etc/passwd': null,
  '': null,
};

/** A later name that decides it, where the first one does not. */
const decidedBy: Readonly<Record<string, string>> = {
  'data.tar': 'control.tar.gz',
  'data.tar.gz': 'metadata.gz',
  INSTALL: 'props.plist',
  package: 'package/package.json',
  'package/index.js': 'package/package.json',
  tool: 'tool/package.json',
  'tool/bin/tool': 'tool/package.json',
};

describe('a tar that begins with', () => {
  for (const [name, scheme] of Object.entries(first)) {
    it(`"${name}" is ${scheme === null ? 'not a package' : `a package of ${scheme}`}`, async () => {
      const packages = await packagesBeginningWith(name);
      const found = packages.add(name) ?? packages.add(decidedBy[name] ?? name);
      assert.equal(found ?? packages.atEnd, scheme === null ? null : `package:${scheme}`);
    });
  }
});

test('a source is registered by the scheme that it declares', async () => {
  const declared = (await allSources()).map(({ scheme }) => scheme);
  assert.deepEqual(declared, Object.keys(sources));
});

test('no two sources declare the same ending, and all are in lower case', async () => {
  const endings = (await allSources()).flatMap((source) => source.endings ?? []);
  assert.equal(new Set(endings).size, endings.length);
  assert.deepEqual(
    endings,
    endings.map((ending) => ending.toLowerCase()),
  );
});
