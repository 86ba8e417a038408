import { ET, PT } from '../elf/constants.ts';
import type { Elf, Segment } from '../elf/model.ts';
import type { Evidence } from '../verdict.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex, programHeaderOffset } from './places.ts';

/** Who decides where the file lies in memory: the linker, once and for every process, or the loader, at each start. */
export interface LoadAddress {
  /** `alignment`: the kernel draws an address, and the alignment of a segment leaves it none or hardly any to choose from. */
  readonly chosenBy: 'linker' | 'loader' | 'alignment';
  readonly evidence: readonly Evidence[];
}

/** By e_type and the alignment of PT_LOAD; DF_1_PIE tells programs from libraries and moves nothing. */
export default factExtractor('tables', (elf): LoadAddress => {
  const fixed = elf.header.type === ET.EXEC;
  const type = evidence('e_type', fixed ? 'ET_EXEC' : 'ET_DYN', 0x10n);
  if (fixed) return { chosenBy: 'linker', evidence: [type] };
  const coarse = coarseSegment(elf);
  if (coarse === null) return { chosenBy: 'loader', evidence: [type] };
  const offset = programHeaderOffset(elf, coarse);
  const alignment = evidence(
    `p_align of PT_LOAD segment ${coarse.index}`,
    hex(coarse.alignment),
    offset,
  );
  return { chosenBy: 'alignment', evidence: [type, alignment] };
});

/**
 * Linux 5.10 and later round the address that they draw down to the largest p_align that is a power of two
 * (maximum_alignment in fs/binfmt_elf.c). They draw from 2^40 bytes on x86-64, 2^30 on AArch64, 2^20 where an address
 * has 32 bits. No processor has pages beyond these, so no linker asks for more.
 */
const coarsest = { 32: 1n << 19n, 64: 1n << 30n } as const;

function coarseSegment({ header, segments }: Elf): Segment | null {
  const limit = coarsest[header.bits];
  const found = segments.find(
    ({ type, alignment }) =>
      type === PT.LOAD && alignment > limit && (alignment & (alignment - 1n)) === 0n,
  );
  return found ?? null;
}
