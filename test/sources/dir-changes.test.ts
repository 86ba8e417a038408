import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { walk } from './walk.ts';
import { asOrdinaryUser, folder } from './workbench.ts';

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
    timeout: 300_000,
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
