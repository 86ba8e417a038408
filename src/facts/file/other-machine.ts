import { type CodeFamily, countEndings, startsAsProgramOf } from '../../code/code-family.ts';
import { codeOffset } from '../../code/functions/code-address.ts';
import { executableRanges } from '../../code/functions/executable-ranges.ts';
import { familyOfRelocations } from '../../code/relocation-family.ts';
import { EM, ET } from '../../elf/constants.ts';
import { machineName } from '../../elf/headers/names.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';

/** Of programs and libraries, by e_machine. Others are not distinguished. */
export const codeFamilies: ReadonlyMap<number, CodeFamily> = new Map([
  [EM.X86_64, 'x86'],
  [EM.I386, 'x86'],
  [EM.AARCH64, 'AArch64'],
  [EM.ARM, 'ARM'],
  [EM.RISCV, 'RISC-V'],
  [EM.PPC, 'PowerPC'],
  [EM.PPC64, 'PowerPC'],
  [EM.S390, 'S/390'],
  [EM.MIPS, 'MIPS'],
  [EM.LOONGARCH, 'LoongArch'],
]);

/** Of each executable file so much is looked at. */
const windowSize = 8192;
const startSize = 64;
/** The other machine's functions end here, and next to none of the stated one's do. */
const enoughEndings = 16;

/**
 * Why a program or library is for another machine than e_machine says; null if nothing shows that. Linux and glibc's
 * loader
 * refuse it on the machine that its code is for, and on the stated one its code is nonsense, but musl's loader does not
 * check e_machine: it must not decide how the code is read.
 */
export function otherMachine(elf: Elf): string | null {
  const { type, machine } = elf.header;
  const stated = codeFamilies.get(machine);
  if (stated === undefined || (type !== ET.EXEC && type !== ET.DYN)) return null;
  const says = `e_machine says ${machineName(machine)}`;
  const byRelocations = optional(() => familyOfRelocations(elf, stated));
  if (byRelocations !== null) return `${says}, and its relocations are those of ${byRelocations}`;
  const byCode = optional(() => familyOfCode(elf, stated));
  return byCode === null ? null : `${says}, and its code is that of ${byCode}`;
}

function familyOfCode(elf: Elf, stated: CodeFamily): CodeFamily | null {
  const entry = elf.header.entry === 0n ? null : codeOffset(elf, elf.header.entry);
  // Of Thumb code the address is odd.
  const start = entry === null ? null : startsAsProgramOf(codeAt(elf, entry & ~3, startSize));
  if (start === stated) return null;
  const counts = countEndings(middleOfCode(elf));
  const own = counts.get(stated) ?? 0;
  if (start !== null && own === 0) return start;
  for (const [family, count] of counts) {
    if (family !== stated && count >= enoughEndings && own * enoughEndings < count) return family;
  }
  return null;
}

function middleOfCode(elf: Elf): Buffer {
  const [largest] = [...executableRanges(elf)].sort(
    (a, b) => b.end - b.offset - (a.end - a.offset),
  );
  if (largest === undefined) return Buffer.alloc(0);
  const spare = Math.max(0, largest.end - largest.offset - windowSize);
  return codeAt(elf, (largest.offset + (spare >> 1) + 3) & ~3, windowSize);
}

function codeAt(elf: Elf, offset: number, length: number): Buffer {
  const range = executableRanges(elf).find((each) => each.offset <= offset && offset < each.end);
  if (range === undefined) return Buffer.alloc(0);
  return elf.bytes.glance(offset, Math.min(length, range.end - offset));
}
