import { EM, ET, PF, PT } from '../constants.ts';
import { pageEnd, pageSizeOf, pageStart } from '../memory/page.ts';
import type { Elf } from '../model.ts';
import { hex } from '../reading/narrow.ts';
import type { Segment } from '../records.ts';

/** Machines on which nothing but PF_X makes memory executable. Elsewhere older processors know no other memory. */
const strict: ReadonlySet<number> = new Set([EM.X86_64, EM.AARCH64, EM.RISCV]);

/**
 * Why a program that Linux starts dies at its first instruction (SIGSEGV): e_entry leads to no memory of it, or to memory that
 * is not executable. null where it does not. The loader of a program jumps to the same address in the end.
 */
export function entryFault({ header, segments }: Elf): string | null {
  const { entry, machine, type } = header;
  if (type !== ET.EXEC && type !== ET.DYN) return null;
  const page = pageSizeOf(machine);
  const isInside = ({ address, memorySize }: Segment) =>
    entry >= pageStart(address, page) && entry < pageEnd(address + memorySize, page);
  const around = segments.filter((each) => each.type === PT.LOAD && isInside(each));
  const says = `its entry point ${hex(entry)} lies in no`;
  if (around.length === 0) return `${says} PT_LOAD segment`;
  // Of segments that share a page, the last one decides.
  const isCode = !strict.has(machine) || around.some(({ flags }) => (flags & PF.X) !== 0);
  return isCode ? null : `${says} segment that is executable`;
}
