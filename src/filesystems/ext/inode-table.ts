import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { BlockCache } from '../block-cache.ts';
import { readExactly, safeNumber } from '../exact-read.ts';
import type { Budget } from '../work-budget.ts';
import type { Superblock } from './superblock.ts';

/** Blocks of the file system by their number, those used last kept. */
export class ExtBlocks {
  readonly #file: RandomAccess;
  readonly #budget: Budget;
  readonly #cache = new BlockCache<Buffer>(64);
  readonly size: number;

  constructor(file: RandomAccess, size: number, budget: Budget) {
    this.#file = file;
    this.#budget = budget;
    this.size = size;
  }

  block(number: number): Promise<Buffer> {
    return this.#cache.get(number, () => {
      this.#budget.spend(this.size);
      return readExactly(this.#file, number * this.size, this.size, 'ext block');
    });
  }

  /** `length` bytes from a byte of the file system. */
  async bytes(offset: number, length: number, what: string): Promise<Buffer> {
    return readExactly(this.#file, offset, length, what);
  }
}

/** The bytes of an inode by its number, from 1. Throws MalformedInput. */
export async function readInode(
  blocks: ExtBlocks,
  superblock: Superblock,
  number: number,
): Promise<Buffer> {
  const { inodes, inodesPerGroup, inodeSize, blockSize } = superblock;
  if (number < 1 || number > inodes)
    throw new MalformedInput(`ext inode has the number ${number}, there are ${inodes}`);
  const group = Math.floor((number - 1) / inodesPerGroup);
  const table = await inodeTable(blocks, superblock, group);
  const offset = ((number - 1) % inodesPerGroup) * inodeSize;
  const block = await blocks.block(table + Math.floor(offset / blockSize));
  return block.subarray(offset % blockSize, (offset % blockSize) + inodeSize);
}

/** Number of the first block of the group's inodes. */
async function inodeTable(
  blocks: ExtBlocks,
  superblock: Superblock,
  group: number,
): Promise<number> {
  const { descriptorSize, blockSize } = superblock;
  const perBlock = Math.floor(blockSize / descriptorSize);
  const place = descriptorBlock(superblock, Math.floor(group / perBlock), perBlock);
  const block = await blocks.block(place);
  const at = (group % perBlock) * descriptorSize;
  const high = descriptorSize >= 64 ? block.readUInt32LE(at + 0x28) : 0;
  return safeNumber((BigInt(high) << 32n) | BigInt(block.readUInt32LE(at + 8)), 'ext block number');
}

/**
 * Descriptors lie behind the superblock, which is in block 1 when that is at byte 1024; with `meta_bg` each block of them
 * in the first group that it describes.
 */
function descriptorBlock(superblock: Superblock, index: number, perBlock: number): number {
  const { blockSize, firstDataBlock, firstMetaGroup, blocksPerGroup, hasSuperblock } = superblock;
  const first = blockSize === 1024 ? 2 : 1;
  if (firstMetaGroup === null || index < firstMetaGroup) return first + index;
  const group = index * perBlock;
  if (group === 0) return first;
  return firstDataBlock + group * blocksPerGroup + (hasSuperblock(group) ? 1 : 0);
}
