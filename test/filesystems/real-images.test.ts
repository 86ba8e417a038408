import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  type Listing,
  listFolder,
  listImage,
  makeTree,
  tool,
  workFolder,
} from '../support/archives/real-images.ts';

after(() => rmSync(workFolder, { recursive: true, force: true }));
const root = makeTree();
const expected = listFolder(root, true);
/** mcopy would follow links. */
const plain = join(workFolder, 'plain');
tool('cp', ['-a', root, plain]);
tool('find', [plain, '-type', 'l', '-delete']);
const withoutDetails = listFolder(plain, false);

interface Image {
  readonly name: string;
  readonly make: (path: string) => void;
  /** Names that the image has in addition to those of the tree. */
  readonly also?: readonly string[];
  readonly except?: readonly string[];
  /** It keeps no modes and links. */
  readonly isPlain?: boolean;
}

const squashfs = (name: string, ...words: string[]): Image => ({
  name: `squashfs, ${name}`,
  make: (path) => void tool('mksquashfs', [root, path, '-quiet', '-no-progress', ...words]),
});

const ext = (name: string, size: string, ...words: string[]): Image => ({
  name: `ext, ${name}`,
  make: (path) => void tool('mke2fs', ['-q', '-F', '-d', root, ...words, path, size]),
  also: ['lost+found'],
});

const iso = (name: string, program: string, ...words: string[]): Image => ({
  name: `ISO 9660, ${name}`,
  make: (path) => void tool(program, [...words, '-quiet', '-o', path, root]),
});

const fat = (name: string, megabytes: number, ...words: string[]): Image => ({
  name: `FAT, ${name}`,
  isPlain: true,
  make(path) {
    writeFileSync(path, '');
    truncateSync(path, megabytes * 1024 ** 2);
    tool('mkfs.vfat', [...words, path]);
    copyInto(path);
  },
});

function copyInto(path: string): void {
  const names = Object.keys(withoutDetails).filter((name) => !name.includes('/') && name !== '.');
  tool('mcopy', ['-s', '-Q', '-i', path, ...names.map((name) => join(plain, name)), '::']);
}

const images: readonly Image[] = [
  squashfs('gzip', '-comp', 'gzip'),
  squashfs('gzip, blocks of 4 KiB', '-comp', 'gzip', '-b', '4K'),
  squashfs('xz', '-comp', 'xz'),
  squashfs('xz, blocks of 1 MiB', '-comp', 'xz', '-b', '1M'),
  squashfs('xz with a filter for machine code', '-comp', 'xz', '-Xbcj', 'x86,arm'),
  squashfs('lzma', '-comp', 'lzma'),
  squashfs('zstd', '-comp', 'zstd', '-b', '1M'),
  squashfs('lz4', '-comp', 'lz4'),
  squashfs('lz4 with high compression', '-comp', 'lz4', '-Xhc', '-b', '256K'),
  squashfs('lzo', '-comp', 'lzo'),
  squashfs('no compression of inodes and data', '-noI', '-noD', '-noF'),
  squashfs('no fragments', '-no-fragments', '-comp', 'zstd'),
  squashfs('tails of large files in fragments', '-always-use-fragments', '-no-exports'),
  ext('ext2, blocks of 1 KiB', '30M', '-t', 'ext2', '-b', '1024'),
  ext('ext2 of the first revision', '30M', '-t', 'ext2', '-r', '0'),
  ext(
    'ext2, without types in directories',
    '30M',
    '-t',
    'ext2',
    '-O',
    '^filetype,^sparse_super,^resize_inode',
  ),
  ext('ext3', '40M', '-t', 'ext3'),
  ext('ext4', '40M', '-t', 'ext4'),
  ext('ext4, blocks of 1 KiB', '40M', '-t', 'ext4', '-b', '1024'),
  ext('ext4, blocks of 64 KiB', '120M', '-t', 'ext4', '-b', '65536'),
  // mke2fs forgets the hole at the end of a file when it could have been inside the inode.
  {
    ...ext('ext4, inline data', '40M', '-t', 'ext4', '-O', 'inline_data', '-I', '512'),
    except: ['var/hole'],
  },
  ext(
    'ext4, 64bit and meta_bg',
    '40M',
    '-t',
    'ext4',
    '-b',
    '1024',
    '-O',
    '64bit,meta_bg,^resize_inode',
  ),
  ext(
    'ext4, many groups of meta_bg',
    '300M',
    '-t',
    'ext4',
    '-b',
    '1024',
    '-O',
    'meta_bg,^resize_inode,^flex_bg,^64bit',
    '-g',
    '1024',
  ),
  ext('ext4, bigalloc', '60M', '-t', 'ext4', '-O', 'bigalloc', '-C', '16384'),
  ext('ext4, sparse_super2', '40M', '-t', 'ext4', '-O', 'sparse_super2'),
  ext('ext4, without extents', '40M', '-t', 'ext4', '-O', '^extent,^64bit'),
  ext('ext4, ea_inode and casefold', '40M', '-t', 'ext4', '-O', 'ea_inode,casefold,large_dir'),
  { ...iso('Rock Ridge by genisoimage', 'genisoimage', '-R'), also: ['rr_moved'] },
  iso('Rock Ridge by xorriso', 'xorriso', '-as', 'mkisofs', '-R'),
  {
    ...iso('Rock Ridge and Joliet', 'genisoimage', '-R', '-J', '-joliet-long'),
    also: ['rr_moved'],
  },
  { ...iso('Joliet alone', 'genisoimage', '-J', '-joliet-long', '-D'), isPlain: true },
  {
    ...iso('level 4 alone', 'genisoimage', '-iso-level', '4', '-U', '-input-charset', 'iso8859-1'),
    isPlain: true,
  },
  fat('FAT12', 15, '-F', '12', '-s', '8', '-r', '512'),
  fat('FAT16', 40, '-F', '16'),
  fat('FAT32', 64, '-F', '32', '-s', '1'),
  fat('FAT32, sectors of 4096 bytes', 300, '-F', '32', '-S', '4096'),
];

describe('an image made by the real tool holds what it was made of', { timeout: 300_000 }, () => {
  for (const { name, make, also = [], except = [], isPlain = false } of images) {
    it(name, async () => {
      const path = join(workFolder, `${name.replace(/\W+/g, '-')}.img`);
      make(path);
      const found = await listImage(path, !isPlain);
      assert.deepEqual(
        without(found, ['.', ...also, ...except]),
        without(isPlain ? withoutDetails : expected, ['.', ...except]),
      );
      rmSync(path);
    });
  }
});

function without(listing: Listing, names: readonly string[]): Listing {
  return Object.fromEntries(Object.entries(listing).filter(([name]) => !names.includes(name)));
}
