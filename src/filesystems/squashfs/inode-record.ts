import type { FileType } from '../../archive/file-type.ts';
import { MalformedInput } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';
import { safeNumber } from '../exact-read.ts';
import type { MetadataCursor } from './metadata.ts';

/** What an inode of any kind says. Fields of other kinds are those of an empty one. */
export interface InodeRecord {
  readonly type: FileType;
  readonly mode: number;
  /** Places in the table of ids. */
  readonly uid: number;
  readonly gid: number;
  readonly names: number;
  readonly size: number;
  readonly attributes: number;
  readonly linkTarget: string;
  readonly directory: DirectoryPlace | null;
  readonly blocks: BlockPlaces | null;
}

export interface DirectoryPlace {
  /** Counted from the table of directories. */
  readonly block: number;
  readonly offset: number;
  /** Bytes of the listing. */
  readonly size: number;
}

export interface BlockPlaces {
  readonly start: number;
  /** null: the last block is one as the others. */
  readonly fragment: { readonly index: number; readonly offset: number } | null;
  /** At the list of sizes, one word for each block. */
  readonly sizes: MetadataCursor;
}

const noAttributes = 0xffffffff;
const noFragment = 0xffffffff;

/** Linux has no longer target (PATH_MAX). */
const longestTarget = 4096;

/** Directories, files and links have two forms, of which the extended one has attributes (squashfs_fs.h). */
const types: readonly InodeRecord['type'][] = [
  'directory',
  'file',
  'symlink',
  'block-device',
  'character-device',
  'fifo',
  'socket',
];

/** Leaves the cursor behind what it needs. Throws MalformedInput. */
export async function readInodeRecord(cursor: MetadataCursor): Promise<InodeRecord> {
  const head = await cursor.take(16);
  const kind = head.readUInt16LE(0);
  const extended = kind > types.length;
  const type = types[(extended ? kind - types.length : kind) - 1];
  if (type === undefined)
    throw new MalformedInput(`squashfs inode is of type ${kind}, expected 1 to 14`);
  const common = {
    ...empty,
    type,
    mode: head.readUInt16LE(2) & 0o7777,
    uid: head.readUInt16LE(4),
    gid: head.readUInt16LE(6),
  };
  if (type === 'directory') return { ...common, ...(await directory(cursor, extended)) };
  if (type === 'file') return { ...common, ...(await file(cursor, extended)) };
  if (type === 'symlink') return { ...common, ...(await symlink(cursor, extended)) };
  const isDevice = type === 'block-device' || type === 'character-device';
  const rest = await cursor.take((isDevice ? 8 : 4) + (extended ? 4 : 0));
  const attributes = extended ? rest.readUInt32LE(rest.length - 4) : noAttributes;
  return { ...common, names: rest.readUInt32LE(0), attributes };
}

const empty = {
  size: 0,
  attributes: noAttributes,
  linkTarget: '',
  directory: null,
  blocks: null,
};

async function directory(cursor: MetadataCursor, extended: boolean) {
  const rest = await cursor.take(extended ? 24 : 16);
  const listed = extended ? rest.readUInt32LE(4) : rest.readUInt16LE(8);
  return {
    names: rest.readUInt32LE(extended ? 0 : 4),
    attributes: extended ? rest.readUInt32LE(20) : noAttributes,
    directory: {
      block: rest.readUInt32LE(extended ? 8 : 0),
      offset: rest.readUInt16LE(extended ? 18 : 10),
      // It counts `.` and `..`, which are not stored, as three bytes.
      size: Math.max(0, listed - 3),
    },
  };
}

async function file(cursor: MetadataCursor, extended: boolean) {
  const rest = await cursor.take(extended ? 40 : 16);
  const [start, size, names, fragment, offset, attributes] = extended
    ? [
        safeNumber(rest.readBigUInt64LE(0), 'place of a squashfs file'),
        safeNumber(rest.readBigUInt64LE(8), 'size of a squashfs file'),
        rest.readUInt32LE(24),
        rest.readUInt32LE(28),
        rest.readUInt32LE(32),
        rest.readUInt32LE(36),
      ]
    : [
        rest.readUInt32LE(0),
        rest.readUInt32LE(12),
        1,
        rest.readUInt32LE(4),
        rest.readUInt32LE(8),
        noAttributes,
      ];
  const tail = fragment === noFragment ? null : { index: fragment, offset };
  return { size, names, attributes, blocks: { start, fragment: tail, sizes: cursor } };
}

async function symlink(cursor: MetadataCursor, extended: boolean) {
  const rest = await cursor.take(8);
  const size = rest.readUInt32LE(4);
  if (size > longestTarget)
    throw new MalformedInput(
      `the target of a link has ${size} bytes, expected at most ${longestTarget}`,
    );
  const linkTarget = decodeName(await cursor.take(size));
  const attributes = extended ? (await cursor.take(4)).readUInt32LE(0) : noAttributes;
  return { names: rest.readUInt32LE(0), linkTarget, attributes };
}
