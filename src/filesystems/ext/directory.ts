import { MalformedArchive } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly inode: number;
}

/**
 * Entries of one block: inode, length of the entry, length of the name. Blocks of the tree of a large directory look
 * like unused entries, so reading all in order finds every name. Throws MalformedArchive.
 */
export function* entriesIn(block: Buffer, hasFileTypes: boolean): Iterable<DirectoryEntry> {
  for (let at = 0; at + 8 <= block.length; ) {
    const inode = block.readUInt32LE(at);
    const stored = block.readUInt16LE(at + 4);
    // Blocks of 64 KiB have entries that two bytes cannot tell.
    const length = stored === 0xffff || stored === 0 ? 65536 : stored;
    const nameLength = hasFileTypes ? (block[at + 6] ?? 0) : block.readUInt16LE(at + 6);
    const isSound = length >= 8 && length % 4 === 0 && at + length <= block.length;
    if (!isSound || 8 + nameLength > length)
      throw new MalformedArchive(
        `ext directory entry at byte ${at} of a block has ${length} bytes and a name of ${nameLength}`,
      );
    const name = decodeName(block.subarray(at + 8, at + 8 + nameLength));
    if (inode !== 0 && name !== '.' && name !== '..') yield { name, inode };
    at += length;
  }
}
