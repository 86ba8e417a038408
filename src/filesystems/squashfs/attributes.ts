import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly, safeNumber } from '../exact-read.ts';
import type { Blocks } from './blocks.ts';
import { MetadataCursor, readRecord } from './metadata.ts';

/** Number of an inode's attributes; this one stands for none. */
const none = 0xffffffff;

const security = 2;
/** The value is elsewhere, since several inodes have it. */
const outOfLine = 0x100;

/** No inode of Linux has more bytes of attributes (XATTR_LIST_MAX). */
const mostBytes = 64 * 1024;

/** Linux reads no longer value of `security.capability`. */
const longestCapability = 64;

/** `security.capability` of the inode whose attributes have this number, or null. */
export async function capabilityOf(
  file: RandomAccess,
  blocks: Blocks,
  table: number | null,
  index: number,
): Promise<Buffer | null> {
  if (index === none || table === null) return null;
  const head = await readExactly(file, table, 16, 'squashfs table of attributes');
  const count = head.readUInt32LE(8);
  if (index >= count)
    throw new MalformedInput(`squashfs attributes have the number ${index}, there are ${count}`);
  const values = safeNumber(head.readBigUInt64LE(0), 'place of the attributes');
  const ids = { list: table + 16, size: 16, what: 'squashfs list of attributes' };
  const record = await readRecord(file, blocks, ids, index);
  const pairs = record.readUInt32LE(8);
  const cursor = MetadataCursor.at(blocks, values, record.readBigUInt64LE(0));
  return findCapability(cursor, pairs, (reference) => MetadataCursor.at(blocks, values, reference));
}

async function findCapability(
  cursor: MetadataCursor,
  pairs: number,
  at: (reference: bigint) => MetadataCursor,
): Promise<Buffer | null> {
  for (let left = pairs, spent = 0; left > 0 && spent < mostBytes; left -= 1) {
    const head = await cursor.take(4);
    const kind = head.readUInt16LE(0);
    const name = (await cursor.take(head.readUInt16LE(2))).toString('latin1');
    const size = (await cursor.take(4)).readUInt32LE(0);
    spent += 8 + name.length + size;
    if ((kind & 0xff) === security && name === 'capability')
      return (kind & outOfLine) === 0
        ? value(cursor, size)
        : elsewhere(at((await cursor.take(8)).readBigUInt64LE(0)));
    await cursor.skip(Math.min(size, mostBytes));
  }
  return null;
}

async function elsewhere(cursor: MetadataCursor): Promise<Buffer> {
  return value(cursor, (await cursor.take(4)).readUInt32LE(0));
}

async function value(cursor: MetadataCursor, size: number): Promise<Buffer> {
  if (size <= longestCapability) return cursor.take(size);
  throw new MalformedInput(`security.capability has ${size} bytes, expected at most 24`);
}
