import { x86InstructionsBefore } from './x86-boundaries.ts';

/** How arguments are passed, and how wide an address is. */
export interface X86Convention {
  /** Instructions are those of x86-64. */
  readonly wide: boolean;
  /** Numbers of the registers of the first arguments; null where all are passed on the stack. */
  readonly registers: readonly number[] | null;
  /** An address has 64 bits, so that instructions that compute one have a REX.W prefix. */
  readonly longAddress: boolean;
}

/**
 * What an argument is: an address in the caller's frame, a constant, a place at a distance from a byte of the code or (i386) from what
 * %ebx holds, or something else.
 */
export type X86Source =
  | 'frame'
  | number
  | { readonly near: 'code' | 'table'; readonly distance: number }
  | null;

const SP = 4;
const BP = 5;
/** Copies and sums that are followed. */
const mostCopies = 3;

const CALL = 0xe8;
const THROUGH = 0xff;
const ESCAPE = 0x0f;
const LEA = 0x8d;
/** `mov` to what ModRM names, and from it. */
const MOV_TO = 0x89;
const MOV_FROM = 0x8b;
const MOV_CONSTANT = 0xc7;
const ADD_TO = 0x01;
/** What ends a path, so that what stands before leads nowhere near. */
const ends: readonly number[] = [0xc2, 0xc3, 0xe9, 0xeb, 0xcc, 0xf4];
/** Of the registers that a call leaves as they are: %rbx, %rbp, r12 to r15, and on i386 %esi and %edi. */
const kept: Readonly<Record<'wide' | 'narrow', readonly number[]>> = {
  wide: [3, BP, 12, 13, 14, 15],
  narrow: [3, BP, 6, 7],
};

/** One instruction before the call. */
interface Step {
  readonly opcode: number;
  readonly at: number;
  readonly end: number;
  readonly rex: number;
}

/**
 * The n-th integer argument of the call at an offset, by the instructions before it: as far as they can be distinguished from the
 * middle of others. Only the usual forms are known.
 */
export function x86Argument(
  code: Buffer,
  call: number,
  argument: number,
  convention: X86Convention,
): X86Source {
  const steps = stepsBefore(code, call, convention.wide);
  const { registers } = convention;
  if (registers === null) return onStack(code, steps, argument, convention);
  const register = registers[argument];
  return register === undefined ? null : heldIn(code, steps, 0, register, mostCopies, convention);
}

/** The address that the n-th argument is; `address` is that of the code, `table` what %ebx of i386 holds. */
export function x86AddressArgument(
  code: Buffer,
  address: number,
  call: number,
  argument: number,
  table: number | null,
  convention: X86Convention,
): number | null {
  const source = x86Argument(code, call, argument, convention);
  if (typeof source === 'number') return source >>> 0;
  if (source === null || source === 'frame') return null;
  if (source.near === 'code') return address + source.distance;
  return table === null ? null : table + source.distance;
}

function stepsBefore(code: Buffer, call: number, wide: boolean): readonly Step[] {
  return x86InstructionsBefore(code, call, wide).map(({ begin, opcodeAt, end }) => {
    const before = opcodeAt > begin ? (code[opcodeAt - 1] ?? 0) : 0;
    const rex = wide && (before & 0xf0) === 0x40 ? before : 0;
    return { opcode: code[opcodeAt] ?? 0, at: opcodeAt, end, rex };
  });
}

/** What a register holds before the call, by the steps from `index` on. */
function heldIn(
  code: Buffer,
  steps: readonly Step[],
  index: number,
  register: number,
  copies: number,
  convention: X86Convention,
): X86Source {
  for (let at = index; at < steps.length; at += 1) {
    const step = steps[at];
    if (step === undefined || isEnd(code, step)) return null;
    if (isCall(code, step)) {
      if (!kept[convention.wide ? 'wide' : 'narrow'].includes(register)) return null;
      continue;
    }
    const source = sourceIn(code, step, register, convention);
    if (source === undefined) continue;
    if (typeof source !== 'object' || source === null || !('registers' in source)) return source;
    const [first, ...others] = source.registers.map((from) =>
      from === SP
        ? 'frame'
        : copies > 0
          ? heldIn(code, steps, at + 1, from, copies - 1, convention)
          : null,
    );
    if (first === 'frame' || others.includes('frame')) return 'frame';
    return others.length === 0 ? (first ?? null) : null;
  }
  return null;
}

/** undefined: the step leaves the register as it is, or adds a constant to it. */
function sourceIn(
  code: Buffer,
  { opcode, at, end, rex }: Step,
  register: number,
  { wide, longAddress }: X86Convention,
): X86Source | { readonly registers: readonly number[] } | undefined {
  const modrm = code[at + 1] ?? 0;
  const field = ((modrm >> 3) & 7) | ((rex & 4) << 1);
  const named = (modrm & 7) | ((rex & 1) << 3);
  const isRegister = modrm >= 0xc0;
  const isAddress = !longAddress || (rex & 8) !== 0;
  switch (opcode) {
    case LEA:
      if (field !== register) return undefined;
      if (!isAddress || isRegister) return null;
      return isFrame(code, at + 1, rex) ? 'frame' : placeOf(code, at + 1, end, wide);
    case MOV_TO:
      return isRegister && named === register ? { registers: [field] } : undefined;
    case MOV_FROM:
      if (field !== register) return undefined;
      return isRegister ? { registers: [named] } : null;
    case ADD_TO:
      return isRegister && named === register ? { registers: [field, named] } : undefined;
    case MOV_CONSTANT:
      return isRegister && named === register ? code.readInt32LE(end - 4) : undefined;
    case 0x31:
    case 0x33:
      if (!isRegister || (opcode === 0x31 ? named : field) !== register) return undefined;
      return field === named ? 0 : null;
    case 0x63:
      return field === register ? null : undefined;
    case 0x81:
    case 0x83:
      // `add` and `sub` of a constant; `and` aligns.
      return undefined;
    case ESCAPE:
      return isLoad(modrm) && ((((code[at + 2] ?? 0) >> 3) & 7) | ((rex & 4) << 1)) === register
        ? null
        : undefined;
    default:
      return byOpcode(code, opcode, end, rex, register);
  }
}

/** Registers that the opcode itself names. */
function byOpcode(
  code: Buffer,
  opcode: number,
  end: number,
  rex: number,
  register: number,
): X86Source | undefined {
  if (((opcode & 7) | ((rex & 1) << 3)) !== register) return undefined;
  if ((opcode & 0xf8) === 0xb8) return (rex & 8) === 0 ? code.readInt32LE(end - 4) : null;
  return (opcode & 0xf8) === 0x58 ? null : undefined;
}

/** Behind 0x0f: `cmov`, `movzx`, `movsx`, `imul`. */
function isLoad(second: number): boolean {
  return (second & 0xf0) === 0x40 || [0xaf, 0xb6, 0xb7, 0xbe, 0xbf].includes(second);
}

/** ModRM at an offset names `d(%rsp)`, with an index or without, or `-d(%rbp)`. */
function isFrame(code: Buffer, at: number, rex: number): boolean {
  const modrm = code[at] ?? 0;
  const sib = code[at + 1] ?? 0;
  if ((modrm & 7) === 4) {
    if ((rex & 1) !== 0) return false;
    if ((sib & 7) === SP) return true;
    return (sib & 7) === BP && modrm >= 0x40 && isBelow(code, at + 2, modrm);
  }
  return (modrm & 7) === BP && modrm >= 0x40 && (rex & 1) === 0 && isBelow(code, at + 1, modrm);
}

/** `n(%rip)`, an address of four bytes, or `n(%ebx)` of i386. */
function placeOf(code: Buffer, at: number, end: number, wide: boolean): X86Source {
  const modrm = (code[at] ?? 0) & 0xc7;
  const distance = code.readInt32LE(end - 4);
  if (modrm === 0x05) return wide ? { near: 'code', distance: end + distance } : distance >>> 0;
  return modrm === 0x83 && !wide ? { near: 'table', distance } : null;
}

/** The displacement at an offset is negative. */
function isBelow(code: Buffer, at: number, modrm: number): boolean {
  return (code[modrm < 0x80 ? at : at + 3] ?? 0) >= 0x80;
}

function isCall(code: Buffer, { opcode, at }: Step): boolean {
  return opcode === CALL || (opcode === THROUGH && ((code[at + 1] ?? 0) & 0x38) === 0x10);
}

function isEnd(code: Buffer, { opcode, at }: Step): boolean {
  return ends.includes(opcode) || (opcode === THROUGH && ((code[at + 1] ?? 0) & 0x30) === 0x20);
}

/** Arguments that are pushed, the last one first, or stored above the stack pointer. */
function onStack(
  code: Buffer,
  steps: readonly Step[],
  argument: number,
  convention: X86Convention,
): X86Source {
  let pushed = 0;
  for (const [index, step] of steps.entries()) {
    const { opcode, at, end } = step;
    if (isEnd(code, step) || isCall(code, step) || movesStack(code, step)) return null;
    const from = (register: number) =>
      register === SP ? 'frame' : heldIn(code, steps, index + 1, register, mostCopies, convention);
    if ((opcode & 0xf8) === 0x50) {
      if (pushed === argument) return from(opcode & 7);
      pushed += 1;
    } else if (opcode === 0x68 || opcode === 0x6a) {
      if (pushed === argument)
        return opcode === 0x6a ? code.readInt8(end - 1) : code.readInt32LE(end - 4);
      pushed += 1;
    } else if (opcode === THROUGH && ((code[at + 1] ?? 0) & 0x38) === 0x30) {
      if (pushed === argument) return null;
      pushed += 1;
    } else if (slotOf(code, steps, index) === (argument - pushed) * 4) {
      return opcode === MOV_TO ? from(((code[at + 1] ?? 0) >> 3) & 7) : code.readInt32LE(end - 4);
    }
  }
  return null;
}

/** `mov r,n(%esp)` or of a constant, also by a register that is a copy of %esp (clang without optimisation): n; else null. */
function slotOf(code: Buffer, steps: readonly Step[], index: number): number | null {
  const { opcode = 0, at = 0 } = steps[index] ?? {};
  if (opcode !== MOV_TO && opcode !== MOV_CONSTANT) return null;
  const modrm = code[at + 1] ?? 0;
  const base = modrm & 7;
  const isStack = base === SP && code[at + 2] === 0x24;
  if (modrm >= 0x80 || (!isStack && (base === SP || !isStackCopy(code, steps, index, base))))
    return null;
  return modrm < 0x40 ? 0 : code.readInt8(at + (isStack ? 3 : 2));
}

/** `mov %esp,r` is the last step before that sets the register. */
function isStackCopy(
  code: Buffer,
  steps: readonly Step[],
  index: number,
  register: number,
): boolean {
  for (let before = index + 1; before < steps.length; before += 1) {
    const step = steps[before];
    if (step === undefined || isEnd(code, step) || isCall(code, step)) return false;
    const source = sourceIn(code, step, register, narrow);
    if (source === undefined) continue;
    return (
      typeof source === 'object' &&
      source !== null &&
      'registers' in source &&
      source.registers.join() === String(SP)
    );
  }
  return false;
}

const narrow: X86Convention = { wide: false, registers: null, longAddress: false };

/** `add` or `sub` of a constant: what stands before belongs to another call, or makes room for this one. */
function movesStack(code: Buffer, { opcode, at }: Step): boolean {
  return (opcode === 0x83 || opcode === 0x81) && [0xc4, 0xec].includes(code[at + 1] ?? 0);
}
