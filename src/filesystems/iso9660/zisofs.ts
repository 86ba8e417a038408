import { inflateSync } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { accessByPieces, zeroBytes } from '../access-by-pieces.ts';
import { BlockCache } from '../block-cache.ts';
import { readExactly } from '../exact-read.ts';
import type { Budget } from '../work-budget.ts';

const magic = Buffer.from('37e45396c9dbd607', 'hex');

/** A file that mkzftree compressed: a header of 16 bytes, places of the blocks, blocks of zlib (Linux, fs/isofs/compress.c). */
export function zisofsContent(stored: RandomAccess, size: number, budget: Budget): RandomAccess {
  const cache = new BlockCache<Buffer | null>(4);
  let header: Promise<{ readonly headerSize: number; readonly blockSize: number }> | undefined;

  async function readBlock(
    index: number,
    start: number,
    blockSize: number,
  ): Promise<Buffer | null> {
    const places = await readExactly(stored, start + 4 * index, 8, 'list of zisofs blocks');
    const from = places.readUInt32LE(0);
    const length = places.readUInt32LE(4) - from;
    if (length === 0) return null;
    if (length < 0 || length > 2 * blockSize)
      throw new MalformedInput(`a zisofs block is stored in ${length} bytes`);
    const bytes = inflated(await readExactly(stored, from, length, 'zisofs block'), blockSize);
    budget.spend(bytes.length);
    return bytes;
  }

  async function some(offset: number, most: number): Promise<Buffer> {
    header ??= readHeader(stored, size);
    const { headerSize, blockSize } = await header;
    const index = Math.floor(offset / blockSize);
    const within = offset - index * blockSize;
    const whole = Math.min(blockSize, size - index * blockSize);
    const block = await cache.get(index, () => readBlock(index, headerSize, blockSize));
    if (block === null) return zeroBytes(Math.min(most, whole - within));
    if (block.length < whole)
      throw new MalformedInput(`a zisofs block has ${block.length} bytes, expected ${whole}`);
    return block.subarray(within, Math.min(within + most, whole));
  }

  return accessByPieces(size, some, budget);
}

async function readHeader(stored: RandomAccess, size: number) {
  const bytes = await readExactly(stored, 0, 16, 'zisofs header');
  const headerSize = (bytes[12] ?? 0) * 4;
  const log = bytes[13] ?? 0;
  if (!bytes.subarray(0, 8).equals(magic) || headerSize < 16 || log < 15 || log > 17)
    throw new MalformedInput('a file compressed by zisofs has no header of it');
  if (bytes.readUInt32LE(8) !== size)
    throw new MalformedInput(
      `a zisofs header has a size of ${bytes.readUInt32LE(8)} bytes, expected ${size}`,
    );
  return { headerSize, blockSize: 2 ** log };
}

function inflated(bytes: Buffer, most: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: most });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MalformedInput(`a zisofs block is damaged: ${why}`);
  }
}
