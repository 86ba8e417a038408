import { MalformedInput } from '../../base/errors.ts';
import type { ExtBlocks } from './inode-table.ts';

/** Blocks of a file that lie one behind the other. */
export interface Run {
  /** Number of the first block; null for a hole, or for blocks that were never written. */
  readonly block: number | null;
  /** Blocks from the requested one on, at least one; those of a hole may reach beyond the file. */
  readonly length: number;
}

/** Where the blocks of a file lie, from one of them on. */
export type BlockMap = (index: number) => Promise<Run>;

const extentMagic = 0xf30a;
const deepestTree = 5;

/** Extents: a header of 12 bytes and entries as long, in the inode and in the blocks of a tree below it. */
export function extentMap(root: Buffer, blocks: ExtBlocks): BlockMap {
  return async (index) => {
    let node = root;
    let end = Number.POSITIVE_INFINITY;
    for (let depth = depthOf(root); depth > 0; depth -= 1) {
      const { entry, next } = entryFor(node, index);
      end = Math.min(end, next);
      if (entry === null) return { block: null, length: end - index };
      const place = node.readUInt32LE(entry + 4) + node.readUInt16LE(entry + 8) * 2 ** 32;
      node = await blocks.block(place);
      if (depthOf(node) !== depth - 1)
        throw new MalformedInput(
          `ext block ${place} has extents of depth ${depthOf(node)}, expected ${depth - 1}`,
        );
    }
    return runIn(node, index, end);
  };
}

function depthOf(node: Buffer): number {
  const room = Math.floor(node.length / 12) - 1;
  if (node.readUInt16LE(0) !== extentMagic || node.readUInt16LE(2) > room)
    throw new MalformedInput(
      `ext extents begin with 0x${node.readUInt16LE(0).toString(16)} and ${node.readUInt16LE(2)} entries, expected 0xf30a and at most ${room}`,
    );
  const depth = node.readUInt16LE(6);
  if (depth <= deepestTree) return depth;
  throw new MalformedInput(`ext extents have a depth of ${depth}, expected at most 5`);
}

/** The last entry that begins at or before the block, and where the one behind it begins. */
function entryFor(node: Buffer, index: number) {
  let low = 0;
  let high = node.readUInt16LE(2);
  const count = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (node.readUInt32LE(12 + 12 * middle) <= index) low = middle + 1;
    else high = middle;
  }
  const next = low < count ? node.readUInt32LE(12 + 12 * low) : Number.POSITIVE_INFINITY;
  return { entry: low === 0 ? null : 12 * low, next: Math.max(next, index + 1) };
}

/** Lengths above this stand for blocks that are reserved and read as zeros. */
const longestWritten = 32768;

function runIn(leaf: Buffer, index: number, end: number): Run {
  const { entry, next } = entryFor(leaf, index);
  const hole = { block: null, length: Math.min(next, end) - index };
  if (entry === null) return hole;
  const stored = leaf.readUInt16LE(entry + 4);
  const isWritten = stored <= longestWritten;
  const length =
    (isWritten ? stored : stored - longestWritten) - (index - leaf.readUInt32LE(entry));
  if (length <= 0) return hole;
  const start = leaf.readUInt32LE(entry + 8) + leaf.readUInt16LE(entry + 6) * 2 ** 32;
  return { block: isWritten ? start + index - leaf.readUInt32LE(entry) : null, length };
}

const direct = 12;

/** As ext2 has it: twelve numbers, then blocks of numbers, of blocks of numbers, and once more. 0 is a hole. */
export function indirectMap(root: Buffer, blocks: ExtBlocks): BlockMap {
  const perBlock = blocks.size / 4;
  return async (index) => {
    if (index < direct) return runOf(root, index, direct);
    let rest = index - direct;
    let span = perBlock;
    let level = 0;
    for (; rest >= span; level += 1) {
      rest -= span;
      span *= perBlock;
      if (level === 2)
        throw new MalformedInput(`ext file has a block ${index}, which cannot be reached`);
    }
    let place = root.readUInt32LE(4 * (direct + level));
    for (;;) {
      if (place === 0) return { block: null, length: span - rest };
      const node = await blocks.block(place);
      span /= perBlock;
      if (span === 1) return runOf(node, rest, perBlock);
      place = node.readUInt32LE(4 * Math.floor(rest / span));
      rest %= span;
    }
  };
}

/** Numbers that count on from the one at `at`, or zeros. */
function runOf(numbers: Buffer, at: number, end: number): Run {
  const first = numbers.readUInt32LE(4 * at);
  let length = 1;
  while (at + length < end) {
    if (numbers.readUInt32LE(4 * (at + length)) !== (first === 0 ? 0 : first + length)) break;
    length += 1;
  }
  return { block: first === 0 ? null : first, length };
}
