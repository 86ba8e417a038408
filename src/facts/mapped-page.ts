// supporting: which byte of the file a process finds at an address, pages and all
import { PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';

/** Linux maps whole pages. The smallest page of all machines: what lies in it is mapped everywhere. */
const page = 0x1000n;

/**
 * File offset of the byte that lies at `address` once Linux has mapped the file; null when nothing of the file lies there.
 * Unlike `elf.fileOffset` it sees what only the rounding to pages brings into memory: code may stand there too.
 */
export function mappedOffset({ segments, bytes }: Elf, address: bigint): number | null {
  const load = segments.findLast(
    (segment) =>
      segment.type === PT.LOAD &&
      address >= down(segment.address) &&
      address < up(segment.address + segment.memorySize),
  );
  if (load === undefined || load.fileSize === 0n) return null;
  if (address >= up(load.address + load.fileSize)) return null;
  const offset = load.offset + (address - load.address);
  return offset >= 0n && offset < BigInt(bytes.size) ? Number(offset) : null;
}

function down(address: bigint): bigint {
  return address - (address % page);
}

function up(address: bigint): bigint {
  return down(address + page - 1n);
}
