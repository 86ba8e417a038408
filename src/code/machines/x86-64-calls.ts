import type { CallPatterns } from '../machine.ts';

const endbr64 = Buffer.from('f30f1efa', 'hex');
const BND = 0xf2;
const CALL = 0xe8;
const JMP = 0xe9;
/** How far before a call an argument may be set. */
const reach = 64;

export const x86Calls: CallPatterns = {
  /** `jmp *slot(%rip)`, with the `endbr64` or `bnd` before it at which some linkers begin a stub. */
  visitStubs(code, address, visit) {
    visitThroughSlots(code, 0x25, (at) => {
      const slot = targetOf(code, address, at + 2);
      visit(address + at, slot);
      const prefixed = code[at - 1] === BND ? at - 1 : at;
      if (prefixed >= 4 && code.subarray(prefixed - 4, prefixed).equals(endbr64)) {
        visit(address + prefixed - 4, slot);
      }
      if (prefixed !== at) visit(address + prefixed, slot);
    });
  },

  /** `call target`, the `jmp target` of a tail call, and `call *slot(%rip)`. */
  visitCalls(code, address, visit) {
    visitBytes(code, CALL, 5, (at) => visit(at, targetOf(code, address, at + 1)));
    visitBytes(code, JMP, 5, (at) => visit(at, targetOf(code, address, at + 1)));
    visitThroughSlots(code, 0x15, (at) => visit(at, targetOf(code, address, at + 2)));
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

/** Instructions of 6 bytes that begin with 0xff, found by their second byte, which is rarer. */
function visitThroughSlots(code: Buffer, second: number, visit: (at: number) => void): void {
  visitBytes(code, second, 5, (at) => {
    if (at > 0 && code[at - 1] === 0xff) visit(at - 1);
  });
}

/** Every place of a byte with so many bytes from there: a native search, four times as fast as a loop. */
function visitBytes(code: Buffer, byte: number, room: number, visit: (at: number) => void): void {
  const last = code.length - room;
  for (let at = code.indexOf(byte); at >= 0 && at <= last; at = code.indexOf(byte, at + 1)) {
    visit(at);
  }
}

/** Where the 32-bit displacement at `operand` leads: it counts from the end of the instruction. */
function targetOf(code: Buffer, address: number, operand: number): number {
  return address + operand + 4 + code.readInt32LE(operand);
}
