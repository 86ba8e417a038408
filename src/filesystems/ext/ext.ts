import type { EntryWalk } from '../../archive/entry.ts';
import { MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { bufferAccess, type RandomAccess } from '../../base/random-access.ts';
import { decodeName } from '../../base/text.ts';
import { accessByPieces, noContent, zeroBytes } from '../access-by-pieces.ts';
import { safeNumber } from '../exact-read.ts';
import { type Child, type Inode, noChildren, type Report } from '../inode.ts';
import { treeEntries } from '../tree-walk.ts';
import { type Budget, budgetFor } from '../work-budget.ts';
import {
  type Attribute,
  attributesInBlock,
  attributesInInode,
  findAttribute,
} from './attributes.ts';
import { type BlockMap, extentMap, indirectMap } from './block-map.ts';
import { decodeInode, flag, type InodeFields } from './inode-fields.ts';
import { ExtBlocks, readInode } from './inode-table.ts';
import { readSuperblock, type Superblock } from './superblock.ts';

const rootInode = 2;

/**
 * Every file of an image of ext2, ext3 or ext4. A journal is not replayed: that it would have to be is reported, and the
 * rest is read as it stands. Throws MalformedInput, LimitExceeded.
 */
export async function* extEntries(file: RandomAccess, limits: Limits, report: Report): EntryWalk {
  const superblock = await readSuperblock(file);
  if (superblock.needsRecovery)
    report(
      '',
      new MalformedInput('the journal was not replayed: files may be older than they should be'),
    );
  const ext = new Ext(file, superblock, budgetFor(file.size, limits));
  yield* treeEntries(await ext.inode(rootInode), limits, report);
}

const security = 6;
const system = 7;

/** Linux has no longer target (PATH_MAX). */
const longestTarget = 4096;
/** Targets below this are in the inode. */
const shortTarget = 60;
/** Linux reads no longer value of `security.capability`. */
const longestCapability = 64;

class Ext {
  readonly #superblock: Superblock;
  readonly #blocks: ExtBlocks;
  readonly #budget: Budget;

  constructor(file: RandomAccess, superblock: Superblock, budget: Budget) {
    this.#superblock = superblock;
    this.#blocks = new ExtBlocks(file, superblock.blockSize, budget);
    this.#budget = budget;
  }

  async inode(number: number): Promise<Inode> {
    const bytes = await readInode(this.#blocks, this.#superblock, number);
    const fields = decodeInode(bytes);
    const { type, mode, uid, gid, names, flags } = fields;
    if ((flags & flag.encrypted) !== 0) throw new MalformedInput('it is encrypted');
    if ((flags & flag.compressed) !== 0) throw new MalformedInput('it is compressed');
    const attributes = await this.#attributes(bytes, fields);
    const size = safeNumber(fields.size, 'size of an ext file');
    const content = this.#content(fields, size, attributes);
    return {
      id: number,
      type,
      size: type === 'file' ? size : 0,
      mode,
      uid,
      gid,
      names,
      linkTarget: type === 'symlink' ? await linkTarget(fields, size, content) : '',
      capability: await this.#capability(attributes),
      content: type === 'file' ? content : noContent,
      children: () => (type === 'directory' ? this.#children(fields, content) : noChildren()),
    };
  }

  async #attributes(bytes: Buffer, fields: InodeFields): Promise<readonly Attribute[]> {
    const { attributeBlock, attributePlace } = fields;
    const inside = attributesInInode(bytes, attributePlace);
    if (attributeBlock === 0) return inside;
    return [...inside, ...attributesInBlock(await this.#blocks.block(attributeBlock))];
  }

  async #capability(attributes: readonly Attribute[]): Promise<Buffer | null> {
    const found = findAttribute(attributes, security, 'capability');
    if (found === undefined) return null;
    if (found.inode === 0) return found.value;
    if (found.size > longestCapability)
      throw new MalformedInput(`security.capability has ${found.size} bytes, expected at most 24`);
    const fields = decodeInode(await readInode(this.#blocks, this.#superblock, found.inode));
    return this.#mapped(fields, found.size).read(0, found.size);
  }

  /** Of whatever has content, directories and links too. */
  #content(fields: InodeFields, size: number, attributes: readonly Attribute[]): RandomAccess {
    if ((fields.flags & flag.inline) === 0) return this.#mapped(fields, size);
    const rest = findAttribute(attributes, system, 'data')?.value ?? Buffer.alloc(0);
    const bytes = Buffer.concat([fields.body, rest]).subarray(0, size);
    return fields.type === 'directory'
      ? bufferAccess(Buffer.concat([fields.body, rest]))
      : bufferAccess(bytes);
  }

  #mapped({ flags, body }: InodeFields, size: number): RandomAccess {
    const map =
      (flags & flag.extents) !== 0
        ? extentMap(body, this.#blocks)
        : indirectMap(body, this.#blocks);
    return accessByPieces(size, (offset, most) => this.#some(map, offset, most), this.#budget);
  }

  async #some(map: BlockMap, offset: number, most: number): Promise<Buffer> {
    const { size } = this.#blocks;
    const index = Math.floor(offset / size);
    const within = offset - index * size;
    const { block, length } = await map(index);
    const wanted = Math.min(most, length * size - within);
    if (block === null) return zeroBytes(wanted);
    return this.#blocks.bytes(block * size + within, wanted, 'content of an ext file');
  }

  async *#children({ flags, body }: InodeFields, content: RandomAccess): AsyncIterable<Child> {
    const { hasFileTypes } = this.#superblock;
    for await (const block of this.#directoryBlocks(flags, body, content)) {
      for (const { name, inode } of entriesIn(block, hasFileTypes))
        yield { name, open: () => this.inode(inode) };
    }
  }

  /** Content of a directory in the inode begins with the inode above it; what is left goes on in an attribute. */
  async *#directoryBlocks(
    flags: number,
    body: Buffer,
    content: RandomAccess,
  ): AsyncIterable<Buffer> {
    if ((flags & flag.inline) !== 0) {
      yield body.subarray(4);
      yield await content.read(body.length, content.size);
      return;
    }
    const { size } = this.#blocks;
    for (let at = 0; at < content.size; at += size) yield await content.read(at, size);
  }
}

async function linkTarget(
  { flags, body }: InodeFields,
  size: number,
  content: RandomAccess,
): Promise<string> {
  if (size > longestTarget)
    throw new MalformedInput(
      `the target of a link has ${size} bytes, expected at most ${longestTarget}`,
    );
  const isElsewhere = (flags & (flag.extents | flag.inline)) !== 0 || size >= shortTarget;
  return decodeName(isElsewhere ? await content.read(0, size) : body.subarray(0, size));
}

export interface DirectoryEntry {
  readonly name: string;
  readonly inode: number;
}

/**
 * Entries of one block: inode, length of the entry, length of the name. Blocks of the tree of a large directory look
 * like unused entries, so reading all in order finds every name. Throws MalformedInput.
 */
function* entriesIn(block: Buffer, hasFileTypes: boolean): Iterable<DirectoryEntry> {
  for (let at = 0; at + 8 <= block.length; ) {
    const inode = block.readUInt32LE(at);
    const stored = block.readUInt16LE(at + 4);
    // Blocks of 64 KiB have entries whose length does not fit two bytes.
    const length = stored === 0xffff || stored === 0 ? 65536 : stored;
    const nameLength = hasFileTypes ? (block[at + 6] ?? 0) : block.readUInt16LE(at + 6);
    const isSound = length >= 8 && length % 4 === 0 && at + length <= block.length;
    if (!isSound || 8 + nameLength > length)
      throw new MalformedInput(
        `ext directory entry at byte ${at} of a block has ${length} bytes and a name of ${nameLength}`,
      );
    const name = decodeName(block.subarray(at + 8, at + 8 + nameLength));
    if (inode !== 0 && name !== '.' && name !== '..') yield { name, inode };
    at += length;
  }
}
