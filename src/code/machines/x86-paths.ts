import type { PathLooks, Paths } from '../machine.ts';
import { modrmLength, x86InstructionAt } from './x86-instruction.ts';

/** How far before a check the end of what is before it is looked for. */
const lookedBack = 64;

/** More than a function jumps to outside of itself: it is none that is followed. */
const mostOutside = 64;

const RET = 0xc3;
const RET_COUNT = 0xc2;
const CALL = 0xe8;
const JMP = 0xe9;
const JMP_SHORT = 0xeb;
const THROUGH = 0xff;
const ESCAPE = 0x0f;
const LEA = 0x8d;
const MOV_CONSTANT = 0xc7;
/** ModRM of `jmp n(%rip)`, and of `xbegin`, which goes on elsewhere when a transaction fails. */
const JMP_BY_SLOT = 0x25;
const XBEGIN = 0xf8;
const UD2 = 0x0b;

export function x86Paths(wide: boolean): PathLooks {
  return {
    mayBeSkipped: (code, check) => mayBeSkipped(code, check, wide),
    follow: (code, roots, wanted) => follow(code, roots, wanted, wide),
    jumpsInto: (code, start, end) => jumpsInto(code, start, end, wide),
  };
}

/** The code right before the check, of those instructions that follow each other, begins behind the end of a path. */
function mayBeSkipped(code: Buffer, check: number, wide: boolean): boolean {
  for (let at = check - 1; at >= Math.max(0, check - lookedBack); at -= 1) {
    const behind = endOfPath(code, at);
    if (behind > 0 && behind <= check && leadsStraight(code, behind, check, wide)) return true;
  }
  return false;
}

/** Behind what may be an instruction that ends a path; 0 where none is. */
function endOfPath(code: Buffer, at: number): number {
  const byte = code[at] ?? 0;
  if (byte < RET_COUNT && byte !== ESCAPE) return 0;
  if (byte === JMP_SHORT) return at + 2;
  if (byte === JMP) return at + 5;
  if (byte === RET) return at + 1;
  if (byte === RET_COUNT) return at + 3;
  const next = code[at + 1] ?? 0;
  if (byte === ESCAPE) return next === UD2 ? at + 2 : 0;
  return byte === THROUGH && (next & 0x30) === 0x20 ? at + 1 + modrmLength(code, at + 1, false) : 0;
}

function leadsStraight(code: Buffer, from: number, check: number, wide: boolean): boolean {
  let at = from;
  while (at < check) {
    const instruction = x86InstructionAt(code, at, wide);
    if (instruction === null) return false;
    const flow = flowOf(code, instruction.opcodeAt, instruction.end, wide);
    if (flow?.goesOn !== true) return false;
    at = instruction.end;
  }
  return at === check;
}

/** What an instruction leads to besides the next one. */
interface Flow {
  /** NaN where it leads nowhere else. */
  readonly target: number;
  readonly goesOn: boolean;
}

const onward: Flow = { target: Number.NaN, goesOn: true };
const ended: Flow = { target: Number.NaN, goesOn: false };

/**
 * null if the target is not a known offset. An instruction that may stop the program continues: a signal handler may
 * let it.
 */
function flowOf(code: Buffer, at: number, end: number, wide: boolean): Flow | null {
  const opcode = code[at] ?? 0;
  const second = code[at + 1] ?? 0;
  if (opcode === ESCAPE) {
    if ((second & 0xf0) === 0x80) return { target: nearTarget(code, end), goesOn: true };
    return second === UD2 ? ended : onward;
  }
  // Taken addresses of the function's own code.
  if (opcode === LEA && wide && (second & 0xc7) === 0x05)
    return { target: nearTarget(code, end), goesOn: true };
  if (opcode < 0x70) return onward;
  if (opcode < 0x80 || (opcode >= 0xe0 && opcode <= 0xe3))
    return { target: end + code.readInt8(end - 1), goesOn: true };
  if (opcode === JMP_SHORT) return { target: end + code.readInt8(end - 1), goesOn: false };
  if (opcode === JMP) return { target: nearTarget(code, end), goesOn: false };
  if (opcode === CALL) return { target: nearTarget(code, end), goesOn: true };
  if (opcode === MOV_CONSTANT && second === XBEGIN) return null;
  if (opcode === THROUGH && (second & 0x30) === 0x20)
    return wide && second === JMP_BY_SLOT ? ended : null;
  const isReturn = (opcode & 0xf6) === RET_COUNT || opcode === 0xcf;
  return isReturn ? ended : onward;
}

function nearTarget(code: Buffer, end: number): number {
  return end + code.readInt32LE(end - 4);
}

/** Offsets of what was reached, and outside of the code; null where a path cannot be followed. */
function follow(
  code: Buffer,
  roots: readonly number[],
  wanted: readonly number[],
  wide: boolean,
): Paths | null {
  const seen = new Uint8Array(code.length);
  const outside = new Set<number>();
  const open = [...roots];
  let left = wanted.length;
  for (let at = open.pop(); at !== undefined && left > 0; at = open.pop()) {
    while (at >= 0 && at < code.length && seen[at] === 0) {
      seen[at] = 1;
      if (wanted.includes(at)) left -= 1;
      if (left === 0) break;
      const instruction = x86InstructionAt(code, at, wide);
      if (instruction === null) return null;
      const { opcodeAt, end } = instruction;
      const flow = flowOf(code, opcodeAt, end, wide);
      if (flow === null) return null;
      const { target, goesOn } = flow;
      if (target >= 0 && target < code.length) open.push(target);
      else if (!Number.isNaN(target) && code[opcodeAt] !== CALL && code[opcodeAt] !== LEA)
        outside.add(target);
      if (outside.size > mostOutside) return null;
      if (!goesOn) break;
      at = end;
      if (at >= code.length) outside.add(at);
    }
  }
  return { unreached: wanted.filter((at) => seen[at] === 0), outside: [...outside] };
}

/** Some code, from one instruction to the next, jumps to a place between, or may do so. */
function jumpsInto(code: Buffer, start: number, end: number, wide: boolean): boolean {
  for (let at = 0; at < code.length; ) {
    const instruction = x86InstructionAt(code, at, wide);
    if (instruction === null) return true;
    const flow = flowOf(code, instruction.opcodeAt, instruction.end, wide);
    if (flow === null || (flow.target > start && flow.target < end)) return true;
    at = instruction.end;
  }
  return false;
}
