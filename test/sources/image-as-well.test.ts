import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { tarOfFiles } from '../sources/image-builder.ts';
import { folder, writeFolder } from '../sources/workbench.ts';
import { cpioOf, zipOf } from '../support/archives/archive-builder.ts';
import { tarHeader } from '../support/archives/tar-builder.ts';

const elf = readFileSync('samples/elf/x86_64-glibc-gcc-pie-hardened');
const text = (content: string) => Buffer.from(content);

type Files = Readonly<Record<string, Buffer>>;

const root: Files = { 'etc/passwd': text('root:x:0:0::/:/bin/sh\n'), 'usr/bin/app': elf };
const apk: Files = {
  '.PKGINFO': text('pkgname = x\npkgver = 1-r0\narch = x86_64\n'),
  'usr/bin/app': elf,
};
const ipk: Files = {
  'debian-binary': text('2.0\n'),
  'control.tar.gz': gzipSync(await tarOf({ control: text('Package: x\nVersion: 1\n') })),
  'data.tar.gz': gzipSync(await tarOf({ 'usr/bin/app': elf })),
};
/** More entries than are looked at to recognise the kind. */
const many = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`x${at}/app`, text('x')]));

const list = { 'manifest.json': text('[{"Config":"c.json"}]') };
const layout = { 'index.json': text('{}'), 'oci-layout': text('{}') };
const legacy = { 'ab12/json': text('{}'), 'ab12/layer.tar': text('x') };
const web = { 'manifest.json': text(' {"name":"app"}'), 'index.json': text('{}') };

function tarOf(files: Files): Promise<Buffer> {
  return tarOfFiles(new Map(Object.entries(files)));
}

const compressions = {
  plain: (tar: Buffer) => tar,
  gzip: (tar: Buffer) => gzipSync(tar),
  zstd: (tar: Buffer) => piped('zstd', tar),
  xz: (tar: Buffer) => piped('xz', tar),
  bzip2: (tar: Buffer) => piped('bzip2', tar),
};

function piped(tool: string, input: Buffer): Buffer {
  return spawnSync(tool, ['-c'], { input, maxBuffer: 2 ** 28 }).stdout;
}

const members = (files: Files) => Object.entries(files).map(([name, body]) => ({ name, body }));
const archives = {
  zip: (files: Files) => zipOf(members(files)),
  cpio: (files: Files) => cpioOf(members(files)),
};

async function scanned(reference: string) {
  const judging = { rules, policy: plainPolicy({ failOn: 'none' }) };
  const report = await scan([reference], { input: plainInput, judging, running: { jobs: 1 } });
  return {
    state: report.gate.state,
    said: JSON.stringify(report.targets.map((each) => each.problems)),
  };
}

function run(t: TestContext, tar: Buffer, scheme = '') {
  const path = join(folder(t), 'app.tar');
  writeFileSync(path, tar);
  return scanned(`${scheme}${path}`);
}

const undecided: readonly (readonly [what: string, files: Files, document: string])[] = [
  ['a root with a list of images', { ...root, ...list }, 'manifest.json'],
  ['a root with a layout', { ...root, ...layout }, 'index.json'],
  ['a root with blobs', { ...root, 'index.json': text('{}'), 'blobs/x': text('x') }, 'index.json'],
  ['a root with layers of old', { ...root, ...legacy }, 'ab12/layer.tar'],
  ['a package with a list of images', { ...apk, ...list }, 'manifest.json'],
  ['a package of opkg with a list of images', { ...ipk, ...list }, 'manifest.json'],
  ['a list of images behind many other names', { ...many, ...root, ...list }, 'manifest.json'],
];

describe('a tar that runtimes load as an image is not read as something else in silence', () => {
  for (const [what, files, document] of undecided)
    for (const [name, compress] of Object.entries(compressions))
      it(`${what}, ${name}`, async (t) => {
        const { state, said } = await run(t, compress(await tarOf(files)));
        assert.equal(state, 'undecided', said);
        assert.ok(said.includes(`an archive of an image as well, by its ${document}`), said);
      });

  for (const [name, compress] of Object.entries(compressions))
    it(`a list of images that is a link, ${name}`, async (t) => {
      for (const target of ['etc/list', 'gone']) {
        const link = tarHeader({ name: 'manifest.json', flag: '2', linkName: target });
        const tar = Buffer.concat([
          link,
          await tarOf({ ...root, 'etc/list': list['manifest.json'] }),
        ]);
        const { state, said } = await run(t, compress(tar));
        assert.equal(state, 'undecided', said);
      }
    });

  for (const [name, compress] of Object.entries(compressions))
    it(`documents of a web application are none, and a scheme decides: ${name}`, async (t) => {
      const plain = await run(t, compress(await tarOf({ ...root, ...web })));
      assert.equal(plain.state, 'holds', plain.said);
      const named = await run(t, compress(await tarOf({ ...root, ...list })), 'rootfs:');
      assert.equal(named.state, 'holds', named.said);
    });

  it('two of one name, of which the last is an object', async (t) => {
    const first = await tarOf({ ...root, ...list });
    const tar = Buffer.concat([first.subarray(0, -1024), await tarOf(web)]);
    const { state, said } = await run(t, gzipSync(tar));
    assert.equal(state, 'undecided', said);
  });
});

describe('a folder that runtimes load as a layout is not read as a root in silence', () => {
  const both = { ...root, ...layout, 'blobs/sha256/ab': text('x') };
  for (const [claim, files, scheme, want] of [
    ['a layout next to a root', both, '', 'undecided'],
    [
      'blobs and an index',
      { ...root, 'index.json': text('{}'), 'blobs/ab': text('x') },
      '',
      'undecided',
    ],
    ['what is named', both, 'dir:', 'holds'],
    ['an index alone', { ...root, 'index.json': text('{}') }, '', 'holds'],
  ] as const)
    it(claim, async (t) => {
      const { state, said } = await scanned(
        `${scheme}${writeFolder(t, new Map(Object.entries(files)))}`,
      );
      assert.equal(state, want, said);
    });
});

describe('an unpacked image one folder down is not read as a folder of archives in silence', () => {
  const app = { 'app/oci-layout': text('{}'), 'app/index.json': text('{}') };
  const skopeo = { 'app/version': text('x'), 'app/manifest.json': text('{}') };
  const said =
    'app in it is an unpacked image, and its layers were read as archives of their own; ';
  for (const [claim, files, want] of [
    ['a layout', app, 'undecided'],
    ['a folder of skopeo', skopeo, 'undecided'],
    ['a layout next to programs', { ...app, 'bin.elf': elf }, 'undecided'],
    ['a web application', { 'app/manifest.json': text('{}'), 'app/server': elf }, 'holds'],
    ['a layout in a root', { ...app, ...root }, 'holds'],
  ] as const) {
    const map = new Map<string, Buffer>(Object.entries(files));
    it(`in a folder: ${claim}`, async (t) => {
      const path = writeFolder(t, map);
      const found = await scanned(path);
      assert.equal(found.state, want, found.said);
      assert.equal(found.said.includes(`${said}scan ${path}/app`), want === 'undecided');
    });
    for (const [name, compress] of Object.entries(compressions))
      it(`in a tar: ${claim}: ${name}`, async (t) => {
        const found = await run(t, compress(await tarOfFiles(map)));
        assert.equal(found.state, want, found.said);
        assert.equal(found.said.includes(`${said}unpack it and scan app`), want === 'undecided');
      });
    for (const [name, archiveOf] of Object.entries(archives))
      it(`in a ${name}: ${claim}`, async (t) => {
        const found = await run(t, archiveOf(files));
        assert.equal(found.state, want, found.said);
        assert.equal(found.said.includes(`${said}unpack it and scan app`), want === 'undecided');
      });
  }

  const top = 'it is an unpacked image, and its layers were read as archives of their own; ';
  for (const [claim, files, scheme, want] of [
    ['a layout', { ...layout, 'blobs/sha256/ab': elf }, '', 'undecided'],
    ['what docker save wrote', { ...list, repositories: text('{}'), app: elf }, '', 'undecided'],
    ['documents of a web application', { ...web, app: elf }, '', 'holds'],
    ['a layout that is named as a zip', { ...layout, 'blobs/sha256/ab': elf }, 'zip:', 'holds'],
  ] as const)
    it(`nor at the top of a zip: ${claim}`, async (t) => {
      const found = await run(t, archives.zip(files), scheme);
      assert.equal(found.state, want, found.said);
      assert.equal(found.said.includes(`${top}unpack it`), want === 'undecided', found.said);
    });
});

describe('an image in another file is judged by its files alone, which is a notice', () => {
  const image = readFileSync('samples/images/starts.docker.tar');
  for (const [name, archiveOf] of Object.entries(archives))
    it(name, async (t) => {
      const { state, said } = await run(t, archiveOf({ 'app.tar': image }));
      assert.equal(state, 'holds', said);
      assert.match(
        said,
        /"notice","where":"[^"]*app\.tar[^"]*","message":"it is an image in another file/,
      );
    });
});
