import type { Evidence } from '../base/verdict.ts';
import { DT, EM, ET, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Segment } from '../elf/records.ts';
import { relocationTypes } from '../elf/relocations/relocation-types.ts';
import { factExtractor } from './fact-extractor.ts';
import { evidence, hex, programHeaderOffset } from './file/header-offsets.ts';

/** Who decides where the file lies in memory: the linker, once and for every process, or the loader, at each start. */
export interface LoadAddress {
  /**
   * - `alignment`: the kernel draws an address, and the alignment of a segment leaves it none or hardly any to choose from.
   * - `caller`: the kernel draws an address, but `ld.so FILE` takes that of the first segment.
   */
  readonly chosenBy: 'linker' | 'loader' | 'alignment' | 'caller';
  readonly evidence: readonly Evidence[];
}

/** By e_type and PT_LOAD; DF_1_PIE distinguishes programs from libraries and moves nothing. */
export default factExtractor('headers', (elf): LoadAddress => {
  const fixed = elf.header.type === ET.EXEC;
  const type = evidence('e_type', fixed ? 'ET_EXEC' : 'ET_DYN', 0x10n);
  if (fixed) return { chosenBy: 'linker', evidence: [type] };
  const coarse = coarseSegment(elf);
  if (coarse === null) return byAddress(elf, type);
  const offset = programHeaderOffset(elf, coarse);
  const alignment = evidence(
    `p_align of PT_LOAD segment ${coarse.index}`,
    hex(coarse.alignment),
    offset,
  );
  return { chosenBy: 'alignment', evidence: [type, alignment] };
});

/** Below it no process may map memory (vm.mmap_min_addr), so an address there is no wish. */
const lowestWish = 0x10000n;

/**
 * Loaders map a program that they are given (`ld.so FILE`) where its first segment wants to lie: at the same place in each process, as
 * nothing is there yet. Code that no relocation adapts to another address runs nowhere else, whatever e_type says.
 */
function byAddress(elf: Elf, type: Evidence): LoadAddress {
  const first = elf.segments.find((segment) => segment.type === PT.LOAD);
  const isLinked = elf.interpreter !== null || elf.dynamicValue(DT.NEEDED) !== null;
  if (first === undefined || first.address < lowestWish || !isLinked || elf.dynamic === null)
    return { chosenBy: 'loader', evidence: [type] };
  const offset = programHeaderOffset(elf, first);
  const address = evidence(`p_vaddr of PT_LOAD segment ${first.index}`, hex(first.address), offset);
  return { chosenBy: isMovable(elf) ? 'caller' : 'linker', evidence: [type, address] };
}

/** Loaders move all of MIPS's GOT without relocations. */
function isMovable(elf: Elf): boolean {
  const relative = relocationTypes(elf.header.machine)?.relative ?? null;
  if (elf.header.machine === EM.MIPS || relative === null) return true;
  let found = false;
  elf.visitRelocations(({ type }) => {
    found ||= type === relative;
  });
  return found;
}

/**
 * Linux 5.10 and later round the address that they draw down to the largest p_align that is a power of two
 * (maximum_alignment in fs/binfmt_elf.c). They draw from 2^40 bytes on x86-64, 2^30 on AArch64, 2^20 where an address
 * has 32 bits. No processor has larger pages, so no linker requests more.
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
