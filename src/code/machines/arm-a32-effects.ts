import { copied, PC } from './arm-registers.ts';
import type { Effect, RegisterSteps } from './held-value.ts';

const FP = 11;

const rd = (word: number) => (word >>> 12) & 15;
const rn = (word: number) => (word >>> 16) & 15;
const rm = (word: number) => word & 15;

/** r4 to r11 outlive a call; r11 is the frame pointer. */
export const a32Registers: RegisterSteps = {
  effectOf: (code, at) => effectOf(code.readUInt32LE(at)),
  isKept: (register) => register >= 4 && register <= FP,
  isFramePointer: (register) => register === FP,
};

/** The constant of a data processing instruction: eight bits, rotated to the right. */
export function rotated(word: number): number {
  const by = ((word >>> 8) & 15) * 2;
  const bits = word & 0xff;
  return by === 0 ? bits : ((bits >>> by) | (bits << (32 - by))) >>> 0;
}

/** The 16 bits of `movw` and `movt`. */
export function wideConstant(word: number): number {
  return ((word >>> 4) & 0xf000) | (word & 0xfff);
}

function effectOf(word: number): Effect {
  const condition = word >>> 28;
  // `blx` to T32; what else has no condition moves no register that matters.
  if (condition === 15) return (word & 0x0e000000) === 0x0a000000 ? 'call' : null;
  const effect = alwaysEffect(word);
  if (condition === 14 || effect === null || effect === 'call') return effect;
  // A condition that does not hold leaves everything as it was.
  return typeof effect === 'string' ? null : { sets: effect.sets, to: null };
}

function alwaysEffect(word: number): Effect {
  switch ((word >>> 25) & 7) {
    case 0:
      return (word & 0x90) === 0x90 ? ofMultiplication(word) : ofData(word, false);
    case 1:
      return ofData(word, true);
    case 2:
    case 3:
      return ofLoad(word);
    case 4:
      return (word & 0x00100000) === 0 ? null : 'return';
    case 5:
      return (word & 0x01000000) === 0 ? 'jump' : 'call';
    case 7:
      return (word & 0x01000000) === 0 ? ofCoprocessor(word) : 'call';
    default:
      return null;
  }
}

/** Multiplications, and loads of bytes and halves; those of two registers end what is followed. */
function ofMultiplication(word: number): Effect {
  if ((word & 0x60) === 0) return { sets: rn(word), to: null };
  if ((word & 0x00100000) !== 0) return { sets: rd(word), to: null };
  return (word & 0x60) === 0x40 ? 'return' : null;
}

function ofData(word: number, isImmediate: boolean): Effect {
  const operation = (word >>> 21) & 15;
  const setsFlags = (word & 0x00100000) !== 0;
  if (operation >= 8 && operation < 12) return setsFlags ? null : ofMiscellaneous(word);
  const sets = rd(word);
  if (sets === PC) return 'return';
  const isPlain = isImmediate || (word & 0xff0) === 0;
  if (!isPlain) return { sets, to: null };
  if (operation === 13)
    return isImmediate ? { sets, to: rotated(word) } : copied(sets, [rm(word)], 0);
  if (operation === 4)
    return isImmediate
      ? copied(sets, [rn(word)], rotated(word))
      : copied(sets, [rn(word), rm(word)], 0);
  if (operation === 2 && isImmediate) return copied(sets, [rn(word)], -rotated(word));
  return { sets, to: null };
}

/** `movw`, `movt`, and `bx` and `blx` by a register. */
function ofMiscellaneous(word: number): Effect {
  const kind = word & 0x0ff00000;
  if (kind === 0x03000000) return { sets: rd(word), to: wideConstant(word) };
  if (kind === 0x03400000) return { sets: rd(word), to: null };
  if ((word & 0x0ffffff0) === 0x012fff10) return 'return';
  if ((word & 0x0ffffff0) === 0x012fff30) return 'call';
  return (word & 0x0ff000f0) === 0x01600010 ? { sets: rd(word), to: null } : null;
}

/** Loads, and extensions of halves and bytes. */
function ofLoad(word: number): Effect {
  const isMedia = (word & 0x02000010) === 0x02000010;
  if (!isMedia && (word & 0x00100000) === 0) return null;
  if (rd(word) === PC) return 'return';
  return { sets: rd(word), to: null };
}

function ofCoprocessor(word: number): Effect {
  return (word & 0x00100010) === 0x00100010 ? { sets: rd(word), to: null } : null;
}
