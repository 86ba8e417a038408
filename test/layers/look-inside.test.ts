import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { xzOf, zstdOf } from '../sources/image-builder.ts';
import { arOf, cpioOf, zipOf } from '../support/archives/archive-builder.ts';
import { tarEntry, tarHeader, tarOf } from '../support/archives/tar-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'nesting-test-'));
after(() => rmSync(folder, { recursive: true }));

const elf = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-pie-hardened'));

async function scanned(bytes: Buffer, limits: Partial<Limits> = {}): Promise<TargetReport> {
  const path = join(folder, 'input');
  writeFileSync(path, bytes);
  const report = await scan([path], {
    input: { ...plainInput, exclude: ['**/excluded*'], limits: { ...defaultLimits, ...limits } },
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  });
  const [target] = report.targets;
  assert.ok(target);
  return target;
}

const pathsOf = ({ binaries }: TargetReport) => binaries.map(({ path }) => path);
const problemsOf = ({ problems }: TargetReport) =>
  problems.map(({ kind, where, message }) => `${kind} ${where}: ${message}`);

const jar = zipOf([
  { name: 'native/x.so', body: elf },
  { name: 'A.class', body: 'x'.repeat(900) },
]);
const war = zipOf([{ name: 'lib/inner.jar', body: jar }]);
const deb = arOf([
  { name: 'debian-binary', body: '2.0\n' },
  { name: 'control.tar', body: tarOf(tarEntry({ name: 'control' }, 'Package: a\nVersion: 1\n')) },
  { name: 'data.tar.gz', body: gzipSync(tarOf(tarEntry({ name: 'usr/bin/a' }, elf))) },
]);
const apk = gzipSync(
  tarOf(
    tarEntry({ name: '.PKGINFO' }, 'pkgname = a\npkgver = 1\n'),
    tarEntry({ name: 'bin/a' }, elf),
  ),
);
const asarList = Buffer.from(`{"files":{"f.node":{"size":${elf.length},"offset":"0"}}}`);
const asarSizes = [4, asarList.length + 8, asarList.length + 4, asarList.length];
const asar = Buffer.concat([Buffer.from(Uint32Array.from(asarSizes).buffer), asarList, elf]);
const initramfs = cpioOf([
  { name: 'init', body: elf },
  { name: 'lib/ld-musl-x86_64.so.1', body: elf },
]);
const plainTar = tarOf(tarEntry({ name: 'a' }, elf));

/** A root in which an ELF file and one other file lie. */
function rootWith(name: string, body: Buffer): Buffer {
  return tarOf(
    tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
    tarEntry({ name: 'bin/outer' }, elf),
    tarEntry({ name }, body),
  );
}

describe('what a file contains is opened, and its path shows the chain', () => {
  const cases = [
    { name: 'jar', body: jar, paths: ['/native/x.so'] },
    { name: 'jar in a war', body: war, paths: ['/lib/inner.jar!/native/x.so'] },
    { name: 'deb', body: deb, paths: ['/usr/bin/a'] },
    { name: 'apk', body: apk, paths: ['/bin/a'] },
    { name: 'tar', body: plainTar, paths: ['/a'] },
    { name: 'tar, gzip', body: gzipSync(plainTar), paths: ['/a'] },
    { name: 'tar, xz', body: xzOf(plainTar), paths: ['/a'] },
    { name: 'tar, zstd', body: zstdOf(plainTar), paths: ['/a'] },
    { name: 'initramfs', body: initramfs, paths: ['/init', '/lib/ld-musl-x86_64.so.1'] },
    {
      name: 'initramfs, gzip',
      body: gzipSync(initramfs),
      paths: ['/init', '/lib/ld-musl-x86_64.so.1'],
    },
    { name: 'static library, which is none', body: arOf([{ name: 'a.o/', body: elf }]), paths: [] },
    { name: 'archive of Electron', body: asar, paths: ['/f.node'] },
    { name: 'text', body: Buffer.from('PK is how this text begins'), paths: [] },
    { name: 'compressed text', body: gzipSync('a manual\n'.repeat(500)), paths: [] },
    {
      name: 'a start of a zip and nothing behind it',
      body: Buffer.from('PK\x03\x04'.padEnd(600)),
      paths: [],
    },
  ];
  for (const { name, body, paths } of cases) {
    for (const outer of ['a tar', 'a compressed tar']) {
      it(`${name} in ${outer}`, async () => {
        const root = rootWith('opt/thing', body);
        const target = await scanned(outer === 'a tar' ? root : gzipSync(root));
        const inner = paths.map((path) => `/opt/thing!${path}`);
        assert.deepEqual(pathsOf(target), ['/bin/outer', ...inner]);
        assert.ok(target.problems.every(({ kind }) => kind === 'notice'));
      });
    }
  }
});

const library = arOf([
  { name: '/', body: 'index' },
  { name: 'a.o/', body: elf },
]);

describe('static libraries are opened in a package, and nowhere else', () => {
  const deb = (data: Buffer) =>
    arOf([
      { name: 'debian-binary', body: '2.0\n' },
      { name: 'control.tar', body: tarOf(tarEntry({ name: 'control' }, 'Package: libh-dev\n')) },
      { name: 'data.tar', body: data },
    ]);
  const files = tarOf(tarEntry({ name: 'usr/lib/libh.a' }, library));
  const cases = [
    { name: 'a Debian package', body: deb(files), paths: ['/usr/lib/libh.a!/a.o'] },
    {
      name: 'a wheel in a zip archive',
      body: zipOf([{ name: 'a.whl', body: zipOf([{ name: 'lib/libnpymath.a', body: library }]) }]),
      paths: ['/a.whl!/lib/libnpymath.a!/a.o'],
    },
    { name: 'a root', body: rootWith('usr/lib/libh.a', library), paths: ['/bin/outer'] },
    { name: 'a package in a root', body: rootWith('a.deb', deb(files)), paths: ['/bin/outer'] },
  ];
  for (const { name, body, paths } of cases)
    it(name, async () => {
      const target = await scanned(body);
      assert.deepEqual(pathsOf(target), paths);
      assert.deepEqual(problemsOf(target), []);
    });

  it('and one that is cut is a problem of its package', async () => {
    const cut = tarOf(tarEntry({ name: 'usr/lib/libh.a' }, library.subarray(0, -100)));
    assert.match(
      problemsOf(await scanned(deb(cut))).join(),
      /^damaged \/usr\/lib\/libh.a!\/?.*: ar member at offset/,
    );
  });
});

it('a container is judged by what it holds, not by what the root around it lacks', async () => {
  const target = await scanned(
    tarOf(
      tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
      tarEntry({ name: 'app.jar' }, jar),
      tarEntry({ name: 'boot/initramfs' }, initramfs),
    ),
  );
  const linkageOf = (path: string) =>
    target.binaries.find((binary) => binary.path === path)?.facts.linkage;
  assert.deepEqual(linkageOf('/app.jar!/native/x.so'), {
    known: true,
    value: { where: 'bare-file' },
  });
  const inside = linkageOf('/boot/initramfs!/init');
  assert.ok(inside?.known && inside.value.where === 'root');
  const loadable = target.binaries
    .find(({ path }) => path === '/app.jar!/native/x.so')
    ?.verdicts.find(({ rule }) => rule === 'loadable');
  assert.notEqual(loadable?.outcome, 'fail');
});

it('the package and the layer are those of the file around it', async () => {
  const target = await scanned(
    tarOf(
      tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
      tarEntry(
        { name: 'lib/apk/db/installed' },
        'C:Q1\nP:tool\nV:1-r0\nA:x86_64\nF:usr/share\nR:app.jar\n\n',
      ),
      tarEntry({ name: 'usr/share/app.jar' }, jar),
    ),
  );
  const [binary] = target.binaries;
  assert.equal(binary?.path, '/usr/share/app.jar!/native/x.so');
  assert.ok(binary.facts.package.known);
  assert.equal(binary.facts.package.value?.name, 'tool');
  assert.equal(binary.layer, 0);
});

it('an excluded container is left out with all in it, and so is an excluded file in one', async () => {
  const inner = zipOf([
    { name: 'excluded.so', body: elf },
    { name: 'kept.so', body: elf },
  ]);
  const target = await scanned(
    tarOf(
      tarEntry({ name: 'etc/x' }),
      tarEntry({ name: 'opt/excluded.jar' }, jar),
      tarEntry({ name: 'opt/kept.jar' }, inner),
    ),
  );
  assert.deepEqual(pathsOf(target), ['/opt/kept.jar!/kept.so']);
});

describe('limits', () => {
  it('levels: what lies deeper is a problem', async () => {
    const target = await scanned(rootWith('app.war', war), { maxNesting: 1 });
    assert.deepEqual(pathsOf(target), ['/bin/outer']);
    assert.deepEqual(problemsOf(target), [
      'limit /app.war!/lib/inner.jar: it was not opened: it lies in 1 other containers, which is the limit (--max-nesting)',
    ]);
  });

  const unopened = [
    ['app.jar', jar, 'a Java archive'],
    ['app.war', war, 'an archive of archives'],
    ['plain.tar', tarOf(tarEntry({ name: 'bin/tool' }, elf)), 'a tar'],
    ['packed.tar.gz', gzipSync(tarOf(tarEntry({ name: 'bin/tool' }, elf))), 'a compressed tar'],
    ['tool.gz', gzipSync(elf), 'a compressed program'],
  ] as const;
  for (const [name, body, claim] of unopened)
    it(`levels: with none, ${claim} that is not opened is a problem`, async () => {
      const target = await scanned(rootWith(name, body), { maxNesting: 0 });
      assert.deepEqual(pathsOf(target), ['/bin/outer']);
      assert.deepEqual(problemsOf(target), [
        `limit /${name}: it was not opened: the limit (--max-nesting 0) is that no container is`,
      ]);
    });

  it('levels: with none, a root without containers has no problem', async () => {
    const target = await scanned(rootWith('notes.txt.gz', gzipSync('text')), { maxNesting: 0 });
    assert.deepEqual(target.problems, []);
  });

  it('bytes: counted over all levels together, and reported once', async () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      tarEntry({ name: `opt/${index}.war` }, war),
    );
    const target = await scanned(gzipSync(tarOf(tarEntry({ name: 'etc/x' }), ...many)), {
      maxNestedSize: 12 * elf.length,
    });
    assert.ok(target.binaries.length > 0 && target.binaries.length < 20);
    assert.ok(target.problems.length >= 1 && target.problems.length <= 2);
    assert.match(
      problemsOf(target).join(),
      /^limit \/opt\/.*looking into the files of this layer takes more than/,
    );
  });

  it('entries: counted over all levels together', async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      tarEntry({ name: `opt/${index}.jar` }, jar),
    );
    const target = await scanned(tarOf(tarEntry({ name: 'etc/x' }), ...many), { maxEntries: 40 });
    assert.match(problemsOf(target).join(), /limit .*layer has more than 40 entries/);
  });
});

describe('damage in what a file contains', () => {
  const broken = jar.subarray(0, jar.length - 30);

  it('is a notice in a root file system', async () => {
    const target = await scanned(rootWith('broken.zip', broken));
    assert.deepEqual(
      problemsOf(target).map((text) => text.split(':')[0]),
      ['notice /broken.zip!layer', 'notice /broken.zip!metadata'],
    );
  });

  const started = [
    { name: 'app.jar', mode: 0o644 },
    { name: 'app.war', mode: 0o644 },
    { name: 'tool.pex', mode: 0o755 },
    { name: 'tool', mode: 0o755, front: '#!/usr/bin/env python3\n' },
  ];
  for (const { name, mode, front = '' } of started) {
    it(`is a problem of what programs are started from: ${name}`, async () => {
      // Cut in the middle: the end, by which a zip archive is found, is there.
      const body = Buffer.concat([Buffer.from(front), jar]);
      body.fill(0xff, front.length + 40, front.length + 200);
      const target = await scanned(
        tarOf(
          tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
          tarEntry({ name: `srv/${name}`, mode }, body),
        ),
      );
      assert.ok(
        target.problems.some(
          ({ kind, where }) => kind !== 'notice' && where.startsWith(`/srv/${name}!`),
        ),
      );
    });
  }

  it('is a notice in what a dependency brings, whatever it is called', async () => {
    const { length } = jar;
    const target = await scanned(
      tarOf(
        tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
        tarEntry(
          { name: 'app/node_modules/tool/package.json' },
          '{"name":"tool","version":"1.0.0"}',
        ),
        tarEntry({ name: 'app/node_modules/tool/test/a.jar' }, jar.subarray(0, length - 30)),
      ),
    );
    assert.ok(target.problems.length > 0);
    assert.ok(target.problems.every(({ kind }) => kind === 'notice'));
  });

  it('is a notice there too where no runtime would unpack it, since no option would help', async () => {
    const long = tarHeader({ name: 'x', flag: 'x', size: 1024 * 1024 + 1 });
    const tar = tarOf(tarEntry({ name: 'a' }, 'a'), long);
    const target = await scanned(rootWith('long.tar', tar));
    assert.deepEqual(
      problemsOf(target).map((text) => text.split(':')[0]),
      ['notice /long.tar!layer'],
    );
  });

  it('is a problem in an archive that is not a root', async () => {
    const target = await scanned(tarOf(tarEntry({ name: 'broken.jar' }, broken)));
    assert.deepEqual(
      problemsOf(target).map((text) => text.split(':')[0]),
      ['damaged /broken.jar!layer', 'damaged /broken.jar!metadata'],
    );
  });

  it('hides nothing that comes behind it', async () => {
    const target = await scanned(
      tarOf(tarEntry({ name: 'broken.jar' }, broken), tarEntry({ name: 'whole.jar' }, jar)),
    );
    assert.deepEqual(pathsOf(target), ['/whole.jar!/native/x.so']);
  });
});

it('an ELF file that is marked as an AppImage is judged, with or without anything behind it', async () => {
  const marked = Buffer.from(elf);
  marked.write('AI\x02', 8, 'latin1');
  assert.deepEqual(pathsOf(await scanned(rootWith('opt/a', marked))), ['/bin/outer', '/opt/a']);
});

describe('a library in an application’s Java archive is a dependency', () => {
  const library = (group: string, more: readonly string[] = []) =>
    zipOf([
      ...['netty', ...more].map((artifact) => ({
        name: `META-INF/maven/${group}/${artifact}/pom.properties`,
        body: `#Created by Maven\ngroupId=${group}\nartifactId=${artifact}\nversion=4.1.0\n`,
      })),
      { name: 'META-INF/native/libnetty.so', body: elf },
    ]);
  const manifest = 'Manifest-Version: 1.0\nStart-Class: com.acme.shop.Main\n';
  const spring = `${manifest}Main-Class: org.springframework.boot.loader.JarLauncher\n`;
  const cases = [
    { name: 'of another group', lib: library('io.netty'), want: 'pkg:maven/io.netty/netty@4.1.0' },
    {
      name: 'started by a launcher',
      manifest: spring,
      lib: library('io.netty'),
      want: 'pkg:maven/io.netty/netty@4.1.0',
    },
    { name: 'of the application’s own group', lib: library('com.acme.natives'), want: null },
    { name: 'of several modules', lib: library('io.netty', ['other']), want: null },
    { name: 'without coordinates', lib: jar, want: null },
    {
      name: 'without an application that says who it is',
      manifest: 'A: b\n',
      lib: library('io.netty'),
      want: null,
    },
    {
      name: 'under another name',
      at: 'BOOT-INF/lib/tool.jar',
      lib: library('io.netty'),
      want: null,
    },
    {
      name: 'not among the libraries',
      at: 'netty-4.1.0.jar',
      lib: library('io.netty'),
      want: null,
    },
  ];
  for (const { name, at = 'BOOT-INF/lib/netty-4.1.0.jar', lib, want, ...more } of cases) {
    it(name, async () => {
      const application = zipOf([
        { name: 'META-INF/MANIFEST.MF', body: more.manifest ?? manifest },
        { name: at, body: lib, method: 0 },
      ]);
      const [inside] = (await scanned(rootWith('app.jar', application))).binaries.filter(
        ({ path }) => path.includes('!'),
      );
      assert.ok(inside?.facts.ownership.known);
      const { whose, component } = inside.facts.ownership.value;
      assert.equal(component?.purl ?? null, want);
      assert.equal(whose, want === null ? 'yours' : 'dependency');
    });
  }
});

describe('an archive is a package’s only by its own digest', () => {
  const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
  const status =
    'Package: libtool-java\nStatus: install ok installed\nArchitecture: all\nVersion: 1.0-1\nMaintainer: Java <java@lists.debian.org>\n';
  const forged = zipOf([{ name: 'native/y.so', body: elf }]);
  const cases = [
    { name: 'as the package brought it', body: jar, want: 'distribution' },
    { name: 'another one in its place', body: forged, want: 'yours' },
  ];
  for (const { name, body, want } of cases) {
    it(name, async () => {
      const target = await scanned(
        tarOf(
          tarEntry({ name: 'etc/os-release' }, 'ID=debian\nVERSION_ID=12\n'),
          tarEntry({ name: 'usr/share/java/tool.jar' }, body),
          tarEntry({ name: 'var/lib/dpkg/info/libtool-java.list' }, '/usr/share/java/tool.jar\n'),
          tarEntry(
            { name: 'var/lib/dpkg/info/libtool-java.md5sums' },
            `${md5(jar)}  usr/share/java/tool.jar\n`,
          ),
          tarEntry({ name: 'var/lib/dpkg/status' }, status),
        ),
      );
      const [inside] = target.binaries;
      assert.ok(inside?.facts.ownership.known);
      assert.equal(inside.facts.ownership.value.whose, want);
    });
  }
});

it('a container that an upper layer replaces is gone', async () => {
  const { squash } = await import('../../src/layers/squash.ts');
  const { catalogOf } = await import('../support/roots/catalog-builder.ts');
  const inside = [
    { name: '', scheme: 'zip', kind: 'package', config: null, catalogs: [], problems: [] },
  ] as const;
  const lower = {
    ...catalogOf(['/a.jar', '/b.jar']),
    insides: new Map([
      ['/a.jar', inside],
      ['/b.jar', inside],
    ]),
  };
  const { root } = squash([lower, catalogOf(['/a.jar'])], defaultLimits);
  assert.deepEqual(
    root.containers.map(({ entry }) => entry.path),
    ['/b.jar'],
  );
});
