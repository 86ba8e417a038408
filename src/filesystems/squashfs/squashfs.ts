import type { EntryWalk } from '../../archive/entry.ts';
import { MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { decodeName } from '../../base/text.ts';
import { noContent } from '../access-by-pieces.ts';
import { safeNumber } from '../exact-read.ts';
import { type Child, type Inode, noChildren, type Report } from '../inode.ts';
import { treeEntries } from '../tree-walk.ts';
import { type Budget, budgetFor } from '../work-budget.ts';
import { capabilityOf } from './attributes.ts';
import { Blocks } from './blocks.ts';
import { blockDecompressor } from './decompress-block.ts';
import { contentOf, type StoredFragment } from './file-content.ts';
import { type DirectoryPlace, type InodeRecord, readInodeRecord } from './inode-record.ts';
import { MetadataCursor, readRecord } from './metadata.ts';
import { readSuperblock, type Superblock } from './superblock.ts';

/** Every file of a squashfs 4.0 that begins with the file. Throws MalformedInput, LimitExceeded. */
export async function* squashfsEntries(
  file: RandomAccess,
  limits: Limits,
  report: Report,
): EntryWalk {
  const superblock = await readSuperblock(file);
  const budget = budgetFor(superblock.size, limits);
  const decompress = await blockDecompressor(superblock.compressor);
  const squashfs = new Squashfs(file, superblock, new Blocks(file, decompress, budget), budget);
  for await (const entry of treeEntries(await squashfs.inode(superblock.root), limits, report))
    yield { ...entry, isPacked: true };
}

class Squashfs {
  readonly #file: RandomAccess;
  readonly #superblock: Superblock;
  readonly #blocks: Blocks;
  readonly #budget: Budget;

  constructor(file: RandomAccess, superblock: Superblock, blocks: Blocks, budget: Budget) {
    this.#file = file;
    this.#superblock = superblock;
    this.#blocks = blocks;
    this.#budget = budget;
  }

  /** By its reference: see metadata.ts. */
  async inode(reference: bigint): Promise<Inode> {
    const { inodeTable, xattrTable } = this.#superblock;
    const cursor = MetadataCursor.at(this.#blocks, inodeTable, reference);
    const record = await readInodeRecord(cursor);
    const { type, mode, names, size, linkTarget, directory } = record;
    return {
      id: String(reference),
      type,
      size,
      mode,
      uid: await this.#id(record.uid),
      gid: await this.#id(record.gid),
      names,
      linkTarget,
      capability: await capabilityOf(this.#file, this.#blocks, xattrTable, record.attributes),
      content: this.#content(record),
      children: () => (directory === null ? noChildren() : this.#children(directory)),
    };
  }

  #content({ blocks, size }: InodeRecord): RandomAccess {
    if (blocks === null) return noContent;
    return contentOf(blocks, size, {
      blocks: this.#blocks,
      blockSize: this.#superblock.blockSize,
      budget: this.#budget,
      fragment: (index) => this.#fragment(index),
    });
  }

  async #id(index: number): Promise<number> {
    const { ids, idTable } = this.#superblock;
    if (index >= ids)
      throw new MalformedInput(`squashfs id has the number ${index}, there are ${ids}`);
    const table = { list: idTable, size: 4, what: 'squashfs table of ids' };
    return (await readRecord(this.#file, this.#blocks, table, index)).readUInt32LE(0);
  }

  async #fragment(index: number): Promise<StoredFragment> {
    const { fragments, fragmentTable } = this.#superblock;
    if (fragmentTable === null || index >= fragments)
      throw new MalformedInput(`squashfs fragment has the number ${index}, there are ${fragments}`);
    const table = { list: fragmentTable, size: 16, what: 'squashfs table of fragments' };
    const record = await readRecord(this.#file, this.#blocks, table, index);
    return {
      place: safeNumber(record.readBigUInt64LE(0), 'place of a squashfs fragment'),
      stored: record.readUInt32LE(8),
    };
  }

  /** Runs of entries whose inodes lie in one block: a header of 12 bytes, and for each 8 bytes and the name. */
  async *#children({ block, offset, size }: DirectoryPlace): AsyncIterable<Child> {
    const table = this.#superblock.directoryTable;
    const cursor = new MetadataCursor(this.#blocks, table + block, offset);
    for (let left = size; left > 0; ) {
      const head = await cursor.take(12);
      left -= head.length;
      const count = head.readUInt32LE(0) + 1;
      if (count > mostInRun)
        throw new MalformedInput(
          `a squashfs directory has ${count} entries in a run, expected at most ${mostInRun}`,
        );
      const inodeBlock = BigInt(head.readUInt32LE(4)) << 16n;
      for (let entry = 0; entry < count; entry += 1) {
        const fields = await cursor.take(8);
        const name = await cursor.take(fields.readUInt16LE(6) + 1);
        left -= fields.length + name.length;
        if (left < 0)
          throw new MalformedInput('a squashfs directory ends inside one of its entries');
        const reference = inodeBlock | BigInt(fields.readUInt16LE(0));
        yield { name: decodeName(name), open: () => this.inode(reference) };
      }
    }
  }
}

const mostInRun = 256;
