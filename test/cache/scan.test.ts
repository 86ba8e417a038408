import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { serialize } from 'node:v8';
import { program } from '../support/program.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'cached-scan-test-'));
after(() => rmSync(folder, { recursive: true }));
const cache = join(folder, 'cache');
const image = join(repositoryRoot, 'samples/images/alpine-app.oci');
/** Of the image; an entry each, and one for the result. */
const layers = 3;
const words = ['-q', '-o', 'json', '--cache-dir', cache];

function hullcheck(...argv: string[]): string {
  return spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8', cwd: folder }).stdout;
}

function cached(): string[] {
  return readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.length > 60)
    .sort();
}

/** The line that says what an entry is, and its digest. */
const headSize = 18 + 32;
const emptyCatalog = {
  entries: [],
  extractions: new Map(),
  texts: new Map(),
  insides: new Map(),
  problems: [],
};

const want = hullcheck(image, ...words, '--no-cache');
assert.notEqual(want, '');

describe('a scan with a cache', { timeout: 300_000 }, () => {
  it('reports the same the first time and the second', () => {
    assert.ok(hullcheck(image, ...words) === want);
    const kept = cached();
    assert.equal(kept.length, layers + 1);
    assert.ok(hullcheck(image, ...words) === want);
    assert.deepEqual(cached(), kept);
  });

  it('does not use what was kept for other rules or limits', () => {
    const before = cached().length;
    hullcheck(image, ...words, '--rule', 'pie');
    hullcheck(image, ...words, '--max-entries', '5000');
    assert.equal(cached().length, before + 2 * (layers + 1));
  });

  it('reads no layer again that it knows, whatever is left out of the report', () => {
    const copy = join(folder, 'known');
    cpSync(image, copy, { recursive: true });
    const binaries = (report: string) => JSON.parse(report).targets[0].binaries;
    hullcheck(copy, ...words);
    const blobs = join(copy, 'blobs/sha256');
    for (const name of readdirSync(blobs)) {
      const blob = readFileSync(join(blobs, name));
      if (blob.readUInt16BE() === 0x1f8b)
        writeFileSync(join(blobs, name), Buffer.alloc(blob.length));
    }
    const again = hullcheck(copy, ...words, '--exclude', '/none/**');
    assert.deepEqual(binaries(again), binaries(want));
  });

  it('reports a layer that is gone, known or not', () => {
    const copy = join(folder, 'copy');
    cpSync(image, copy, { recursive: true });
    const blobs = join(copy, 'blobs/sha256');
    const layer = readdirSync(blobs).find(
      (name) => readFileSync(join(blobs, name)).readUInt16BE() === 0x1f8b,
    );
    rmSync(join(blobs, layer ?? ''));
    assert.match(hullcheck(copy, ...words), /"kind":"missing"/);
  });

  it('recomputes damaged entries, which verify names and clear removes', () => {
    for (const name of cached()) writeFileSync(join(cache, name), 'damaged');
    const verify = spawnSync(process.execPath, [program, 'cache', 'verify', '--cache-dir', cache]);
    assert.equal(verify.status, 3);
    assert.ok(hullcheck(image, ...words) === want);
    hullcheck('cache', 'clear', '--cache-dir', cache);
    assert.match(hullcheck('cache', 'info', '--cache-dir', cache), /^0 entries, 0\.0 MiB/);
  });

  const forgeries: Readonly<Record<string, (content: Buffer) => Buffer>> = {
    'that is not JSON': () => Buffer.from('{"exitCode":0,\n'),
    'without a line': () => Buffer.from('{}'),
    'that is null': () => Buffer.from('null\n'),
    'of another shape': () => Buffer.from('{"exitCode":"0","because":7,"sizes":"x"}\n'),
    'whose sizes are negative': () =>
      Buffer.from('{"exitCode":0,"because":"","sizes":[-5,9007199254740991]}\n'),
    'that is shorter than it says': () =>
      Buffer.from('{"exitCode":0,"because":"forged","sizes":[1000]}\nx'),
    'with a list of numbers': () => serialize({ ...emptyCatalog, entries: [1, 2] }),
    'with entries of nothing': () => serialize({ ...emptyCatalog, entries: [{}] }),
    'with facts of nothing': () =>
      serialize({ ...emptyCatalog, extractions: new Map([['a', { facts: { pie: 1 } }]]) }),
    'with problems of nothing': () => serialize({ ...emptyCatalog, problems: [null] }),
    'that holds itself': () => {
      const circle = { ...emptyCatalog, insides: new Map<string, unknown>() };
      circle.insides.set('/a', [
        { name: '', scheme: '', kind: '', problems: [], catalogs: [circle] },
      ]);
      return serialize(circle);
    },
    'of nothing': () => Buffer.alloc(0),
    'that is cut': (content) => content.subarray(0, content.length / 2),
  };
  for (const [name, forge] of Object.entries(forgeries)) {
    it(`takes an entry ${name} for none, though its digest is right`, () => {
      hullcheck(image, ...words);
      for (const entry of cached()) {
        const path = join(cache, entry);
        const content = forge(readFileSync(path).subarray(headSize));
        const digest = createHash('sha256').update(path.slice(-64)).update(content).digest();
        writeFileSync(path, Buffer.concat([Buffer.from('hullcheck cache 1\n'), digest, content]));
      }
      assert.ok(hullcheck(image, ...words) === want);
    });
  }

  const impossible = ['/proc', '/proc/self', '/dev/null', '/dev/full', `/${'n'.repeat(300)}`];
  for (const home of impossible) {
    it(`says in a sentence that there is no cache in ${home.slice(0, 20)}`, () => {
      const { status, stderr } = spawnSync(process.execPath, [program, image, '-q', '-o', 'json'], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: home },
      });
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^hullcheck: the cache in \S+ is not used: it cannot be made \(E\w+\)\n$/,
      );
    });
  }

  it('uses no folder that others may write to, and says so once', () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [program, image, '-q', '-o', 'json', '--cache-dir', shared],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.ok(stdout === want);
    assert.match(stderr, /^hullcheck: the cache in \S+ is not used: others may write to it\n$/);
    assert.deepEqual(readdirSync(shared), []);
    const info = spawnSync(process.execPath, [program, 'cache', 'info', '--cache-dir', shared], {
      encoding: 'utf8',
    });
    assert.equal(info.status, 2);
    assert.match(info.stderr, /is not used: others may write to it\n$/);
  });

  it('is right after processes that were killed at any moment, several at a time', () => {
    const script = join(repositoryRoot, 'lab/check-cache-kills.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '12'], {
      encoding: 'utf8',
      env: { ...process.env, SEED: '7' },
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^12 kills, seed 7: every report right, every entry whole/);
  });

  it('answers for what it knows by result, whatever else changed, only where nothing that matters did', () => {
    const known = (...more: string[]) => {
      const before = cached().length;
      const output = hullcheck(image, ...words, ...more);
      return { output, isNew: cached().length > before };
    };
    known();
    assert.equal(known().isNew, false);
    assert.equal(known('--jobs', '1').isNew, false);
    for (const more of [
      ['--fail-on', 'low'],
      ['--all', '-o', 'text=x.txt'],
      ['--exclude', '/bin/**'],
    ])
      assert.equal(known(...more).isNew, true, more.join(' '));
    assert.equal(known('--fail-on', 'low').isNew, false);
  });
});
