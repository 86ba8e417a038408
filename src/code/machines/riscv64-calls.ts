import { isIn } from '../calls/interval.ts';
import type { CallPatterns } from '../machine.ts';
import { signed } from '../words.ts';
import { type Effect, type Held, heldIn, type RegisterSteps, stepsBefore } from './held-value.ts';
import { isLongRiscv } from './instruction-walk.ts';
import { jumpOffset } from './riscv64-guard.ts';

/** How far before a call an argument may be set, in bytes. */
const reach = 64;
const SP = 2;
const S0 = 8;
const A0 = 10;
/** s0 to s11, which a call leaves as they are. */
const isKept = (register: number) =>
  register === 8 || register === 9 || (register >= 18 && register < 28);

export const riscv64Calls: CallPatterns = {
  reach: 2 * reach,

  /** `auipc t3,n`; `ld t3,n(t3)`; `jalr t1,t3`. */
  visitStubs(code, address, slots, visit) {
    for (let at = 0; at + 12 <= code.length; at += 2) {
      const first = code.readUInt32LE(at);
      const load = code.readUInt32LE(at + 4);
      if ((first & 0xfff) !== 0xe17 || (load & 0xfffff) !== 0xe3e03) continue;
      if (code.readUInt32LE(at + 8) !== 0xe0367) continue;
      const slot = address + at + ((first & 0xfffff000) | 0) + signed(load >>> 20, 12);
      if (isIn(slots, slot)) visit(address + at, slot);
    }
  },

  /** `jal`, `j` of a tail call, and `auipc` with `jalr`. */
  visitCalls(code, address, { straight }, visit) {
    for (let at = 0; at + 4 <= code.length; at += 2) {
      const target = targetAt(code, at);
      if (target !== null && isIn(straight, address + target)) visit(at, address + target);
    }
  },

  constantArgument(code, at, index) {
    const value = argumentOf(code, at, index);
    return typeof value === 'number' ? value : null;
  },

  isOfFrame: (code, at, argument) => argumentOf(code, at, argument) === 'frame',
  addressArgument,
};

const steps: RegisterSteps = { effectOf, isKept };

const before = (code: Buffer, at: number) => stepsBefore(code, at, reach, isLongRiscv);

function argumentOf(code: Buffer, at: number, argument: number): Held {
  return heldIn(steps, code, before(code, at), A0 + argument);
}

/** `auipc rd,n` and `addi rd,rd,n`: the nearest instructions that set the register. */
function addressArgument(
  code: Buffer,
  address: number,
  at: number,
  argument: number,
): number | null {
  let low: number | null = null;
  for (const place of before(code, at)) {
    const effect = effectOf(code, place);
    if (effect === 'call' || effect === 'jump') return null;
    if (effect === null || typeof effect === 'string' || effect.sets !== A0 + argument) continue;
    if (place + 4 > code.length) return null;
    const word = code.readUInt32LE(place);
    const register = A0 + argument;
    const isSum = (word & 0xfffff) === (0x13 | (register << 7) | (register << 15));
    if (isSum && low === null) low = signed(word >>> 20, 12);
    else if ((word & 0x7f) === 0x17 && low !== null)
      return address + place + ((word & 0xfffff000) | 0) + low;
    else return null;
  }
  return null;
}

/** Where a call or jump leads, as an offset. */
function targetAt(code: Buffer, at: number): number | null {
  const word = code.readUInt32LE(at);
  if ((word & 0xf7f) === 0x6f || (word & 0xfff) === 0xef) return at + jumpOffset(word);
  const isPair = (word & 0xfff) === 0x97 || (word & 0xfff) === 0x317;
  if (!isPair || at + 8 > code.length) return null;
  const jump = code.readUInt32LE(at + 4);
  // jalr ra,n(ra) or jr n(t1)
  if ((jump & 0xfffff) !== 0x80e7 && (jump & 0xfffff) !== 0x30067) return null;
  return at + ((word & 0xfffff000) | 0) + signed(jump >>> 20, 12);
}

function effectOf(code: Buffer, at: number): Effect {
  const half = code.readUInt16LE(at);
  return isLongRiscv(half) ? effectOfWide(code.readUInt32LE(at)) : effectOfHalf(half);
}

/** An address in the frame: above the stack pointer, or below a frame pointer. */
function sum(sets: number, base: number, distance: number): Effect {
  if (base === SP || (base === S0 && distance < 0))
    return { sets, to: sets === SP ? null : 'frame' };
  if (base === 0) return { sets, to: distance };
  return { sets, to: 'copies', from: [base], plus: distance };
}

function effectOfWide(word: number): Effect {
  const rd = (word >>> 7) & 31;
  const rs1 = (word >>> 15) & 31;
  const kind = (word >>> 12) & 7;
  switch (word & 0x7f) {
    case 0x13:
      return kind === 0 ? sum(rd, rs1, signed(word >>> 20, 12)) : { sets: rd, to: null };
    case 0x33: {
      if ((word & 0xfe007000) !== 0) return { sets: rd, to: null };
      const rs2 = (word >>> 20) & 31;
      if (rs1 === SP || rs2 === SP) return { sets: rd, to: 'frame' };
      return { sets: rd, to: 'copies', from: [rs1, rs2] };
    }
    case 0x6f:
      return rd === 0 ? 'jump' : 'call';
    case 0x67:
      return rd === 0 ? 'jump' : 'call';
    // Stores and branches set nothing.
    case 0x23:
    case 0x27:
    case 0x63:
      return null;
    default:
      return { sets: rd, to: null };
  }
}

function effectOfHalf(half: number): Effect {
  const rd = (half >>> 7) & 31;
  const low = ((half >>> 2) & 7) + 8;
  const high = ((half >>> 7) & 7) + 8;
  const rs2 = (half >>> 2) & 31;
  switch (((half & 3) << 3) | (half >>> 13)) {
    // c.addi4spn
    case 0x00:
      return { sets: low, to: 'frame' };
    // c.fld, c.lw, c.ld
    case 0x01:
      return null;
    case 0x02:
    case 0x03:
      return { sets: low, to: null };
    // c.addi
    case 0x08:
      return { sets: rd, to: 'copies', from: [rd], plus: signed(((half >>> 7) & 32) | rs2, 6) };
    // c.addiw
    case 0x09:
      return { sets: rd, to: null };
    // c.li
    case 0x0a:
      return { sets: rd, to: signed(((half >>> 7) & 32) | rs2, 6) };
    // c.lui, c.addi16sp
    case 0x0b:
      return { sets: rd, to: null };
    // c.srli and its kin
    case 0x0c:
      return { sets: high, to: null };
    // c.j
    case 0x0d:
      return 'jump';
    // c.slli, c.lwsp, c.ldsp
    case 0x10:
    case 0x12:
    case 0x13:
      return { sets: rd, to: null };
    case 0x14:
      return effectOfJumpOrMove(half, rd, rs2);
    default:
      return null;
  }
}

/** c.jr, c.mv, c.jalr and c.add. */
function effectOfJumpOrMove(half: number, rd: number, rs2: number): Effect {
  const isSecond = (half & 0x1000) !== 0;
  if (rs2 === 0) return isSecond ? 'call' : 'jump';
  if (isSecond) return { sets: rd, to: 'copies', from: [rd, rs2] };
  return rs2 === SP ? { sets: rd, to: 'frame' } : { sets: rd, to: 'copies', from: [rs2] };
}
