import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Entry } from '../../src/archive/entry.ts';
import { LimitExceeded } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { Problem } from '../../src/problem.ts';
import { walkDirectory } from '../../src/sources/directory-walk.ts';
import { isPseudoFileSystem } from '../../src/sources/pseudo-file-system.ts';
import { decodeName } from '../../src/text.ts';
import { asOrdinaryUser, folder, openAll } from './workbench.ts';

interface Seen {
  readonly entries: readonly (Omit<Entry, 'body'> & { readonly body: string })[];
  readonly problems: readonly Problem[];
}

/** Reads every body. `between` is called with each entry, before its body is read. */
async function walk(path: string, between: (entry: Entry) => void = () => {}): Promise<Seen> {
  const entries: Seen['entries'][number][] = [];
  const problems: Problem[] = [];
  for await (const entry of walkDirectory(path, defaultLimits, (problem) =>
    problems.push(problem),
  )) {
    between(entry);
    const pieces: Buffer[] = [];
    for await (const piece of entry.body()) pieces.push(piece);
    entries.push({ ...entry, body: Buffer.concat(pieces).toString() });
  }
  return { entries, problems };
}

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

test('FIFOs and sockets are listed and never opened', { timeout: 20_000 }, async (t) => {
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

const replacements: readonly {
  readonly name: string;
  readonly replace: (path: string) => void;
  readonly says: RegExp;
}[] = [
  { name: 'removed', replace: (path) => rmSync(path), says: /no such file/ },
  { name: 'cut', replace: (path) => writeFileSync(path, 'ab'), says: /cut to 2 bytes/ },
  {
    name: 'replaced by another file',
    replace: (path) => {
      writeFileSync(`${path}.new`, 'other');
      rmSync(path);
      linkSync(`${path}.new`, path);
    },
    says: /replaced/,
  },
  {
    name: 'replaced by a symbolic link',
    replace: (path) => {
      rmSync(path);
      symlinkSync('/etc/passwd', path);
    },
    says: /too many symbolic links/,
  },
  {
    name: 'replaced by a FIFO',
    replace: (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    },
    says: /replaced/,
  },
  {
    name: 'replaced by a device',
    replace: (path) => {
      rmSync(path);
      mkdirSync(path);
    },
    says: /replaced|EISDIR/,
  },
];

for (const { name, replace, says } of replacements) {
  test(`a file that is ${name} during the walk is reported and not read`, {
    timeout: 20_000,
  }, async (t) => {
    const root = folder(t);
    writeFileSync(join(root, 'a'), 'content');
    writeFileSync(join(root, 'b'), 'content');
    const { entries, problems } = await walk(root, ({ path }) => {
      if (path === 'a') replace(join(root, 'a'));
    });
    assert.deepEqual(
      problems.map(({ kind, where }) => [kind, where]),
      [['unreadable', '/a']],
    );
    assert.match(problems[0]?.message ?? '', says);
    assert.equal(entries.find(({ path }) => path === 'b')?.body, 'content');
  });
}

test('what may not be read is reported by path, and the walk goes on', async (t) => {
  const root = folder(t);
  mkdirSync(join(root, 'closed'));
  writeFileSync(join(root, 'closed/inside'), '');
  writeFileSync(join(root, 'secret'), 'x');
  writeFileSync(join(root, 'z'), 'last');
  chmodSync(join(root, 'closed'), 0);
  chmodSync(join(root, 'secret'), 0);
  chmodSync(root, 0o755);
  const { entries, problems } = await asOrdinaryUser(() => walk(root));
  // Else only root could remove it.
  chmodSync(join(root, 'closed'), 0o755);
  assert.equal(entries.at(-1)?.body, 'last');
  assert.deepEqual(problems, [
    { kind: 'unreadable', where: '/closed', message: 'permission denied' },
    { kind: 'unreadable', where: '/secret', message: 'permission denied' },
  ]);
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
