import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { UsageError } from '../../src/base/errors.ts';
import { mappedFiles } from '../../src/sources/proc/maps.ts';
import { asOrdinaryUser, folder, openAll } from './workbench.ts';

const children: ChildProcess[] = [];
after(() => children.forEach((child) => void child.kill('SIGKILL')));

/** Started, and loaded: its libraries are mapped. */
async function sleeping(program: string): Promise<number> {
  const child = spawn(program, ['600'], { stdio: 'ignore' });
  children.push(child);
  const { pid = 0 } = child;
  for (let left = 3000; left > 0; left -= 1) {
    const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
    if (maps.includes(program) && maps.includes('libc')) return pid;
    await wait(20);
  }
  throw new Error(`${program} does not start`);
}

test('a process is its program and its libraries, and nothing of its root besides', async () => {
  const pid = await sleeping('/bin/sleep');
  const { targets, walks } = await openAll(`proc:${pid}`);
  assert.deepEqual(
    targets.map(({ name, scheme, kind, problems }) => ({ name, scheme, kind, problems })),
    [{ name: `sleep (process ${pid})`, scheme: 'proc', kind: 'package', problems: [] }],
  );
  const [{ paths = [], problems, damage } = { problems: null, damage: null }] = walks[0] ?? [];
  assert.deepEqual([problems, damage], [[], null]);
  for (const name of [/bin\/sleep$/, /libc\.so/, /ld-linux|ld-musl/])
    assert.equal(paths.filter((path) => name.test(path)).length, 1, `${name} of ${paths}`);
  assert.ok(paths.length < 10);
});

test('a program that is deleted is still read, as far as the system lets us', async (t) => {
  const program = join(folder(t), 'sleeper');
  copyFileSync('/bin/sleep', program);
  const pid = await sleeping(program);
  unlinkSync(program);
  const { walks } = await openAll(`proc:${pid}`);
  const [walk] = walks[0] ?? [];
  const found = walk?.paths.includes(`${program.slice(1)} (deleted)`);
  const reported = walk?.problems.some(({ where }) => where === `${program} (deleted)`);
  assert.notEqual(found, reported, 'it is read or reported');
  if (process.getuid?.() === 0) assert.ok(found || reported);
});

test('all processes are one target for each root, with this one in it', async () => {
  const { targets, walks } = await openAll('proc:all');
  const own = targets.findIndex(({ name }) => name === 'all processes');
  const paths = walks[own]?.[0]?.paths ?? [];
  assert.ok(paths.includes(process.execPath.slice(1)), `${process.execPath} of ${paths}`);
  assert.equal(new Set(paths).size, paths.length);
});

const refused = [
  ['proc:x', /^proc:x is neither the number of a process nor proc:all$/],
  ['proc:0', /^proc:0 is neither the number of a process/],
  ['proc:../1', /is neither the number of a process/],
  ['proc:2147483646', /^there is no process 2147483646$/],
] as const;

for (const [reference, says] of refused) {
  test(`${reference} is a usage error of one sentence`, async () => {
    await assert.rejects(openAll(reference), (error) => {
      return error instanceof UsageError && says.test(error.message);
    });
  });
}

test('a process of another user is refused in words', async () => {
  if (process.getuid?.() !== 0) return;
  const pid = await sleeping('/bin/sleep');
  await asOrdinaryUser(async () => {
    await assert.rejects(openAll(`proc:${pid}`), /may not be seen by this user/);
    const { targets } = await openAll('proc:all').catch(() => ({ targets: [] }));
    const reported = targets.flatMap(({ problems }) => problems.map(({ message }) => message));
    if (targets.length > 0) assert.match(reported.join(), /may not be seen by this user: /);
  });
});

test('maps are read as the kernel writes them', () => {
  const maps = [
    '00400000-00401000 r--p 00000000 fe:00 17    /usr/bin/a b',
    '00401000-00402000 r-xp 00001000 fe:00 17                         /usr/bin/a b',
    '7f0000001000-7f0000002000 r-xp 00000000 fe:00 18446744073709551615 /lib/line\\012break.so (deleted)',
    '7f0000003000-7f0000004000 r--p 00000000 fe:00 19 /usr/share/locale/data',
    '7f0000005000-7f0000006000 rwxp 00000000 00:00 0 ',
    '7ffd00000000-7ffd00001000 r-xp 00000000 00:00 0 [vdso]',
    '7f0000007000-7f0000008000 r-xp 00001000 fe:00 17 /usr/bin/a b',
    'something else',
    '',
  ].join('\n');
  assert.deepEqual(mappedFiles(Buffer.from(maps)), [
    { range: '401000-402000', path: '/usr/bin/a b', inode: 17n },
    {
      range: '7f0000001000-7f0000002000',
      path: '/lib/line\nbreak.so (deleted)',
      inode: 18446744073709551615n,
    },
  ]);
  const cut = maps.slice(0, 100);
  for (let end = 0; end < cut.length; end += 1)
    assert.ok(mappedFiles(Buffer.from(cut.slice(0, end))).length < 2);
});

test('what is read is the file that is mapped', async () => {
  const pid = await sleeping('/bin/sleep');
  const { hullcheckIn } = await import('../support/hullcheck-in.ts');
  const { stdout } = hullcheckIn('/')([`proc:${pid}`, '--no-cache', '-q', '-o', 'json']);
  const { binaries } = JSON.parse(stdout).targets[0];
  for (const { path, sha256 } of binaries) {
    assert.equal(sha256, createHash('sha256').update(readFileSync(path)).digest('hex'), path);
  }
  assert.ok(binaries.length >= 3);
});
