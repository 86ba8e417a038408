// supporting: part of the tables that linking needs, which are kept beside the facts in an Extraction.
import { EM } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';

/** sysdeps/MACHINE/dl-machine.h of glibc, elf_machine_lazy_rel: JUMP_SLOT, TLSDESC and IRELATIVE. */
const slotTypes: ReadonlyMap<number, readonly number[]> = new Map([
  [EM.X86_64, [7, 36, 37]],
  [EM.I386, [7, 41, 42]],
  [EM.AARCH64, [1026, 1031, 1032]],
]);

/** The first type in DT_JMPREL that is none of them: R_*_NONE, which linkers leave where they resolve nothing, is one. */
export function typeOfNoSlot(elf: Elf): number | null {
  const known = slotTypes.get(elf.header.machine);
  if (known === undefined) return null;
  let found: number | null = null;
  elf.visitSlots(({ count, types }) => {
    if (found === null)
      found = types.subarray(0, count).find((type) => !known.includes(type)) ?? null;
  });
  return found;
}
