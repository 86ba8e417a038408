import { dies, goes, plain, returns, type Step, type StepReader, unknownStep } from './step.ts';

const system = 0x73;
/** `wfi`: it waits, or ends the process. */
const waits = 0x10500073;

/** Both widths, with compressed instructions. */
export const riscvSteps: StepReader = (code, address) => {
  if (code.length < 2) return unknownStep;
  const half = code.readUInt16LE(0);
  if ((half & 3) !== 3) return compressedStep(half, address);
  return code.length < 4 ? unknownStep : stepOf(code.readUInt32LE(0), address);
};

function stepOf(word: number, address: bigint): Step {
  const opcode = word & 0x7f;
  const target = (word >>> 7) & 0x1f;
  if (opcode === 0x6f) return goes(target === 0 ? 'jump' : 'call', 4, address, jumpDistance(word));
  if (opcode === 0x63) return goes('branch', 4, address, branchDistance(word));
  if (opcode === 0x67) return word === 0x8067 ? returns : unknownStep;
  if (opcode !== system) return plain(4);
  if (((word >>> 12) & 7) === 0) {
    if (word === waits) return plain(4);
    const isReturn = [0x10200073, 0x30200073].includes(word);
    return isReturn ? dies('a return from a trap') : unknownStep;
  }
  // Bits 8 and 9 of a register's number are the lowest privilege that may read it.
  return ((word >>> 28) & 3) === 0
    ? plain(4)
    : dies('access to a register of machine or supervisor');
}

function compressedStep(half: number, address: bigint): Step {
  const form = ((half & 3) << 3) | (half >>> 13);
  // c.j
  if (form === 0b01_101) return goes('jump', 2, address, compressedJump(half));
  // c.beqz, c.bnez
  if (form === 0b01_110 || form === 0b01_111) {
    return goes('branch', 2, address, compressedBranch(half));
  }
  const isJumpByRegister = form === 0b10_100 && (half & 0x7c) === 0 && (half & 0xf80) !== 0;
  if (isJumpByRegister) return half === 0x8082 ? returns : unknownStep;
  // Zero is not an instruction; 0x9002 is that of debuggers.
  return half === 0 || half === 0x9002 ? unknownStep : plain(2);
}

const bit = (word: number, from: number, to: number) => ((word >>> from) & 1) << to;

function jumpDistance(word: number): number {
  const low = ((word >>> 21) & 0x3ff) << 1;
  return (((word >> 31) << 20) | (word & 0xff000) | bit(word, 20, 11) | low) >> 0;
}

function branchDistance(word: number): number {
  const low = (((word >>> 25) & 0x3f) << 5) | (((word >>> 8) & 0xf) << 1);
  return (((word >> 31) << 12) | bit(word, 7, 11) | low) >> 0;
}

function compressedJump(half: number): number {
  const value =
    bit(half, 12, 11) |
    bit(half, 11, 4) |
    (((half >>> 9) & 3) << 8) |
    bit(half, 8, 10) |
    bit(half, 7, 6) |
    bit(half, 6, 7) |
    (((half >>> 3) & 7) << 1) |
    bit(half, 2, 5);
  return (value << 20) >> 20;
}

function compressedBranch(half: number): number {
  const value =
    bit(half, 12, 8) |
    (((half >>> 10) & 3) << 3) |
    (((half >>> 5) & 3) << 6) |
    (((half >>> 3) & 3) << 1) |
    bit(half, 2, 5);
  return (value << 23) >> 23;
}
