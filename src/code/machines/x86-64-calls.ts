import type { CallPatterns } from '../machine.ts';

const endbr64 = Buffer.from('f30f1efa', 'hex');
const BND = 0xf2;
/** How far before a call an argument may be set. */
const reach = 64;

export const x86Calls: CallPatterns = {
  /** `jmp *slot(%rip)`, with the `endbr64` or `bnd` before it at which some linkers begin a stub. */
  visitStubs(code, address, visit) {
    for (
      let at = code.indexOf(0xff);
      at >= 0 && at + 6 <= code.length;
      at = code.indexOf(0xff, at + 1)
    ) {
      if (code[at + 1] !== 0x25) continue;
      const slot = address + at + 6 + code.readInt32LE(at + 2);
      visit(address + at, slot);
      const prefixed = code[at - 1] === BND ? at - 1 : at;
      if (prefixed >= 4 && code.subarray(prefixed - 4, prefixed).equals(endbr64)) {
        visit(address + prefixed - 4, slot);
      }
      if (prefixed !== at) visit(address + prefixed, slot);
    }
  },

  /** `call target`, the `jmp target` of a tail call, and `call *slot(%rip)`. */
  visitCalls(code, address, visit) {
    for (let at = 0; at + 6 <= code.length; at += 1) {
      const opcode = code[at];
      if (opcode === 0xe8 || opcode === 0xe9) {
        visit(at, address + at + 5 + code.readInt32LE(at + 1));
      } else if (opcode === 0xff && code[at + 1] === 0x15) {
        visit(at, address + at + 6 + code.readInt32LE(at + 2));
      }
    }
  },

  /** The nearest `mov $constant,%r32` or `xor %r32,%r32` before the call. */
  constantArgument(code, at, index) {
    const register = [7, 6, 2, 1][index];
    if (register === undefined) return null;
    for (let before = at - 2; before >= Math.max(0, at - reach); before -= 1) {
      if (code[before] === 0xb8 + register && before + 5 <= at)
        return code.readUInt32LE(before + 1);
      if (code[before] === 0x31 && code[before + 1] === 0xc0 + register * 9) return 0;
    }
    return null;
  },
};
