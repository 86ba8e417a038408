import { SHF } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { Section } from '../../elf/records.ts';

/** Whether processes find the section's content where its header says; most sections are only for linkers and debuggers. */
export function isMappedSection(elf: Elf, { flags, offset, address }: Section): boolean {
  return (flags & SHF.ALLOC) !== 0n && elf.fileOffset(address, 1) === Number(offset);
}
