import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { entryStore, isWhole } from '../../src/cache/entry-store.ts';

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
});
