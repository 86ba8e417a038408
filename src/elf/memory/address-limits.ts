import { EM } from '../constants.ts';
import type { FileHeader } from '../records.ts';

/** What of the address space a program can have. */
export interface AddressLimits {
  /** No kernel of the machine gives more. */
  readonly largest: bigint;
  /** Most kernels give no more. */
  readonly usual: bigint;
  /** Above it the stack may lie. */
  readonly stack: bigint;
  /** What surely fits between a drawn address and the stack. */
  readonly room: bigint;
  /** The lowest address that is drawn for ET_DYN with an interpreter. */
  readonly drawn: bigint;
  /** The lowest address below which ET_DYN without an interpreter ends. */
  readonly drawnEnd: bigint;
}

/** arch/x86/include/asm/page_64_types.h and elf.h: TASK_SIZE, ELF_ET_DYN_BASE, the bits that are drawn. */
const x86Wide: AddressLimits = {
  largest: (1n << 56n) - 4096n,
  usual: (1n << 47n) - 4096n,
  stack: 0x7ff000000000n,
  room: 0x200000000000n,
  drawn: 0x555555554000n,
  drawnEnd: 0x7e0000000000n,
};
const x86Narrow: AddressLimits = {
  largest: 0xffffe000n,
  usual: 0xffffe000n,
  stack: 0xff000000n,
  room: 0x90000000n,
  drawn: 0x56555000n,
  drawnEnd: 0xf0000000n,
};

export function addressLimits({ machine, bits }: FileHeader): AddressLimits {
  if (machine === EM.X86_64 && bits === 64) return x86Wide;
  if (machine === EM.X86_64 || machine === EM.I386) return x86Narrow;
  const all = 1n << BigInt(bits);
  return { largest: all, usual: all, stack: all, room: all, drawn: all, drawnEnd: all };
}
