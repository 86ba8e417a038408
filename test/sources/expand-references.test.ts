import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { expandReferences } from '../../src/sources/input/expand-references.ts';
import { arOf, cpioOf, rpmOf } from '../support/archives/archive-builder.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';
import { tarOf } from './image-builder.ts';
import { folder } from './workbench.ts';

const program = join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-hardened');

function place(t: TestContext, files: Readonly<Record<string, Buffer | string>>): string {
  const path = folder(t);
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

async function expanded(path: string, ...references: string[]): Promise<readonly string[]> {
  const found = await expandReferences(
    references.map((each) => each.replace('HERE', path)),
    defaultLimits,
  );
  return found.map((each) => each.replace(path, 'HERE'));
}

const globs: readonly (readonly [reference: string, want: readonly string[]])[] = [
  ['HERE/*.tar', ['HERE/a.tar', 'HERE/b.tar']],
  ['HERE/?.tar', ['HERE/a.tar', 'HERE/b.tar']],
  ['HERE/[b-z].tar', ['HERE/b.tar']],
  ['HERE/{b,a}.tar', ['HERE/a.tar', 'HERE/b.tar']],
  ['HERE/*/*.tar', ['HERE/x/c.tar', 'HERE/z/c.tar']],
  ['HERE/**/*.tar', ['HERE/a.tar', 'HERE/b.tar', 'HERE/x/c.tar', 'HERE/x/y/d.tar']],
  ['HERE/x/**', ['HERE/x', 'HERE/x/y']],
  ['HERE/.*.tar', ['HERE/.hidden.tar']],
  ['rootfs:HERE/*.tar', ['rootfs:HERE/a.tar', 'rootfs:HERE/b.tar']],
  ['HERE/*.zip', ['HERE/*.zip']],
  ['HERE/no/*.tar', ['HERE/no/*.tar']],
  ['HERE/[x].txt', ['HERE/[x].txt']],
  ['registry:*', ['registry:*']],
  ['HERE/a.tar', ['HERE/a.tar']],
  ['-', ['-']],
];

for (const [reference, want] of globs) {
  test(`${reference} is ${want.join(' ')}`, async (t) => {
    const names = ['a.tar', 'b.tar', '.hidden.tar', 'x/c.tar', 'x/y/d.tar', '[x].txt'];
    const path = place(t, Object.fromEntries(names.map((name) => [name, name])));
    symlinkSync(join(path, 'x'), join(path, 'z'));
    assert.deepEqual(await expanded(path, reference), want);
  });
}

test('a glob that says nothing sensible is a usage error', async (t) => {
  await assert.rejects(expanded(folder(t), 'HERE/[a.tar'), UsageError);
});

const content = gzipSync(await tarOf([{ name: './usr/bin/tool', body: 'tool' }]));
const deb = arOf([
  { name: 'debian-binary', body: '2.0\n' },
  { name: 'control.tar.gz', body: content },
  { name: 'data.tar.gz', body: content },
]);
const rpm = rpmOf([[1000, 'tool']], gzipSync(cpioOf([{ name: './tool', body: 'tool' }])));
const repository = {
  'dists/stable/Release': 'Origin: test',
  'dists/stable/Packages.gz': gzipSync('Package: tool'),
  'pool/a.deb': deb,
  'pool/b/b.rpm': rpm,
  'pool/empty': '',
};

test('a folder of packages is its packages, and nothing else is left out for it', async (t) => {
  const path = place(t, repository);
  assert.deepEqual(await expanded(path, 'HERE', 'HERE/'), [
    ...['HERE/pool/a.deb', 'HERE/pool/b/b.rpm'],
    ...['HERE/pool/a.deb', 'HERE/pool/b/b.rpm'],
  ]);
  assert.deepEqual(await expanded(path, 'dir:HERE'), ['dir:HERE']);
  copyFileSync(program, join(path, 'zz'));
  assert.deepEqual(await expanded(path, 'HERE'), ['HERE']);
  assert.deepEqual(await expanded(path, 'packages:HERE'), ['HERE/pool/a.deb', 'HERE/pool/b/b.rpm']);
});

test('a root file system with packages in it stays one', async (t) => {
  const path = place(t, { 'var/cache/a.deb': deb });
  assert.deepEqual(await expanded(path, 'HERE'), ['HERE']);
});

test('packages: needs a folder with packages', async (t) => {
  const path = place(t, { text: 'x' });
  await assert.rejects(expanded(path, 'packages:HERE'), /holds no package$/);
  await assert.rejects(expanded(path, 'packages:HERE/text'), /is not a directory/);
  await assert.rejects(expanded(path, 'packages:HERE/none'), /is not a directory/);
});

test('many inputs are one report with a block for each, and a broken one hides none', async (t) => {
  const elf = { name: './usr/bin/tool', body: Buffer.from(await read(program)) };
  const whole = gzipSync(await tarOf([elf]));
  const debOf = (data: Buffer) =>
    arOf([
      { name: 'debian-binary', body: '2.0\n' },
      { name: 'control.tar.gz', body: content },
      { name: 'data.tar.gz', body: data },
    ]);
  const path = place(t, {
    'a.deb': debOf(whole),
    'b.deb': debOf(whole.subarray(0, 900)),
    'c.deb': debOf(whole),
  });
  const hullcheck = hullcheckIn(path);
  const words = ['--no-cache', '-q', '-o', 'json', '--rule', 'pie'];
  const counts = (stdout: string) =>
    JSON.parse(stdout).targets.map((target: { binaries: unknown[]; problems: unknown[] }) => [
      target.binaries.length,
      target.problems.length > 0,
    ]);
  for (const reference of ['.', '*.deb', 'packages:.']) {
    const { status, stdout } = hullcheck([reference, ...words]);
    assert.equal(status, 3, reference);
    assert.deepEqual(counts(stdout), [
      [1, false],
      [0, true],
      [1, false],
    ]);
    assert.equal(JSON.parse(stdout).counts.binaries, 2);
  }
  const { status } = hullcheck(['*.rpm', ...words]);
  assert.equal(status, 2);
});

async function read(path: string): Promise<Buffer> {
  const { readFileSync } = await import('node:fs');
  return readFileSync(path);
}
