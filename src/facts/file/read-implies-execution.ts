import { EM, PT } from '../../elf/constants.ts';
import type { FileHeader, Segment } from '../../elf/records.ts';

/** Machines of 32 bits where Linux does so (elf_read_implies_exec), on kernels of 64 bits too. */
const machines: readonly number[] = [EM.I386, EM.ARM, EM.PPC];

/**
 * Whether Linux takes a program without PT_GNU_STACK for one from before there were pages that do not execute, and maps all
 * that can be read so that it can be run (the personality READ_IMPLIES_EXEC). The flags of PT_GNU_STACK change nothing.
 */
export function readImpliesExecution(
  { machine, bits }: FileHeader,
  segments: readonly Segment[],
): boolean {
  const asks = segments.some(({ type }) => type === PT.GNU_STACK);
  return bits === 32 && machines.includes(machine) && !asks;
}
