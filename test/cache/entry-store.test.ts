import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { entryStore, isWhole } from '../../src/cache/entry-store.ts';
import { makePrivateFolder } from '../../src/cache/private-files.ts';

function folder(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'cache-test-'));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('the cache on disk', () => {
  it('gives back what was written under the key, and nothing under another', async (test) => {
    const store = entryStore(folder(test));
    await store.write('a', Buffer.from('content'));
    assert.equal(String(await store.read('a')), 'content');
    assert.equal(await store.read('b'), null);
  });

  const damages: Readonly<Record<string, (path: string) => void>> = {
    'a changed byte': (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(path, bytes);
    },
    'a cut end': (path) => truncateSync(path, 60),
    'no content': (path) => truncateSync(path, 0),
    'another format': (path) => writeFileSync(path, 'x'.repeat(200)),
  };
  for (const [name, damage] of Object.entries(damages)) {
    it(`never trusts an entry with ${name}, and removes it`, async (test) => {
      const store = entryStore(folder(test));
      await store.write('a', Buffer.from('content'));
      const [entry] = await store.list();
      assert.ok(entry);
      assert.equal(await isWhole(entry), true);
      damage(entry.path);
      assert.equal(await isWhole(entry), false);
      assert.equal(await store.read('a'), null);
      assert.deepEqual(await store.list(), []);
    });
  }

  it('never takes one entry for another', async (test) => {
    const store = entryStore(folder(test));
    await store.write('a', Buffer.from('of a'));
    const [first] = await store.list();
    await store.write('b', Buffer.from('of b'));
    const other = (await store.list()).find(({ path }) => path !== first?.path);
    writeFileSync(other?.path ?? '', readFileSync(first?.path ?? ''));
    assert.equal(await store.read('b'), null);
  });

  it('removes what was not used for longest, and old half-written files', async (test) => {
    const store = entryStore(folder(test));
    for (const key of ['old', 'new']) await store.write(key, Buffer.alloc(1000));
    const [first, second] = await store.list();
    const long = new Date(Date.now() - 7200_000);
    const left = `${first?.path}.0123456789ab.unfinished`;
    writeFileSync(left, 'x');
    for (const path of [first?.path ?? '', left]) utimesSync(path, long, long);
    await store.shrink(1500);
    assert.deepEqual(
      (await store.list()).map(({ path }) => path),
      [second?.path],
    );
  });

  it('keeps nothing where it may not write, without an error', async (test) => {
    const file = join(folder(test), 'file');
    writeFileSync(file, '');
    const store = entryStore(join(file, 'below'));
    await store.write('a', Buffer.from('content'));
    assert.equal(await store.read('a'), null);
  });

  /** Each puts something else, or something of somebody else, where the entry was. */
  const intrusions: Readonly<Record<string, (path: string, root: string) => void>> = {
    'an entry that others may write to': (path) => chmodSync(path, 0o646),
    'an entry that a group may write to': (path) => chmodSync(path, 0o660),
    'an entry of another user': (path) => give(path),
    'a link to a whole entry': (path) => {
      renameSync(path, `${path}.moved`);
      symlinkSync(`${path}.moved`, path);
    },
    'a link to a device without end': (path) => replace(path, () => symlinkSync('/dev/zero', path)),
    'a pipe': (path) => replace(path, () => execFileSync('mkfifo', [path])),
    'a folder': (path) => replace(path, () => mkdirSync(path)),
    'a folder of entries that others may write to': (path) => chmodSync(dirname(path), 0o777),
    'a folder of entries of another user': (path) => give(dirname(path)),
    'a cache that others may write to': (_, root) => chmodSync(root, 0o777),
    'a cache in a place for all users': (_, root) => chmodSync(root, 0o1777),
    'a cache of another user': (_, root) => give(root),
  };
  for (const [name, intrude] of Object.entries(intrusions)) {
    it(`does not open ${name}`, async (test) => {
      const root = folder(test);
      const store = entryStore(root);
      await store.write('a', Buffer.from('content'));
      const [entry] = await store.list();
      assert.ok(entry);
      intrude(entry.path, root);
      const before = stateOf(root);
      assert.equal(await store.read('a'), null);
      assert.deepEqual(await store.list(), []);
      await store.shrink(0);
      await store.clear();
      assert.deepEqual(stateOf(root), before, 'what is not its own is left alone');
    });
  }

  it('puts a new entry where a pipe was', async (test) => {
    const store = entryStore(folder(test));
    await store.write('a', Buffer.from('old'));
    const [entry] = await store.list();
    const path = entry?.path ?? '';
    replace(path, () => execFileSync('mkfifo', [path]));
    await store.write('a', Buffer.from('new'));
    assert.equal(String(await store.read('a')), 'new');
  });

  const places: Readonly<Record<string, RegExp | null>> = {
    '/proc/hullcheck/cache': /^it cannot be made \(ENOENT\)$/,
    '/dev/null': /^it is not a folder$/,
    '/dev/null/cache': /^it cannot be made \(ENOTDIR\)$/,
    [`/tmp/${'n'.repeat(300)}`]: /^it cannot be made \(ENAMETOOLONG\)$/,
    '/tmp': /others may write to it|belongs to the user/,
  };
  for (const [place, want] of Object.entries(places)) {
    it(`says why ${place.slice(0, 30)} cannot be a cache`, () => {
      assert.match(makePrivateFolder(place) ?? 'it can', want ?? /^it can$/);
    });
  }

  it('makes the folders above a cache, each for its user alone', (test) => {
    const place = join(folder(test), 'a/b/c');
    assert.equal(makePrivateFolder(place), null);
    assert.equal(makePrivateFolder(place), null);
    assert.equal(statSync(join(place, '..')).mode & 0o777, 0o700);
  });
});

/** Only root can give files away; for all others root's files are another user's. */
function give(path: string): void {
  if (process.geteuid?.() === 0) chownSync(path, 12_345, 12_345);
  else {
    const other = statSync(path).isDirectory() ? '/usr' : '/etc/passwd';
    replace(path, () => symlinkSync(other, path));
  }
}

function replace(path: string, by: () => void): void {
  rmSync(path, { recursive: true });
  by();
}

function stateOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${name} ${lstatSync(join(root, name)).mode}`);
}
