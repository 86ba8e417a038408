import { MalformedInput } from '../../base/errors.ts';

/** An extended attribute. Its value lies in `bytes`, or in an inode of its own. */
export interface Attribute {
  /** Number of the prefix: 6 `security.`, 7 `system.`. */
  readonly prefix: number;
  readonly name: string;
  readonly value: Buffer;
  /** 0: none. */
  readonly inode: number;
  readonly size: number;
}

const magic = 0xea020000;
const entrySize = 16;

/** Those behind the fields of an inode; `at` is where its fields end. */
export function attributesInInode(inode: Buffer, at: number): readonly Attribute[] {
  if (at + 4 > inode.length || inode.readUInt32LE(at) !== magic) return [];
  return attributesIn(inode.subarray(at + 4), 0);
}

/** Those in a block of their own. */
export function attributesInBlock(block: Buffer): readonly Attribute[] {
  if (block.readUInt32LE(0) !== magic)
    throw new MalformedInput(
      `an ext block of attributes begins with 0x${block.readUInt32LE(0).toString(16)}, expected 0xea020000`,
    );
  return attributesIn(block, 32);
}

/** Entries of 16 bytes and the name, up to four zeros; values are placed from the end. */
function attributesIn(bytes: Buffer, start: number): readonly Attribute[] {
  const found: Attribute[] = [];
  for (let at = start; at + entrySize <= bytes.length && bytes.readUInt32LE(at) !== 0; ) {
    const nameLength = bytes[at] ?? 0;
    const name = bytes.toString('latin1', at + entrySize, at + entrySize + nameLength);
    const place = bytes.readUInt16LE(at + 2);
    const inode = bytes.readUInt32LE(at + 4);
    const size = bytes.readUInt32LE(at + 8);
    if (inode === 0 && place + size > bytes.length)
      throw new MalformedInput(
        `an ext attribute of ${size} bytes at byte ${place} ends behind its ${bytes.length} bytes`,
      );
    const value = inode === 0 ? bytes.subarray(place, place + size) : Buffer.alloc(0);
    found.push({ prefix: bytes[at + 1] ?? 0, name, value, inode, size });
    at += entrySize + Math.ceil(nameLength / 4) * 4;
  }
  return found;
}

export function findAttribute(
  attributes: readonly Attribute[],
  prefix: number,
  name: string,
): Attribute | undefined {
  return attributes.find((each) => each.prefix === prefix && each.name === name);
}
