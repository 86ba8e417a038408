// supporting: which byte of the file a process finds at an address
import type { Elf } from '../elf/model.ts';

/** File offset of the byte that lies at `address` once the file is mapped; null when nothing of the file lies there. */
export function mappedOffset(elf: Elf, address: bigint): number | null {
  return elf.fileOffset(address, 1);
}
