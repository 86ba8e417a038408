import { MalformedElf } from '../../base/errors.ts';
import type { Evidence } from '../../base/verdict.ts';
import { DT, EM, PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { FileHeader, Segment } from '../../elf/records.ts';

/**
 * A kernel (or a hypervisor) is at addresses that Linux allows no process: it refuses a program with a PT_LOAD beyond
 * them (TASK_SIZE in fs/binfmt_elf.c). Loaders of libraries have no such limit, so a file with a PT_DYNAMIC is not a
 * proven kernel. null for everything else.
 *
 * Throws MalformedElf for a file that has a kernel's section and that something could still load, such as a 32-bit one
 * that only 32-bit kernels refuse: the section alone is not proof.
 */
export function kernelEvidence(elf: Elf): Evidence | null {
  const load = elf.segments.find(
    ({ type, address }) => type === PT.LOAD && address >= upperHalf(elf.header),
  );
  if (load === undefined || elf.segments.some(({ type }) => type === PT.INTERP)) return null;
  const evidence = { what: 'address of a PT_LOAD', saw: `0x${load.address.toString(16)}` };
  const end = processEnd(elf.header);
  if (end === null) return null;
  const canBeLoaded = elf.segments.some(({ type }) => type === PT.DYNAMIC);
  if (load.address >= end && !canBeLoaded) return evidence;
  // What a boot loader starts begins at a physical address, where no process of this file has anything.
  const isPhysical = elf.fileOffset(elf.header.entry, 1) === null && isMoved(load);
  if (isPhysical && !canBeLoaded) return evidence;
  if (!looksLikeKernel(elf)) return null;
  throw new MalformedElf(
    `a PT_LOAD at 0x${load.address.toString(16)} and a section __ksymtab: a kernel, or what processes could load`,
  );
}

function upperHalf({ bits }: FileHeader): bigint {
  return 1n << BigInt(bits - 1);
}

/** Linked for one address and put at another one. */
function isMoved({ address, physicalAddress }: Segment): boolean {
  return physicalAddress !== address;
}

/** Of 32 bits, where no 64-bit Linux offers them more: the end of user addresses, rounded up (TASK_SIZE). */
const narrowEnds: ReadonlyMap<number, bigint> = new Map([
  [EM.MIPS, 0x80000000n],
  [EM.S390, 0x80000000n],
  [EM.SH, 0x80000000n],
  [EM.CSKY, 0x80000000n],
  [EM.ARCOMPACT, 0x80000000n],
  [EM.ARCV2, 0x80000000n],
  [EM.XTENSA, 0xc0000000n],
  [EM.MICROBLAZE, 0xc0000000n],
  [EM.OPENRISC, 0xc0000000n],
  [EM.RISCV, 0xc0000000n],
  [EM.LOONGARCH, 0x80000000n],
]);

/** Of 64 bits, where processes may have the upper half too; null for them. */
const wideAll: readonly number[] = [EM.S390, EM.SPARCV9];

function processEnd({ bits, machine }: FileHeader): bigint | null {
  if (bits === 64) return wideAll.includes(machine) ? null : 1n << 63n;
  return narrowEnds.get(machine) ?? 1n << 32n;
}

/** Symbols that a kernel keeps for its modules. */
function looksLikeKernel(elf: Elf): boolean {
  return (
    elf.dynamicValue(DT.NEEDED) === null && elf.sections.some(({ name }) => /^__ksymtab/.test(name))
  );
}
