import { x86InstructionAt } from '../machines/x86-instruction.ts';
import { dies, goes, plain, returns, type Step, type StepReader, unknownStep } from './step.ts';

/** x86-64 where `wide`, else i386. Ports and interrupts are not counted: a parent may have allowed them (iopl). */
export function x86Steps(wide: boolean): StepReader {
  return (code, address) => {
    const instruction = x86InstructionAt(code, 0, wide);
    if (instruction === null) return unknownStep;
    const { opcodeAt, end } = instruction;
    const opcode = code[opcodeAt] ?? 0;
    return opcode === 0x0f
      ? stepOfTwo(code, opcodeAt + 1, end, address)
      : stepOfOne(code, opcodeAt, end, address);
  };
}

function stepOfOne(code: Buffer, at: number, end: number, address: bigint): Step {
  const opcode = code[at] ?? 0;
  const byte = end + code.readInt8(end - 1);
  if (opcode === 0xeb) return goes('jump', end, address, byte);
  if ((opcode & 0xf0) === 0x70 || (opcode & 0xfc) === 0xe0) {
    return goes('branch', end, address, byte);
  }
  if (opcode === 0xe8 || opcode === 0xe9) {
    if (end - at !== 5) return unknownStep;
    const does = opcode === 0xe8 ? 'call' : 'jump';
    return goes(does, end, address, end + code.readInt32LE(end - 4));
  }
  if (opcode === 0xc3 || opcode === 0xc2) return returns;
  if (opcode === 0xf4) return dies('hlt');
  return isIndirect(opcode, code[at + 1] ?? 0) ? unknownStep : plain(end);
}

/** Interrupts, far jumps, and calls and jumps through a pointer. */
function isIndirect(opcode: number, modrm: number): boolean {
  if (opcode === 0xff) return (modrm & 0x38) >= 0x10 && (modrm & 0x38) < 0x30;
  return [0x9a, 0xea, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0x62].includes(opcode);
}

function stepOfTwo(code: Buffer, at: number, end: number, address: bigint): Step {
  const opcode = code[at] ?? 0;
  if ((opcode & 0xf0) === 0x80) {
    if (end - at !== 5) return unknownStep;
    return goes('branch', end, address, end + code.readInt32LE(end - 4));
  }
  if (opcode === 0x05 || opcode === 0x34 || opcode === 0x0b) return unknownStep;
  const name = kernelName(opcode, code[at + 1] ?? 0);
  return name === null ? plain(end) : dies(name);
}

/** Intel SDM, volume 3, 5.9: instructions of privilege level 0. */
function kernelName(opcode: number, modrm: number): string | null {
  const form = (modrm >> 3) & 7;
  if (opcode === 0x01 && modrm < 0xc0) {
    if (form === 2) return 'lgdt';
    if (form === 3) return 'lidt';
    return form === 7 ? 'invlpg' : null;
  }
  if (opcode === 0x00) return form === 2 ? 'lldt' : form === 3 ? 'ltr' : null;
  if (opcode === 0x20 || opcode === 0x22) return 'mov of a control register';
  if (opcode === 0x30) return 'wrmsr';
  return opcode === 0x32 ? 'rdmsr' : null;
}
