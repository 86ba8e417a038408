import type { Evidence } from '../../base/verdict.ts';
import { EM, PF } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** Code of a C library is never as small, and the first page of any other has a return. */
const mostCode = 64 * 1024;
/** `ret` in four forms, and `iret`. */
const returns = [0xc2, 0xc3, 0xca, 0xcb, 0xcf];

/** Whether one of these bytes, which begin at a word of the machine, may be such an instruction. */
const readers: Readonly<Record<number, (code: Buffer) => boolean>> = {
  [EM.X86_64]: mayReturnOnX86,
  [EM.I386]: mayReturnOnX86,
  [EM.AARCH64]: mayReturnOnAarch64,
};

/**
 * Nothing that is mapped executable in a program can be an instruction that returns, or that jumps through a pointer: so no
 * function is called, of a C library or of anything else. null for other machines, and where the code can be written.
 */
export function codeWithoutReturn(elf: Elf): Evidence | null {
  const mayReturn = readers[elf.header.machine];
  if (mayReturn === undefined) return null;
  const pieces = elf.memory.filter(({ flags }) => (flags & PF.X) !== 0);
  const size = pieces.reduce((sum, { start, end }) => sum + (end - start), 0n);
  if (pieces.length === 0 || size > mostCode) return null;
  const [first] = pieces;
  for (const { flags, offset, start, end } of pieces) {
    if ((flags & PF.W) !== 0) return null;
    // Without bytes of the file it is zeros.
    if (offset === null) continue;
    const from = Number(offset);
    const length = Math.min(mappedBytes(elf, end - start), elf.bytes.size - from);
    if (length > 0 && mayReturn(elf.bytes.glance(from, length))) return null;
  }
  const evidence = { what: 'instructions that return or jump through a pointer', saw: 'none' };
  return first?.offset == null ? evidence : { ...evidence, offset: first.offset };
}

/** Kernels of AArch64 may have pages of 64 KiB, and map what lies behind the code in the file. */
function mappedBytes({ header }: Elf, size: bigint): number {
  return header.machine === EM.AARCH64 ? Number(size) + mostCode : Number(size);
}

/** `ret`, `br`, `blr`, `eret` and those that check a pointer first: unconditional branches to a register (Arm ARM, C4.1). */
function mayReturnOnAarch64(code: Buffer): boolean {
  for (let at = 3; at < code.length; at += 4) if (((code[at] ?? 0) & 0xfe) === 0xd6) return true;
  return false;
}

/** Wherever an instruction may begin. */
function mayReturnOnX86(code: Buffer): boolean {
  if (returns.some((opcode) => code.includes(opcode))) return true;
  for (
    let at = code.indexOf(0xff);
    at >= 0 && at + 1 < code.length;
    at = code.indexOf(0xff, at + 1)
  ) {
    const operation = ((code[at + 1] ?? 0) >> 3) & 7;
    // Jumps; a call that nothing returns from is one too, and a push leads nowhere without a return.
    if (operation >= 2 && operation <= 5) return true;
  }
  return code.at(-1) === 0xff;
}
