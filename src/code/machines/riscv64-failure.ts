import { signed } from '../words.ts';
import { type FlowStep, failureBySteps } from './failure-by-steps.ts';
import { branchOffset, jumpOffset } from './riscv64-guard.ts';

const RET = 0x8067;
const C_RET = 0x8082;
const JALR = 0x67;
const AUIPC = 0x17;

export const riscvFailure = failureBySteps(stepAt);

function stepAt(code: Buffer, at: number): FlowStep | null {
  if (at + 2 > code.length) return null;
  const half = code.readUInt16LE(at);
  if ((half & 3) !== 3) return compressed(half, at);
  return at + 4 > code.length ? null : wide(code, code.readUInt32LE(at), at);
}

function wide(code: Buffer, word: number, at: number): FlowStep | null {
  const length = 4;
  if (word === RET) return { does: 'return', length };
  const opcode = word & 0x7f;
  const rd = (word >>> 7) & 31;
  if (opcode === 0x6f)
    return { does: rd === 0 ? 'jump' : 'call', length, target: at + jumpOffset(word) };
  // `ecall`, `ebreak` and what they are kin to, but not reads of counters.
  if (opcode === JALR || (word & 0x707f) === 0x73) return { does: 'stop', length };
  if (opcode === AUIPC && at + 8 <= code.length) {
    const next = code.readUInt32LE(at + 4);
    if ((next & 0x707f) === JALR && ((next >>> 15) & 31) === rd) {
      const target = at + signed(word >>> 12, 20) * 4096 + (next >> 20);
      return { does: ((next >>> 7) & 31) === 0 ? 'jump' : 'call', length: 8, target };
    }
  }
  if (opcode !== 0x63) return { does: 'go on', length };
  const condition = (word >>> 12) & 7;
  if (condition > 1) return null;
  const target = at + branchOffset(word);
  return { does: condition === 0 ? 'if equal' : 'if different', length, target };
}

function compressed(half: number, at: number): FlowStep | null {
  const length = 2;
  if (half === C_RET) return { does: 'return', length };
  // `c.jr`, `c.jalr`, `c.ebreak`, and zeros, which are not an instruction.
  if (half === 0 || (half & 0xe07f) === 0x8002) return { does: 'stop', length };
  const operation = half & 0xe003;
  if (operation === 0xa001) return { does: 'jump', length, target: at + compressedJump(half) };
  if (operation !== 0xc001 && operation !== 0xe001) return { does: 'go on', length };
  const does = operation === 0xc001 ? 'if equal' : 'if different';
  return { does, length, target: at + compressedBranch(half) };
}

/** Of `c.j`, in bytes: immediate bits 11, 4, 9:8, 10, 6, 7, 3:1, 5. */
function compressedJump(half: number): number {
  const bits =
    ((half >>> 1) & 0x800) |
    ((half >>> 7) & 0x10) |
    ((half >>> 1) & 0x300) |
    ((half << 2) & 0x400) |
    ((half >>> 1) & 0x40) |
    ((half << 1) & 0x80) |
    ((half >>> 2) & 0xe) |
    ((half << 3) & 0x20);
  return signed(bits, 12);
}

/** Of `c.beqz` and `c.bnez`, in bytes: immediate bits 8, 4:3, and 7:6, 2:1, 5. */
function compressedBranch(half: number): number {
  const bits =
    ((half >>> 4) & 0x100) |
    ((half >>> 7) & 0x18) |
    ((half << 1) & 0xc0) |
    ((half >>> 2) & 0x6) |
    ((half << 3) & 0x20);
  return signed(bits, 9);
}
