import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DamagedInput } from '../../src/base/errors.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import { bufferAccess, type RandomAccess } from '../../src/base/random-access.ts';
import { noContent } from '../../src/filesystems/access-by-pieces.ts';
import { extEntries } from '../../src/filesystems/ext/ext.ts';
import { fatEntries } from '../../src/filesystems/fat/fat.ts';
import type { Child, Inode } from '../../src/filesystems/inode.ts';
import { isoEntries } from '../../src/filesystems/iso9660/iso9660.ts';
import { squashfsEntries } from '../../src/filesystems/squashfs/squashfs.ts';
import { treeEntries } from '../../src/filesystems/tree-walk.ts';
import { repositoryRoot } from '../support/repository.ts';

const seed = (name: string) =>
  gunzipSync(readFileSync(join(repositoryRoot, 'fuzz/seeds', `${name}.gz`)));

interface Found {
  readonly paths: readonly string[];
  readonly problems: readonly string[];
  readonly error: string | null;
}

type Walk = (
  file: RandomAccess,
  limits: Limits,
  report: (path: string, error: Error) => void,
) => AsyncIterable<{
  readonly path: string;
  body(): AsyncIterable<Buffer>;
}>;

/** Reads every file to its end. */
async function read(walk: Walk, bytes: Buffer, limits: Partial<Limits> = {}): Promise<Found> {
  const paths: string[] = [];
  const problems: string[] = [];
  let error: string | null = null;
  try {
    const report = (path: string, { message }: Error) => problems.push(`${path}: ${message}`);
    for await (const entry of walk(bufferAccess(bytes), { ...defaultLimits, ...limits }, report)) {
      paths.push(entry.path);
      for await (const _ of entry.body());
    }
  } catch (thrown) {
    if (!(thrown instanceof DamagedInput)) throw thrown;
    error = `${thrown.name}: ${thrown.message}`;
  }
  return { paths, problems, error };
}

const plain = {
  mode: 0,
  uid: 0,
  gid: 0,
  names: 1,
  linkTarget: '',
  capability: null,
  size: 0,
} as const;

function directory(id: number, children: () => Iterable<[string, Inode]>): Inode {
  async function* all(): AsyncIterable<Child> {
    for (const [name, inode] of children()) yield { name, open: async () => inode };
  }
  return { ...plain, id, type: 'directory', content: noContent, children: all };
}

const walkOf =
  (root: Inode): Walk =>
  (_file, limits, report) =>
    treeEntries(root, limits, report);

describe('a tree', () => {
  const nothing = Buffer.alloc(0);

  it('a directory that holds itself is entered once', async () => {
    const root: Inode = directory(1, () => [['self', root]]);
    assert.deepEqual(await read(walkOf(root), nothing), {
      paths: ['.'],
      problems: ['self: this directory is also in another place: left out'],
      error: null,
    });
  });

  it('directories that hold each other end', async () => {
    const first: Inode = directory(1, () => [['second', second]]);
    const second: Inode = directory(2, () => [
      ['first', first],
      ['second', second],
    ]);
    const { paths, problems } = await read(walkOf(first), nothing);
    assert.deepEqual(paths, ['.', 'second']);
    assert.equal(problems.length, 2);
  });

  it('a tree deeper than a path may be long ends there', async () => {
    const below = (id: number): Inode => directory(id, () => [['d'.repeat(200), below(id + 1)]]);
    const { paths, problems, error } = await read(walkOf(below(1)), nothing);
    assert.equal(paths.length, 1 + Math.floor(4096 / 201));
    assert.match(problems.join(), /path is longer than 4096 bytes: left out$/);
    assert.equal(error, null);
  });

  it('more entries than the limit end the walk', async () => {
    const many = directory(1, function* () {
      for (let index = 0; ; index += 1)
        yield [`${index}`, { ...directory(2, () => []), type: 'fifo' }];
    });
    const { error } = await read(walkOf(many), nothing, { maxEntries: 100 });
    assert.equal(error, 'LimitExceeded: the file system has more than 100 entries');
  });

  it('more damage than is worth reporting ends the walk', async () => {
    const many = directory(1, function* () {
      for (;;) yield ['a/b', directory(2, () => [])];
    });
    const { error, problems } = await read(walkOf(many), nothing);
    assert.equal(problems.length, 1000);
    assert.equal(error, 'MalformedInput: more than 1000 files and directories are damaged');
  });

  it('names that lead elsewhere are left out', async () => {
    const names = ['..', '.', '', 'a/b', 'a\0b', 'fine'];
    const root = directory(1, () => names.map((name, at) => [name, directory(at + 2, () => [])]));
    const { paths, problems } = await read(walkOf(root), nothing);
    assert.deepEqual(paths, ['.', 'fine']);
    assert.equal(problems.length, 5);
  });
});

describe('an image', () => {
  it('ext: a hole of 4 TB costs the budget and no more', async () => {
    const bytes = seed('four.ext');
    const inode = findInode(bytes, 40_000);
    bytes.writeUInt32LE(1024, inode + 108);
    const { error } = await read(extEntries, bytes, { maxLayerSize: 2 ** 28 });
    assert.match(error ?? '', /LimitExceeded: .* (?:takes more than|decompress to more than)/);
  });

  it('ext: a directory whose entry leads to the root is reported', async () => {
    const bytes = seed('four.ext');
    const entry =
      bytes.indexOf('\x05deep', 0, 'latin1') < 0 ? bytes.indexOf('deep') : bytes.indexOf('deep');
    bytes.writeUInt32LE(2, entry - 8);
    const { problems } = await read(extEntries, bytes);
    assert.match(problems.join(), /deep: this directory is also in another place/);
  });

  it('ext: an encrypted file is named, and the others are read', async () => {
    const bytes = seed('four.ext');
    const inode = findInode(bytes, 40_000);
    bytes.writeUInt32LE(bytes.readUInt32LE(inode + 32) | 0x800, inode + 32);
    const { problems, paths } = await read(extEntries, bytes);
    assert.deepEqual(problems, ['usr/lib/deep/hole: it is encrypted']);
    assert.ok(paths.includes('usr/lib/numbers'));
  });

  it('squashfs: a file of 2^40 bytes of holes costs the budget and no more', async () => {
    const bytes = seed('plain.squashfs');
    const size = findWord(bytes, 40_000);
    // An extended file has eight bytes of size.
    bytes.writeUInt32LE(256, size + 4);
    const { error, problems } = await read(squashfsEntries, bytes, { maxLayerSize: 2 ** 28 });
    assert.ok(error !== null || problems.length > 0);
  });

  it('squashfs: an older version and an unknown compressor are named', async () => {
    const old = seed('plain.squashfs');
    old.writeUInt16LE(3, 28);
    assert.match(
      (await read(squashfsEntries, old)).error ?? '',
      /this is squashfs 3\.0, and only 4\.0 is read/,
    );
    const other = seed('plain.squashfs');
    other.writeUInt16LE(9, 20);
    assert.match(
      (await read(squashfsEntries, other)).error ?? '',
      /compressed by method 9, expected gzip, lzma, lzo, xz/,
    );
  });

  it('FAT: a chain that leads back into itself ends', async () => {
    const bytes = seed('twelve.fat');
    // Every entry of both tables leads to cluster 3.
    for (let at = 512 + 3; at < 512 + 384; at += 3) bytes.set([0x03, 0x30, 0x00], at);
    const { problems, error } = await read(fatEntries, bytes);
    assert.match(
      `${error} ${problems.join()}`,
      /a chain of FAT has more than \d+ clusters|more than 1000 files and directories are damaged/,
    );
  });

  it('FAT: a root directory that is cut is reported', async () => {
    const { problems } = await read(fatEntries, seed('twelve.fat').subarray(0, 1264));
    assert.match(
      problems.join(),
      /: the root directory of FAT at offset \d+ has \d+ bytes, expected/,
    );
  });

  it('ISO 9660: a directory that is its own child is reported', async () => {
    const bytes = seed('rock.iso');
    const root = bytes.readUInt32LE(16 * 2048 + 156 + 2);
    let at = root * 2048;
    at += bytes[at] ?? 0;
    at += bytes[at] ?? 0;
    bytes.writeUInt32LE(root, at + 2);
    const { problems } = await read(isoEntries, bytes);
    assert.match(problems.join(), /this directory is also in another place/);
  });

  it('ISO 9660: areas that continue in a circle end', async () => {
    const bytes = seed('rock.iso');
    for (
      let at = bytes.indexOf('CE\x1c\x01', 0, 'latin1');
      at >= 0;
      at = bytes.indexOf('CE\x1c\x01', at + 4, 'latin1')
    ) {
      bytes.writeUInt32LE(Math.floor(at / 2048), at + 4);
      bytes.writeUInt32LE(at % 2048, at + 12);
      bytes.writeUInt32LE(28, at + 20);
    }
    const { error, problems } = await read(isoEntries, bytes);
    assert.match(`${error}${problems.join()}`, /a system use area goes on more than 64 times/);
  });
});

/** The inode of the file of this size. */
function findInode(bytes: Buffer, size: number): number {
  return findWord(bytes, size) - 4;
}

function findWord(bytes: Buffer, value: number): number {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(value);
  const at = bytes.indexOf(word);
  assert.ok(at >= 0);
  return at;
}
