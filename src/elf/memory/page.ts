import { EM } from '../constants.ts';

/**
 * The page size that the map of a file is made with: the smallest that Linux has on the machine. Kernels with larger
 * pages map more of the file around each segment; linkers align the segments of such machines so that it is the same.
 */
export function pageSizeOf(machine: number): bigint {
  return machine === EM.ALPHA || machine === EM.SPARCV9 ? 8192n : 4096n;
}

/** The largest that Linux has on the machine: what lies in a page behind the end of a file on all of its kernels. */
export function largestPageOf(machine: number): bigint {
  return smallPages.includes(machine) ? 4096n : 65536n;
}

const smallPages: readonly number[] = [EM.X86_64, EM.I386, EM.RISCV, EM.S390];

export function pageStart(address: bigint, page: bigint): bigint {
  return address - (address % page);
}

/** The next page boundary, or `address` where it is one. */
export function pageEnd(address: bigint, page: bigint): bigint {
  return pageStart(address + page - 1n, page);
}
