import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { LimitExceeded } from '../../src/base/errors.ts';
import { decodeName } from '../../src/base/text.ts';
import { isPseudoFileSystem } from '../../src/sources/directory/pseudo-file-system.ts';
import { walk } from './walk.ts';
import { folder, openAll } from './workbench.ts';

test('entries are sorted by their bytes, the root first, and carry mode and link target', async (t) => {
  const root = folder(t);
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  writeFileSync(join(root, 'usr/bin/su'), 'su', { mode: 0o755 });
  chmodSync(join(root, 'usr/bin/su'), 0o4755);
  writeFileSync(join(root, 'usr/bin-extra'), '');
  symlinkSync('/usr/bin', join(root, 'bin'));
  const { entries, problems } = await walk(root);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    entries.map(({ path, type, mode, linkTarget, body }) => [
      path,
      type,
      type === 'file' ? mode.toString(8) : linkTarget,
      body,
    ]),
    [
      ['.', 'directory', '', ''],
      ['bin', 'symlink', '/usr/bin', ''],
      ['usr', 'directory', '', ''],
      ['usr/bin', 'directory', '', ''],
      ['usr/bin/su', 'file', '4755', 'su'],
      ['usr/bin-extra', 'file', '644', ''],
    ],
  );
});

test('a second name of a file is a hard link to the first', async (t) => {
  const root = folder(t);
  writeFileSync(join(root, 'b'), 'x');
  linkSync(join(root, 'b'), join(root, 'a'));
  linkSync(join(root, 'b'), join(root, 'c'));
  const { entries } = await walk(root);
  assert.deepEqual(
    entries.slice(1).map(({ path, type, linkTarget, body }) => [path, type, linkTarget, body]),
    [
      ['a', 'file', '', 'x'],
      ['b', 'hardlink', 'a', ''],
      ['c', 'hardlink', 'a', ''],
    ],
  );
});

test('names that are not UTF-8 keep their bytes', async (t) => {
  const root = folder(t);
  const name = Buffer.from([0x66, 0xff, 0xfe]);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'odd');
  const { entries } = await walk(root);
  assert.deepEqual(
    entries.slice(1).map(({ path, body }) => [path, body]),
    [[decodeName(name), 'odd']],
  );
});

test('FIFOs and sockets are listed and never opened', { timeout: 300_000 }, async (t) => {
  const root = folder(t);
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const server = createServer().listen(join(root, 'socket'));
  t.after(() => server.close());
  await new Promise((listening) => server.once('listening', listening));
  const { entries, problems } = await walk(root);
  assert.deepEqual(
    entries.slice(1).map(({ path, type }) => [path, type]),
    [
      ['fifo', 'fifo'],
      ['socket', 'socket'],
    ],
  );
  assert.deepEqual(problems, []);
});

test('symbolic links are not followed, and loops end', async (t) => {
  const root = folder(t);
  symlinkSync('.', join(root, 'loop'));
  symlinkSync('/', join(root, 'out'));
  assert.deepEqual(
    (await walk(root)).entries.map(({ path }) => path),
    ['.', 'loop', 'out'],
  );
});

test('a directory deeper than a path can be long is reported, and the walk goes on', async (t) => {
  const root = folder(t);
  execFileSync('sh', [
    '-c',
    `cd "$1"; i=0; while [ $i -lt 30 ]; do mkdir ${'d'.repeat(200)}; cd ${'d'.repeat(200)}; i=$((i+1)); done`,
    'sh',
    root,
  ]);
  writeFileSync(join(root, 'z'), 'last');
  const { entries, problems } = await walk(root);
  assert.equal(entries.at(-1)?.path, 'z');
  assert.deepEqual(
    problems.map(({ kind, message }) => [kind, message]),
    [['unreadable', 'the path is too long for the system']],
  );
  execFileSync('rm', ['-rf', root]);
});

test('more entries than the limit end the walk', async (t) => {
  const root = folder(t);
  for (let count = 0; count < 20; count += 1) writeFileSync(join(root, `f${count}`), '');
  const { walks } = await openAll(root, { limits: { maxEntries: 10 } });
  assert.equal(walks[0]?.[0]?.paths.length, 10);
  assert.ok(walks[0]?.[0]?.damage instanceof LimitExceeded);
});

const fileSystems = [
  { name: 'proc', type: 0x9fa0, want: true },
  { name: 'sysfs', type: 0x62656572, want: true },
  { name: 'efivarfs, whose number is negative to some', type: 0xde5e81e4 | 0, want: true },
  { name: 'ext4', type: 0xef53, want: false },
  { name: 'tmpfs, and with it devtmpfs', type: 0x01021994, want: false },
  { name: 'overlay', type: 0x794c7630, want: false },
];

for (const { name, type, want } of fileSystems) {
  test(`${name} ${want ? 'is' : 'is not'} a pseudo file system`, () =>
    assert.equal(isPseudoFileSystem(type), want));
}
