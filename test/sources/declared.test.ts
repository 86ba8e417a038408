import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { sources } from '../../src/sources/index.ts';
import {
  allSources,
  isNameOfInput,
  tarPackageBeginningWith,
} from '../../src/sources/input/all-sources.ts';

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
  package: 'npm',
  'package/index.js': 'npm',
  'info/index.json': 'conda',
  packages: null,
  information: null,
  'control.tar.compressed': null,
  'usr/.PKGINFO': null,
  'etc/passwd': null,
  '': null,
};

describe('a tar that begins with', () => {
  for (const [name, scheme] of Object.entries(first)) {
    it(`"${name}" is ${scheme === null ? 'not a package' : `a package of ${scheme}`}`, async () => {
      const begins = await tarPackageBeginningWith(name);
      assert.equal(begins?.holding ?? null, scheme === null ? null : `package:${scheme}`);
    });
  }
  it('a name of two sources does not exist', async () => {
    for (const name of Object.keys(first)) {
      const takers = (await allSources()).filter(({ inTar }) => inTar?.beginsWith(name));
      assert.ok(takers.length <= 1, name);
    }
  });
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
