import { EM } from '../constants.ts';
import type { FileHeader } from '../records.ts';

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

/** Page sizes of kernels that run programs of a machine. */
export interface KernelPages {
  /** All that Linux can be built with, the smallest first. */
  readonly sizes: readonly number[];
  /** That of the usual kernels. */
  readonly usual: number;
}

const small: KernelPages = { sizes: [4096], usual: 4096 };

/**
 * By the choices of arch/ARCH/Kconfig. Kernels of 64-bit Arm with larger pages run no 32-bit programs (COMPAT). Debian, Fedora and
 * SUSE have 64 KiB on ppc64, Loongson's distributions 16 KiB.
 */
export function kernelPagesOf({ machine, bits }: FileHeader): KernelPages {
  if (bits === 32) return small;
  switch (machine) {
    case EM.AARCH64:
      return { sizes: [4096, 16384, 65536], usual: 4096 };
    case EM.PPC64:
      return { sizes: [4096, 65536], usual: 65536 };
    case EM.LOONGARCH:
    case EM.MIPS:
      return { sizes: [4096, 16384, 65536], usual: 16384 };
    case EM.SPARCV9:
    case EM.ALPHA:
      return { sizes: [8192], usual: 8192 };
    default:
      return small;
  }
}

export function pageStart(address: bigint, page: bigint): bigint {
  return address - (address % page);
}

/** The next page boundary, or `address` where it is one. */
export function pageEnd(address: bigint, page: bigint): bigint {
  return pageStart(address + page - 1n, page);
}
