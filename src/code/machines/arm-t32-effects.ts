import { copied, PC, SP } from './arm-registers.ts';
import type { Effect, RegisterSteps } from './held-value.ts';
import { isLongT32 } from './instruction-walk.ts';

const FP = 7;

/** r4 to r11 outlive a call; r7 is the frame pointer. */
export const t32Registers: RegisterSteps = {
  effectOf(code, at) {
    const first = code.readUInt16LE(at);
    if (!isLongT32(first)) return ofNarrow(first);
    return at + 4 > code.length ? null : ofWide(first, code.readUInt16LE(at + 2));
  },
  isKept: (register) => register >= 4 && register <= 11,
  isFramePointer: (register) => register === FP,
};

function ofNarrow(half: number): Effect {
  const low = half & 7;
  const second = (half >>> 3) & 7;
  const high = (half >>> 8) & 7;
  switch (half >>> 11) {
    // movs rd,rm is a shift by 0
    case 0:
      return (half & 0x7c0) === 0 ? copied(low, [second], 0) : { sets: low, to: null };
    case 1:
    case 2:
      return { sets: low, to: null };
    case 3:
      return ofSum(half, low, second);
    case 4:
      return { sets: high, to: half & 0xff };
    case 6:
      return copied(high, [high], half & 0xff);
    case 7:
      return copied(high, [high], -(half & 0xff));
    case 8:
      return half < 0x4400 ? ofData(half, low) : ofHighRegisters(half);
    // Loads relative to the program counter or the stack pointer, and adr.
    case 9:
    case 19:
    case 20:
      return { sets: high, to: null };
    case 10:
    case 11:
      return half < 0x5600 ? null : { sets: low, to: null };
    case 13:
    case 15:
    case 17:
      return { sets: low, to: null };
    case 21:
      return { sets: high, to: 'frame' };
    case 22:
    case 23:
      return ofMiscellaneous(half, low);
    case 25:
      return 'return';
    case 27:
      return half >>> 8 === 0xdf ? 'call' : null;
    case 28:
      return 'jump';
    default:
      return null;
  }
}

/** adds and subs of two registers, or of one and a number below 8. */
function ofSum(half: number, sets: number, from: number): Effect {
  const other = (half >>> 6) & 7;
  switch (half & 0x600) {
    case 0x000:
      return copied(sets, [from, other], 0);
    case 0x400:
      return copied(sets, [from], other);
    case 0x600:
      return copied(sets, [from], -other);
    default:
      return { sets, to: null };
  }
}

/** tst, cmp and cmn set nothing. */
function ofData(half: number, sets: number): Effect {
  const operation = (half >>> 6) & 15;
  return operation === 8 || operation === 10 || operation === 11 ? null : { sets, to: null };
}

/** add, cmp, mov, bx and blx. */
function ofHighRegisters(half: number): Effect {
  const sets = (half & 7) | ((half >>> 4) & 8);
  const from = (half >>> 3) & 15;
  switch ((half >>> 8) & 3) {
    case 0:
      return sets === PC ? 'return' : copied(sets, [sets, from], 0);
    case 1:
      return null;
    case 2:
      return sets === PC ? 'return' : copied(sets, [from], 0);
    default:
      return (half & 0x80) === 0 ? 'return' : 'call';
  }
}

/** sxth and its kin, rev and its kin; pop. */
function ofMiscellaneous(half: number, low: number): Effect {
  if (half >>> 9 === 0x5e) return 'return';
  return half >>> 8 === 0xb2 || half >>> 8 === 0xba ? { sets: low, to: null } : null;
}

function ofWide(first: number, second: number): Effect {
  if ((first & 0xf800) === 0xf000)
    return (second & 0x8000) === 0 ? ofImmediate(first, second) : ofBranch(second);
  const rd = (second >>> 8) & 15;
  switch (first >>> 8) {
    case 0xe8:
    case 0xe9:
      // Loads of several registers.
      return (first & 0x10) === 0 ? null : 'return';
    case 0xea:
    case 0xeb:
      return ofShifted(first, second, rd);
    case 0xf8:
    case 0xf9:
      return (first & 0x10) === 0 ? null : ofLoad(second >>> 12);
    case 0xfa:
    case 0xfb:
      return { sets: rd, to: null };
    default:
      return null;
  }
}

const ofLoad = (sets: number): Effect => (sets === PC ? 'return' : { sets, to: null });

function ofBranch(second: number): Effect {
  if ((second & 0x4000) !== 0) return 'call';
  return (second & 0x1000) === 0 ? null : 'jump';
}

/** Data processing by a shifted register: mov, add; those that only compare name r15. */
function ofShifted(first: number, second: number, rd: number): Effect {
  if (rd === PC) return null;
  const isPlain = (second & 0x70f0) === 0;
  if (isPlain && (first & 0xffef) === 0xea4f) return copied(rd, [second & 15], 0);
  if (isPlain && (first & 0xffe0) === 0xeb00) return copied(rd, [first & 15, second & 15], 0);
  return { sets: rd, to: null };
}

function lowBits(first: number, second: number): number {
  return (second & 0xff) | ((second >>> 4) & 0x700) | ((first & 0x400) << 1);
}

/** The 16 bits of `movw` and `movt`. */
export function wideConstant(first: number, second: number): number {
  return ((first & 15) << 12) | lowBits(first, second);
}

/** Data processing by a constant. Larger ones than 255 are written in forms that are not read, but for movw, addw and subw. */
function ofImmediate(first: number, second: number): Effect {
  const rd = (second >>> 8) & 15;
  if (rd === PC) return null;
  const low = lowBits(first, second);
  const base = first & 15;
  const simple = low < 256 ? low : null;
  switch (first & 0xfbe0) {
    // mov
    case 0xf040:
      return { sets: rd, to: base === PC ? simple : null };
    case 0xf100:
      return added(rd, base, simple);
    case 0xf1a0:
      return added(rd, base, simple === null ? null : -simple);
    case 0xf200:
      return added(rd, base, low);
    case 0xf2a0:
      return added(rd, base, -low);
    // movw
    case 0xf240:
      return { sets: rd, to: wideConstant(first, second) };
    default:
      return { sets: rd, to: null };
  }
}

/** A sum with the frame is an address in it whatever is added. */
function added(sets: number, base: number, number: number | null): Effect {
  return copied(sets, number === null && base !== SP ? [base, base] : [base], number ?? 0);
}
