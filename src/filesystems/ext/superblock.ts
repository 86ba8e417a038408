import { MalformedInput, UnsupportedFormat } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly } from '../exact-read.ts';

/** What is needed of the superblock of ext2, ext3 and ext4 (Linux, Documentation/filesystems/ext4/super.rst). */
export interface Superblock {
  readonly blockSize: number;
  readonly inodes: number;
  readonly inodeSize: number;
  readonly inodesPerGroup: number;
  readonly blocksPerGroup: number;
  readonly firstDataBlock: number;
  readonly descriptorSize: number;
  /** With `meta_bg`, descriptors from this block of them on lie in the groups that they describe; null without. */
  readonly firstMetaGroup: number | null;
  readonly hasSuperblock: (group: number) => boolean;
  /** Entries of directories have the type in the upper byte of the length of the name. */
  readonly hasFileTypes: boolean;
  /** What was written last may be in the journal alone. */
  readonly needsRecovery: boolean;
}

const superblockPlace = 1024;
const superblockSize = 1024;
const magicPlace = superblockPlace + 56;

export function isExt(head: Buffer): boolean {
  if (head.length < superblockPlace + superblockSize || head.readUInt16LE(magicPlace) !== 0xef53)
    return false;
  // Two bytes alone may be there by chance: the block size and the revision must be sound too.
  return (
    head.readUInt32LE(superblockPlace + 24) <= 6 && head.readUInt32LE(superblockPlace + 76) <= 1
  );
}

/** Features that change how files are found; a reader that does not know one must not go on. */
const incompatible: ReadonlyMap<number, string> = new Map([
  [0x1, 'compression'],
  [0x8, 'journal_dev'],
  [0x800, 'a feature of the unknown number 0x800'],
]);

const feature = {
  filetype: 0x2,
  recover: 0x4,
  metaBg: 0x10,
  extents: 0x40,
  wide: 0x80,
  mmp: 0x100,
  flexBg: 0x200,
  eaInode: 0x400,
  dirdata: 0x1000,
  checksumSeed: 0x2000,
  largeDir: 0x4000,
  inlineData: 0x8000,
  /** Of single directories, which say so themselves. */
  encrypt: 0x10000,
  casefold: 0x20000,
};
const known = Object.values(feature).reduce((all, each) => all | each, 0);

/** Throws MalformedInput, UnsupportedFormat for features that are not read. */
export async function readSuperblock(file: RandomAccess): Promise<Superblock> {
  const bytes = await readExactly(file, superblockPlace, superblockSize, 'the ext superblock');
  const word = (at: number) => bytes.readUInt32LE(at);
  const revised = word(76) > 0;
  const features = revised ? word(96) : 0;
  refuseUnknown(features);
  const blockSize = 1024 << Math.min(word(24), 16);
  const inodeSize = revised ? bytes.readUInt16LE(88) : 128;
  const descriptorSize = (features & feature.wide) !== 0 ? bytes.readUInt16LE(254) : 32;
  expect(blockSize >= 1024 && blockSize <= 65536, `a block size of ${blockSize}`);
  expect(inodeSize >= 128 && inodeSize <= blockSize, `an inode size of ${inodeSize}`);
  expect(
    descriptorSize >= 32 && descriptorSize <= 1024,
    `group descriptors of ${descriptorSize} bytes`,
  );
  expect(word(40) > 0 && word(40) <= blockSize * 8, `${word(40)} inodes in a group`);
  expect(word(32) > 0, 'groups without blocks');
  return {
    blockSize,
    inodes: word(0),
    inodeSize,
    inodesPerGroup: word(40),
    blocksPerGroup: word(32),
    firstDataBlock: word(20),
    descriptorSize,
    firstMetaGroup: (features & feature.metaBg) !== 0 ? word(260) : null,
    hasSuperblock: superblockRule(bytes),
    hasFileTypes: (features & feature.filetype) !== 0,
    needsRecovery: (features & feature.recover) !== 0,
  };
}

function refuseUnknown(features: number): void {
  for (let bit = 1; bit > 0 && bit <= 0x40000000; bit *= 2) {
    if ((features & bit) === 0 || (known & bit) !== 0) continue;
    const name = incompatible.get(bit) ?? `a feature of the unknown number 0x${bit.toString(16)}`;
    throw new UnsupportedFormat(`the ext file system uses ${name}, which is not read`);
  }
}

/** Groups that have a copy of the superblock: all, or with `sparse_super` those of powers of 3, 5 and 7, or two. */
function superblockRule(bytes: Buffer): (group: number) => boolean {
  const sparse = (bytes.readUInt32LE(100) & 0x1) !== 0;
  const two = (bytes.readUInt32LE(92) & 0x200) !== 0;
  const copies = [bytes.readUInt32LE(0x24c), bytes.readUInt32LE(0x250)];
  return (group) => {
    if (group === 0) return true;
    if (two) return copies.includes(group);
    return !sparse || group === 1 || [3, 5, 7].some((base) => isPowerOf(base, group));
  };
}

function isPowerOf(base: number, value: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}

function expect(isSound: boolean, what: string): void {
  if (!isSound) throw new MalformedInput(`the ext superblock has ${what}, which is not possible`);
}
