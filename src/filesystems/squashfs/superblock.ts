import { MalformedInput, UnsupportedFormat } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly, safeNumber } from '../exact-read.ts';

/** The first 96 bytes of squashfs 4.0 (Linux, fs/squashfs/squashfs_fs.h). Offsets count from there. */
export interface Superblock {
  /** Number of a compressor: see decompress-block.ts. */
  readonly compressor: number;
  /** Bytes of a data block before compression. */
  readonly blockSize: number;
  readonly fragments: number;
  readonly ids: number;
  /** Reference to the inode of the root directory: see metadata.ts. */
  readonly root: bigint;
  /** Bytes of the whole; what is behind is padding. */
  readonly size: number;
  readonly idTable: number;
  /** null: there is none. */
  readonly xattrTable: number | null;
  readonly inodeTable: number;
  readonly directoryTable: number;
  readonly fragmentTable: number | null;
}

const superblockSize = 96;

export const squashfsMagic = Buffer.from('hsqs', 'latin1');

const smallestBlock = 4096;
const largestBlock = 1024 * 1024;

/** Throws MalformedInput, UnsupportedFormat for versions before 4. */
export async function readSuperblock(file: RandomAccess): Promise<Superblock> {
  const bytes = await readExactly(file, 0, superblockSize, 'the squashfs superblock');
  if (!bytes.subarray(0, 4).equals(squashfsMagic))
    throw new MalformedInput('no squashfs of little-endian order begins here, expected "hsqs"');
  const version = `${bytes.readUInt16LE(28)}.${bytes.readUInt16LE(30)}`;
  if (version !== '4.0')
    throw new UnsupportedFormat(`this is squashfs ${version}, and only 4.0 is read`);
  const blockSize = bytes.readUInt32LE(12);
  if (blockSize < smallestBlock || blockSize > largestBlock || (blockSize & (blockSize - 1)) !== 0)
    throw new MalformedInput(
      `squashfs blocks have ${blockSize} bytes, expected a power of 2 from 4096 to 1048576`,
    );
  const table = (at: number, what: string) => safeNumber(bytes.readBigUInt64LE(at), what);
  const optional = (at: number, what: string) =>
    bytes.readBigUInt64LE(at) === absent ? null : table(at, what);
  return {
    compressor: bytes.readUInt16LE(20),
    blockSize,
    fragments: bytes.readUInt32LE(16),
    ids: bytes.readUInt16LE(26),
    root: bytes.readBigUInt64LE(32),
    size: Math.min(table(40, 'size of the squashfs'), file.size),
    idTable: table(48, 'place of the ids'),
    xattrTable: optional(56, 'place of the extended attributes'),
    inodeTable: table(64, 'place of the inodes'),
    directoryTable: table(72, 'place of the directories'),
    fragmentTable: optional(80, 'place of the fragments'),
  };
}

const absent = 0xffff_ffff_ffff_ffffn;
