// supporting: which byte of the file a process finds at an address
import { SHF } from '../elf/constants.ts';
import type { Elf, Section } from '../elf/model.ts';

/** File offset of the byte that lies at `address` once the file is mapped; null when nothing of the file lies there. */
export function mappedOffset(elf: Elf, address: bigint): number | null {
  return elf.fileOffset(address, 1);
}

/** Whether processes find the section's content where its header says; most sections are only for linkers and debuggers. */
export function isMappedSection(elf: Elf, { flags, offset, address }: Section): boolean {
  return (flags & SHF.ALLOC) !== 0n && mappedOffset(elf, address) === Number(offset);
}
