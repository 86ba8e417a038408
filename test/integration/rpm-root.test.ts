import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createPackageOwners } from '../../src/root/packages/package-owners.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import { buildRoot, elf, type Things, text } from '../support/roots/root-builder.ts';

/** A database that rpm itself wrote, with headers too long for one page. */
const folder = mkdtempSync(join(tmpdir(), 'rpm-root-'));
const root = join(folder, 'root');
const database = join(root, 'var/lib/rpm/rpmdb.sqlite');

const spec = (name: string, epoch: number) => `
Name: ${name}
Epoch: ${epoch}
Version: 2.0
Release: 3
Summary: none
License: none
BuildArch: noarch
%description
none
%global __os_install_post %{nil}
%global debug_package %{nil}
%global _binaries_in_noarch_packages_terminate_build 0
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/share/${name}
cp ${folder}/program %{buildroot}/usr/bin/${name}
for i in $(seq 1 300); do echo > %{buildroot}/usr/share/${name}/file-with-a-long-name-$i; done
%files
/usr/bin/${name}
/usr/share/${name}
`;

function run(command: string, ...words: readonly string[]): void {
  execFileSync(command, words, { cwd: folder, stdio: 'pipe' });
}

before(() => {
  mkdirSync(root);
  writeFileSync(join(folder, 'program'), buildElf({}).buffer);
  const rpm = ['--root', root, '--dbpath', '/var/lib/rpm'];
  run('rpm', ...rpm, '--initdb');
  for (const [name, epoch] of [
    ['first', 0],
    ['second', 7],
  ] as const) {
    writeFileSync(join(folder, `${name}.spec`), spec(name, epoch));
    run('rpmbuild', '-bb', '--define', `_topdir ${folder}/top`, `${name}.spec`);
    const file = join(folder, `top/RPMS/noarch/${name}-2.0-3.noarch.rpm`);
    // Only the database is wanted, and rpm need not enter the root for it.
    run('rpm', ...rpm, '--justdb', '--nodeps', '--noscripts', '-i', file);
  }
  copyFileSync(database, join(folder, 'copy'));
});

after(() => rmSync(folder, { recursive: true, force: true }));

function ownersIn(bytes: Buffer, place = '/var/lib/rpm'): readonly string[] {
  const things: Things = {
    [`${place}/rpmdb.sqlite`]: text(bytes.toString('latin1')),
    '/usr/bin/first': elf({}),
    '/usr/bin/second': elf({}),
    '/usr/bin/third': elf({}),
  };
  const built = buildRoot(things);
  const ownerOf = createPackageOwners(built);
  return ['first', 'second', 'third'].map((name) => {
    const entry = built.entry(`/usr/bin/${name}`);
    assert.ok(entry);
    const owner = ownerOf(entry);
    return owner.known ? (owner.value?.purl ?? 'none') : owner.because;
  });
}

test('packages of a database that rpm wrote are read whole', () => {
  // The second is where Debian's rpm writes it, unless another path is configured.
  for (const place of ['/var/lib/rpm', '/root/.rpmdb']) {
    assert.deepEqual(ownersIn(readFileSync(join(folder, 'copy')), place), [
      'pkg:rpm/redhat/first@2.0-3?arch=noarch&epoch=0',
      'pkg:rpm/redhat/second@2.0-3?arch=noarch&epoch=7',
      'none',
    ]);
  }
});

test('a damaged database is an answer, never an error', () => {
  const bytes = readFileSync(join(folder, 'copy'));
  let seed = 1;
  const below = (limit: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % limit;
  };
  for (let round = 0; round < 300; round += 1) {
    const damaged = Buffer.from(
      bytes.subarray(0, below(4) === 0 ? below(bytes.length) : undefined),
    );
    for (let change = 0; change < 8 && damaged.length > 0; change += 1) {
      damaged[below(below(2) === 0 ? Math.min(damaged.length, 8192) : damaged.length)] = below(256);
    }
    assert.equal(ownersIn(damaged).length, 3);
  }
});
