import { EM } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** File offset of the instruction that a code pointer leads to: on ARM and MIPS bit 0 is the instruction set. */
export function codeOffset(elf: Elf, pointer: bigint): number | null {
  const { machine } = elf.header;
  const isTagged = machine === EM.ARM || machine === EM.MIPS;
  return elf.fileOffset(isTagged ? pointer & ~1n : pointer, 1);
}
