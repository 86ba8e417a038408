import { signed } from '../words.ts';
import { dies, goes, plain, returns, type Step, type StepReader, unknownStep } from './step.ts';

/** For machines whose instructions have four bytes. */
function ofWords(
  byteOrder: 'little' | 'big',
  stepOf: (word: number, address: bigint) => Step,
): StepReader {
  return (code, address) => {
    if (code.length < 4) return unknownStep;
    return stepOf(byteOrder === 'little' ? code.readUInt32LE(0) : code.readUInt32BE(0), address);
  };
}

/**
 * Registers with op1 3 belong to programs, and Linux answers for the identification registers (CRn 0). Calls of hypervisors
 * and firmware are undefined for programs (Arm ARM, D1).
 */
export const aarch64Steps = ofWords('little', (word, address) => {
  const top = word >>> 26;
  if (top === 0x05 || top === 0x25) {
    return goes(top === 0x05 ? 'jump' : 'call', 4, address, signed(word, 26) * 4);
  }
  const compared = (word & 0x7e000000) === 0x34000000 || (word & 0xff000010) === 0x54000000;
  if (compared) return goes('branch', 4, address, signed(word >>> 5, 19) * 4);
  if ((word & 0x7e000000) === 0x36000000) {
    return goes('branch', 4, address, signed(word >>> 5, 14) * 4);
  }
  if ((word & 0xfffffc1f) >>> 0 === 0xd65f0000) return returns;
  if (word === 0xd69f03e0) return dies('eret');
  const isRegister = (word & 0xffd00000) >>> 0 === 0xd5100000;
  const op1 = (word >>> 16) & 7;
  if (isRegister && op1 !== 3 && (word & 0xf000) !== 0) {
    return (word & 0x200000) === 0 ? dies('msr') : dies('mrs');
  }
  if ((word & 0xff000000) >>> 0 === 0xd4000000) {
    const isHigher = (word & 0x1f) === 2 || (word & 0x1f) === 3;
    return isHigher && (word & 0xe00000) === 0 ? dies('hvc or smc') : unknownStep;
  }
  return (word & 0xfe000000) >>> 0 === 0xd6000000 ? unknownStep : plain(4);
});

/** Registers of coprocessor 15 that configure the memory are undefined for programs; its barriers and thread pointers are not. */
const armSystemRegisters: readonly number[] = [1, 2, 3, 12];

export function armSteps(byteOrder: 'little' | 'big'): StepReader {
  return ofWords(byteOrder, (word, address) => {
    const always = word >>> 28 === 0xe;
    const kind = word & 0x0e000000;
    if (word >>> 28 === 0xf) return unknownStep;
    if (kind === 0x0a000000) {
      const isCall = (word & 0x01000000) !== 0;
      const does = always ? (isCall ? 'call' : 'jump') : 'branch';
      // A conditional call would come back.
      return isCall && !always ? unknownStep : goes(does, 4, address, 8 + signed(word, 24) * 4);
    }
    if ((word & 0x0f000010) === 0x0e000010 && ((word >>> 8) & 0xf) === 15) {
      const isSystem = armSystemRegisters.includes((word >>> 16) & 0xf);
      return always && isSystem ? dies('mcr or mrc of coprocessor 15') : plain(4);
    }
    if (word === 0xe12fff1e || word === 0xe1a0f00e) return returns;
    return armStaysInLine(word) ? plain(4) : unknownStep;
  });
}

/** What writes the program counter, calls the kernel, or is not understood goes elsewhere. */
function armStaysInLine(word: number): boolean {
  const kind = (word >>> 25) & 7;
  const isPc = ((word >>> 12) & 0xf) === 15;
  if (kind === 7) return (word & 0x01000000) === 0;
  if (kind === 4) return (word & 0x00100000) === 0 || (word & 0x8000) === 0;
  if (kind === 2 || kind === 3) return !isPc;
  if ((word & 0x0ffffff0) === 0x012fff10 || (word & 0x0ffffff0) === 0x012fff30) return false;
  const isCompare = (word & 0x01900000) === 0x01100000 || (word & 0x01b00000) === 0x01200000;
  return !isPc || isCompare;
}

/** MIPS: what touches coprocessor 0 is undefined for programs. Behind each branch one more instruction is executed. */
export function mipsSteps(byteOrder: 'little' | 'big'): StepReader {
  return ofWords(byteOrder, (word, address) => {
    const opcode = word >>> 26;
    if (opcode === 0x10) return dies('an instruction of coprocessor 0');
    if (opcode === 0x2f) return dies('cache');
    const isBranch = (opcode >= 0x04 && opcode <= 0x07) || opcode === 0x01;
    if (isBranch) {
      const links = opcode === 0x01 && (word & 0x100000) !== 0;
      const does = word >>> 16 === 0x1000 ? 'jump' : word >>> 16 === 0x0411 ? 'call' : 'branch';
      if (links && does !== 'call') return unknownStep;
      return goes(does, 8, address, 4 + signed(word, 16) * 4);
    }
    if (opcode === 0 && (word & 0x3e) === 0x08) return word === 0x03e00008 ? returns : unknownStep;
    const isOther = opcode === 0 && ((word & 0x3f) === 0x0c || (word & 0x3f) === 0x0d);
    return isOther || opcode === 2 || opcode === 3 ? unknownStep : plain(4);
  });
}

/** PowerPC: the machine state and the registers of supervisors (bit 4 of their number). */
export function powerpcSteps(byteOrder: 'little' | 'big'): StepReader {
  return ofWords(byteOrder, (word, address) => {
    const opcode = word >>> 26;
    if (opcode === 18 || opcode === 16) {
      if ((word & 2) !== 0) return unknownStep;
      const isCall = (word & 1) !== 0;
      const distance = opcode === 18 ? signed(word & ~3, 26) : signed(word & 0xfffc, 16);
      if (opcode === 16) return isCall ? unknownStep : goes('branch', 4, address, distance);
      return goes(isCall ? 'call' : 'jump', 4, address, distance);
    }
    if (opcode === 19) {
      if (word === 0x4e800020) return returns;
      const extended = (word >>> 1) & 0x3ff;
      if (extended === 50) return dies('rfi');
      return extended === 16 || extended === 528 ? unknownStep : plain(4);
    }
    if (opcode === 17) return unknownStep;
    if (opcode !== 31) return plain(4);
    const extended = (word >>> 1) & 0x3ff;
    if (extended === 146 || extended === 178) return dies('mtmsr');
    if (extended === 83) return dies('mfmsr');
    // Half of the number comes first: bit 4 is the lowest of its upper half.
    return extended === 467 && (word & 0x100000) !== 0 ? dies('mtspr') : plain(4);
  });
}

/**
 * SPARC of 32 bits: registers of the supervisor, and other address spaces than those of programs, which version 9 has from 0x80 on.
 * Behind each branch one more instruction is executed.
 */
export const sparcSteps = ofWords('big', (word, address) => {
  const format = word >>> 30;
  const kind = (word >>> 22) & 7;
  if (format === 0) {
    if (kind === 4) return plain(4);
    const condition = (word >>> 25) & 15;
    const isAnnulled = (word & 0x20000000) !== 0;
    if (kind !== 2 || condition === 0) return unknownStep;
    const does = condition === 8 ? 'jump' : 'branch';
    return isAnnulled && does === 'branch'
      ? unknownStep
      : goes(does, 8, address, signed(word, 22) * 4);
  }
  const operation = (word >>> 19) & 63;
  if (format === 3) {
    const isOther = operation >= 0x10 && operation < 0x20;
    const space = (word >>> 5) & 0xff;
    const isSupervisor = isOther && (word & 0x2000) === 0 && space < 0x80;
    return isSupervisor ? dies('access to an address space of the supervisor') : plain(4);
  }
  if (format !== 2) return unknownStep;
  if (operation >= 0x31 && operation <= 0x33) return dies('wr %psr, %wim or %tbr');
  return operation < 0x28 ? plain(4) : unknownStep;
});

/** PA-RISC: the space registers 5 to 7. What may skip the next instruction is not understood. */
export const pariscSteps = ofWords('big', (word) => {
  const opcode = word >>> 26;
  if (opcode === 0x08 || opcode === 0x0a || opcode === 0x0d) return plain(4);
  if (opcode !== 0 || (word & 0x1fe0) !== 0x1820) return unknownStep;
  const isHigh = (word & 0x2000) !== 0 && (word & 0xc000) !== 0;
  return isHigh ? dies('mtsp') : plain(4);
});
