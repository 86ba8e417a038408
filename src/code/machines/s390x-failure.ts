import { type FlowStep, failureBySteps } from './failure-by-steps.ts';

/** Bytes of an instruction, by its two highest bits. */
const lengths = [2, 4, 4, 6];
const always = 15;
const EQUAL = 8;
/** `jne` and `jlh`: of a comparison both say that the operands differ. */
const different: readonly number[] = [7, 6];

export const s390xFailure = failureBySteps(stepAt);

function stepAt(code: Buffer, at: number): FlowStep | null {
  const opcode = code[at] ?? 0;
  const length = lengths[opcode >> 6] ?? 2;
  if (at + length > code.length) return null;
  const second = code[at + 1] ?? 0;
  const mask = second >> 4;
  const kind = second & 15;
  // No instruction, and `svc`.
  if (opcode === 0 || opcode === 0x0a) return { does: 'stop', length };
  if (opcode === 0x07) return throughRegister(mask, kind, length);
  if (opcode === 0x0d) return { does: kind === 0 ? 'go on' : 'stop', length };
  const isNear = opcode === 0xa7;
  if (isNear || opcode === 0xc0) {
    const target = at + 2 * (isNear ? code.readInt16BE(at + 2) : code.readInt32BE(at + 2));
    if (kind === 5) return { does: 'call', length, target };
    if (kind === 4) return branch(mask, length, target);
  }
  // `cgrj` and `clgrj`: a comparison of registers and its branch in one.
  const last = code[at + 5] ?? 0;
  if (opcode === 0xec && (last === 0x64 || last === 0x65))
    return branch((code[at + 4] ?? 0) >> 4, length, at + 2 * code.readInt16BE(at + 2));
  return { does: 'go on', length };
}

function throughRegister(mask: number, register: number, length: number): FlowStep | null {
  if (mask === 0 || register === 0) return { does: 'go on', length };
  if (mask !== always) return null;
  return { does: register === 14 ? 'return' : 'stop', length };
}

function branch(mask: number, length: number, target: number): FlowStep | null {
  if (mask === 0) return { does: 'go on', length };
  if (mask === always) return { does: 'jump', length, target };
  if (mask === EQUAL) return { does: 'if equal', length, target };
  return different.includes(mask) ? { does: 'if different', length, target } : null;
}
