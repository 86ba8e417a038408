import type { Evidence } from '../../base/verdict.ts';
import { EM, PF } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** Code of a C library is never as small, and the first page of any other has a return. */
const mostCode = 64 * 1024;
/** `ret` in four forms, and `iret`. */
const returns = [0xc2, 0xc3, 0xca, 0xcb, 0xcf];

/**
 * Nothing that is mapped executable in a program of x86 can be an instruction that returns, or that jumps through a pointer: so no
 * function is called, of a C library or of anything else. null elsewhere, or where the code can be written.
 */
export function codeWithoutReturn(elf: Elf): Evidence | null {
  const { machine } = elf.header;
  if (machine !== EM.X86_64 && machine !== EM.I386) return null;
  const pieces = elf.memory.filter(({ flags }) => (flags & PF.X) !== 0);
  const size = pieces.reduce((sum, { start, end }) => sum + (end - start), 0n);
  if (pieces.length === 0 || size > mostCode) return null;
  const [first] = pieces;
  for (const { flags, offset, start, end } of pieces) {
    if ((flags & PF.W) !== 0) return null;
    // Without bytes of the file it is zeros.
    if (offset === null) continue;
    const from = Number(offset);
    const length = Math.min(Number(end - start), elf.bytes.size - from);
    if (length > 0 && mayReturn(elf.bytes.glance(from, length))) return null;
  }
  const evidence = { what: 'instructions that return or jump through a pointer', saw: 'none' };
  return first?.offset == null ? evidence : { ...evidence, offset: first.offset };
}

/** Wherever an instruction may begin. */
function mayReturn(code: Buffer): boolean {
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
