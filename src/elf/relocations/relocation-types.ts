import { EM } from '../constants.ts';

/**
 * The relocation types of one machine that decide what a loader writes where: a lazily bound PLT slot, the
 * result of an IFUNC resolver, base + addend. null: the machine has no such type.
 */
export interface RelocationTypes {
  readonly none: number;
  readonly jumpSlot: number | null;
  readonly irelative: number | null;
  readonly relative: number | null;
  readonly globDat: number | null;
  readonly copy: number | null;
}

/** Source: each machine's psABI, as in <elf.h>. A machine without an entry is not known, not one without types. */
export function relocationTypes(machine: number): RelocationTypes | null {
  return byMachine.get(machine) ?? null;
}

const sparc = types(21, 249, 22, 20, 19);

const byMachine: ReadonlyMap<number, RelocationTypes> = new Map([
  [EM.X86_64, types(7, 37, 8, 6, 5)],
  [EM.I386, types(7, 42, 8, 6, 5)],
  [EM.AARCH64, types(1026, 1032, 1027, 1025, 1024)],
  [EM.ARM, types(22, 160, 23, 21, 20)],
  // R_RISCV_64 and R_RISCV_32 serve as GLOB_DAT.
  [EM.RISCV, types(5, 58, 3, null, 4)],
  [EM.PPC64, types(21, 248, 22, 20, 19)],
  [EM.PPC, types(21, 248, 22, 20, 19)],
  [EM.S390, types(11, 61, 12, 10, 9)],
  [EM.LOONGARCH, types(5, 12, 3, null, 4)],
  // R_MIPS_REL32 without a symbol is what others call RELATIVE.
  [EM.MIPS, types(127, null, 3, 51, 126)],
  [EM.SPARC, sparc],
  [EM.SPARC32PLUS, sparc],
  [EM.SPARCV9, sparc],
  [EM.ALPHA, types(26, null, 27, 25, 24)],
  [EM.M68K, types(21, null, 22, 20, 19)],
  [EM.SH, types(164, null, 165, 163, 162)],
  [EM.ARCOMPACT, types(55, null, 56, 54, 53)],
  [EM.ARCV2, types(55, null, 56, 54, 53)],
  [EM.OPENRISC, types(20, null, 21, 19, 18)],
  [EM.CSKY, types(12, null, 9, 11, 10)],
  [EM.XTENSA, types(4, null, 5, 3, null)],
  [EM.MICROBLAZE, types(17, null, 16, 18, 21)],
]);

function types(
  jumpSlot: number,
  irelative: number | null,
  relative: number,
  globDat: number | null,
  copy: number | null,
): RelocationTypes {
  return { none: 0, jumpSlot, irelative, relative, globDat, copy };
}
