import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { arOf, cpioOf, rpmOf } from '../support/archives/archive-builder.ts';
import { tarEntry, tarOf } from '../support/archives/tar-builder.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'packages-by-themselves-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const program = sampleBinary('x86_64-glibc-gcc-pie-hardened');
const bare = sampleBinary('x86_64-glibc-gcc-nopie-bare');

const debOf = (control: string, body = program) =>
  arOf([
    { name: 'debian-binary', body: '2.0\n' },
    { name: 'control.tar', body: tarOf(tarEntry({ name: 'control' }, control)) },
    { name: 'data.tar', body: tarOf(tarEntry({ name: 'usr/bin/tool', mode: 0o755 }, body)) },
  ]);
const apkOf = (pkginfo: string) =>
  gzipSync(
    tarOf(
      tarEntry({ name: '.PKGINFO' }, pkginfo),
      tarEntry({ name: 'usr/bin/tool', mode: 0o755 }, program),
    ),
  );
const rpm = (release: string, vendor: string) =>
  rpmOf(
    [
      [1000, 'tool'],
      [1001, '1.0'],
      [1002, release],
      [1011, vendor],
      [1022, 'x86_64'],
      [1044, 'tools-1.0-4.src.rpm'],
      [1125, ''],
    ],
    cpioOf([{ name: './usr/bin/tool', body: program, mode: 0o100755 }]),
  );
const pacman = tarOf(
  tarEntry({ name: '.BUILDINFO' }, ''),
  tarEntry(
    { name: '.PKGINFO' },
    'pkgname = tool\npkgbase = tools\npkgver = 1.0-1\narch = x86_64\n',
  ),
  tarEntry({ name: 'usr/bin/tool', mode: 0o755 }, program),
);

const ofDebian =
  'Package: tool\nSource: tools (0.9)\nVersion: 1.0-1+deb12u2\nArchitecture: amd64\nMaintainer: APT <deity@lists.debian.org>\n';
const own = 'Package: tool\nVersion: 1.0\nArchitecture: amd64\nMaintainer: me <me@acme.example>\n';
const commit = '26527b0535f65a4ac0ae7f3c9afb2294885b21cc';

const cases: readonly {
  readonly name: string;
  readonly file: string;
  readonly bytes: Buffer;
  readonly os: string | null;
  /** purl, source, and who made it. */
  readonly owner: readonly [string, string, string];
}[] = [
  {
    name: 'a .deb of Debian',
    file: 'debian.deb',
    bytes: debOf(ofDebian),
    os: 'debian 12',
    owner: [
      'pkg:deb/debian/tool@1.0-1%2Bdeb12u2?arch=amd64&distro=debian-12',
      'tools',
      'distribution',
    ],
  },
  {
    name: 'an own .deb',
    file: 'own.deb',
    bytes: debOf(own),
    os: 'debian ',
    owner: ['pkg:deb/debian/tool@1.0?arch=amd64', 'tool', 'others'],
  },
  {
    name: 'an .apk of Alpine',
    file: 'tool.apk',
    bytes: apkOf(
      `pkgname = tool\npkgver = 1.0-r1\narch = x86_64\norigin = tools\ncommit = ${commit}\n`,
    ),
    os: 'alpine ',
    owner: ['pkg:apk/alpine/tool@1.0-r1?arch=x86_64', 'tools', 'distribution'],
  },
  {
    name: 'an own .apk',
    file: 'own.apk',
    bytes: apkOf('pkgname = tool\npkgver = 1.0\narch = x86_64\n'),
    os: 'alpine ',
    owner: ['pkg:apk/alpine/tool@1.0?arch=x86_64', 'tool', 'others'],
  },
  {
    name: 'an unsigned .rpm that says it is Fedora’s',
    file: 'fedora.rpm',
    bytes: rpm('4.fc40', 'Fedora Project'),
    os: 'fedora 40',
    owner: ['pkg:rpm/fedora/tool@1.0-4.fc40?arch=x86_64&distro=fedora-40', 'tools', 'others'],
  },
  {
    name: 'an .rpm of another vendor',
    file: 'own.rpm',
    bytes: rpm('4', 'Acme'),
    os: null,
    owner: ['pkg:rpm/redhat/tool@1.0-4?arch=x86_64', 'tools', 'others'],
  },
  {
    name: 'a package of pacman without a signature',
    file: 'tool.pkg.tar',
    bytes: pacman,
    os: 'arch ',
    owner: ['pkg:alpm/arch/tool@1.0-1?arch=x86_64', 'tools', 'others'],
  },
];

const run = hullcheckIn(folder);
const scanned = (file: string, bytes: Buffer, ...more: readonly string[]) => {
  writeFileSync(join(folder, file), bytes);
  const { stdout, stderr } = run([file, '--no-cache', ...more]);
  assert.notEqual(stdout, '', stderr);
  return stdout;
};

describe('a package by itself is its own database, and yours', () => {
  for (const { name, file, bytes, os, owner } of cases) {
    it(name, () => {
      const [target] = JSON.parse(scanned(file, bytes, '-o', 'json')).targets;
      assert.equal(target.os && `${target.os.id} ${target.os.versionId}`, os);
      const [{ facts }] = target.binaries;
      const { purl, source, maker } = facts.package.value;
      assert.deepEqual([purl, source, maker.by], owner);
      assert.equal(facts.ownership.value.whose, 'yours');
      assert.equal(facts.ownership.value.component.purl, owner[0]);
    });
  }

  it('its columns say what it is', () => {
    const [head = '', row = ''] = scanned('own.deb', debOf(own, bare), '-o', 'csv').split('\r\n');
    const cells = row.split(',');
    const at = (column: string) =>
      cells.at(head.split(',').indexOf(column) - head.split(',').length);
    assert.deepEqual(['whose', 'component', 'version', 'architecture'].map(at), [
      'yours',
      'tool',
      '1.0',
      'amd64',
    ]);
  });

  it('the profile of a distribution asks what it promises, and still finds what it rules out', () => {
    const failed = (...more: readonly string[]) =>
      JSON.parse(scanned('own.deb', debOf(own, bare), '-o', 'json', ...more))
        .targets[0].binaries[0].verdicts.filter(
          ({ outcome }: { outcome: string }) => outcome === 'fail',
        )
        .map(({ rule }: { rule: string }) => rule);
    assert.ok(failed('--profile', 'default').includes('bind-now'));
    assert.ok(
      failed().includes('bind-now'),
      'no distribution promised anything about your own package',
    );
    assert.ok(
      !failed('--profile', 'debian').includes('bind-now'),
      'but who names a profile has it',
    );
    assert.ok(failed('--profile', 'debian').includes('pie'));
  });

  it('what a distribution promises is required of its packages, and the line says what that leaves out', () => {
    const { gate, targets } = JSON.parse(
      scanned('debian.deb', debOf(ofDebian, bare), '-o', 'json'),
    );
    const asked = targets[0].binaries[0].verdicts
      .filter(({ outcome }: { outcome: string }) => outcome === 'fail')
      .map(({ rule }: { rule: string }) => rule);
    assert.ok(!asked.includes('bind-now') && asked.includes('pie'), asked.join());
    assert.ok(gate.setAside.notRequiredRules.includes('bind-now'));
    assert.match(
      gate.because,
      /not required by the profile \(.*; --profile default requires them\)/,
    );
  });
});
