import { type FileType, fileTypeOf } from '../../archive/file-type.ts';

/** The fields of an inode (Linux, Documentation/filesystems/ext4/inodes.rst). */
export interface InodeFields {
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly names: number;
  readonly size: bigint;
  readonly flags: number;
  /** Sixty bytes: numbers of blocks, extents, or content. */
  readonly body: Buffer;
  /** Number of a block of attributes; 0 for none. */
  readonly attributeBlock: number;
  /** Where attributes begin in the inode. */
  readonly attributePlace: number;
}

export const flag = {
  compressed: 0x4,
  encrypted: 0x800,
  extents: 0x80000,
  inline: 0x10000000,
} as const;

const oldSize = 128;

export function decodeInode(bytes: Buffer): InodeFields {
  const mode = bytes.readUInt16LE(0);
  const type = fileTypeOf(mode);
  const extra = bytes.length >= oldSize + 2 ? bytes.readUInt16LE(oldSize) : 0;
  return {
    type,
    mode: mode & 0o7777,
    uid: bytes.readUInt16LE(2) + bytes.readUInt16LE(120) * 65536,
    gid: bytes.readUInt16LE(24) + bytes.readUInt16LE(122) * 65536,
    names: bytes.readUInt16LE(26),
    // The upper half meant something else for directories once.
    size:
      BigInt(bytes.readUInt32LE(4)) |
      (BigInt(type === 'file' ? bytes.readUInt32LE(108) : 0) << 32n),
    flags: bytes.readUInt32LE(32),
    body: bytes.subarray(40, 100),
    attributeBlock: bytes.readUInt32LE(104) + bytes.readUInt16LE(118) * 2 ** 32,
    attributePlace: oldSize + extra,
  };
}
