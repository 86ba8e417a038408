/** How far before a call an argument may be set. */
const reach = 64;

/**
 * By the nearest instruction before the call that sets %rdi or %rsi: `lea d(%rsp)`, with an index or without, `lea -d(%rbp)`,
 * `mov %rsp`, or `mov` from a register that one of these set before. No disassembler: only these forms are known.
 */
export function x86IsOfFrame(code: Buffer, call: number, argument: 0 | 1): boolean {
  return isOfFrame(code, call, argument === 0 ? rdi : rsi, 2);
}

const rdi = 7;
const rsi = 6;

function isOfFrame(code: Buffer, end: number, register: number, copies: number): boolean {
  for (let at = end - 3; at >= Math.max(0, end - reach); at -= 1) {
    const rex = code[at] ?? 0;
    if ((rex & 0xf8) !== 0x48) continue;
    const opcode = code[at + 1];
    const modrm = code[at + 2] ?? 0;
    if (opcode === 0x8d && registerOf(modrm, rex) === register) {
      return (rex & 1) === 0 && isFrameBase(modrm, code[at + 3] ?? 0);
    }
    if (opcode === 0x89 && modrm >= 0xc0 && ((modrm & 7) | ((rex & 1) << 3)) === register) {
      const source = registerOf(modrm, rex);
      return source === 4 || (copies > 0 && isOfFrame(code, at, source, copies - 1));
    }
    // An index is added, or the address to one.
    if (opcode === 0x01 && modrm >= 0xc0 && ((modrm & 7) | ((rex & 1) << 3)) === register) {
      const source = registerOf(modrm, rex);
      if (source === 4 || (copies > 0 && isOfFrame(code, at, source, copies - 1))) return true;
      continue;
    }
    // Loaded from memory: whatever it is, it is not known.
    if (opcode === 0x8b && registerOf(modrm, rex) === register) return false;
  }
  return false;
}

function registerOf(modrm: number, rex: number): number {
  return ((modrm >> 3) & 7) | ((rex & 4) << 1);
}

/** `d(%rsp)`, or `-d(%rbp)`. */
function isFrameBase(modrm: number, next: number): boolean {
  switch (modrm & 0xc7) {
    case 0x04:
    case 0x44:
    case 0x84:
      return (next & 7) === 4;
    case 0x45:
      return next >= 0x80;
    case 0x85:
      return true;
    default:
      return false;
  }
}
