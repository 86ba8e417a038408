import type { RandomAccess } from '../../base/random-access.ts';
import { squashfsMagic } from './superblock.ts';

const superblockSize = 96;
const pieceSize = 1024 * 1024;
/** Magic numbers without a superblock behind them that are looked at. */
const mostTried = 1000;

/**
 * The first place from `start` to `end` where a squashfs 4.0 begins; null: there is none. It need not be aligned, so the
 * superblock has to be sound.
 */
export async function findSquashfs(
  file: RandomAccess,
  start: number,
  end = file.size,
): Promise<number | null> {
  let tried = 0;
  for (let from = start; from < end && tried < mostTried; from += pieceSize) {
    const piece = await file.read(from, Math.min(pieceSize, end - from) + superblockSize);
    let at = piece.indexOf(squashfsMagic);
    for (
      ;
      at >= 0 && at < pieceSize && from + at < end;
      at = piece.indexOf(squashfsMagic, at + 1)
    ) {
      tried += 1;
      if (isSuperblock(piece.subarray(at, at + superblockSize), file.size - (from + at)))
        return from + at;
    }
  }
  return null;
}

/** By the fields that the kernel checks before it mounts one (fs/squashfs/super.c). */
function isSuperblock(bytes: Buffer, left: number): boolean {
  if (bytes.length < superblockSize) return false;
  const blockSize = bytes.readUInt32LE(12);
  const size = bytes.readBigUInt64LE(40);
  return (
    bytes.readUInt16LE(28) === 4 &&
    bytes.readUInt16LE(30) === 0 &&
    blockSize >= 4096 &&
    blockSize <= 1024 * 1024 &&
    blockSize === 2 ** bytes.readUInt16LE(22) &&
    size >= BigInt(superblockSize) &&
    size <= BigInt(left)
  );
}
