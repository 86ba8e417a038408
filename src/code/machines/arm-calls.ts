import { isIn } from '../calls/interval.ts';
import type { CallPatterns } from '../machine.ts';
import { halfwordsOf, signed, wordsOf } from '../words.ts';
import { a32Registers, rotated } from './arm-a32-effects.ts';
import { a32AddressPart, addressIn, t32AddressPart } from './arm-addresses.ts';
import { branchDistance, callTarget } from './arm-t32.ts';
import { t32Registers } from './arm-t32-effects.ts';
import { type Held, heldIn, type RegisterSteps, stepsBefore } from './held-value.ts';
import { isLongT32 } from './instruction-walk.ts';

/** How far before a call an argument may be set, in bytes. */
const reach = 64;
/** How far before it its function may set the frame pointer up, from which arguments are computed without optimisation. */
const frameReach = 512;

export const armCalls: CallPatterns = {
  reach: 2 * frameReach,

  /**
   * `add ip,pc,#n`; `add ip,ip,#n`; `ldr pc,[ip,#n]!`, in one more step where slots are far; `bx pc`; `nop` before them
   * is for calls from T32.
   */
  visitStubs(code, address, slots, visit) {
    const words = wordsOf(code, 'little');
    for (let index = 0; index + 2 < words.length; index += 1) {
      if ((words[index] ?? 0) >>> 12 !== 0xe28fc) continue;
      const slot = slotOfStub(words, index, address);
      if (slot === null || !isIn(slots, slot)) continue;
      const stub = address + index * 4;
      visit(stub, slot);
      if (isEnteredInT32(words[index - 1] ?? 0)) visit(stub - 4, slot);
    }
  },

  /** `bl`, `blx`, and the branches of tail calls, conditional or not. A file may mix both instruction sets and does not say where. */
  visitCalls(code, address, { straight }, visit) {
    const words = wordsOf(code, 'little');
    for (let index = 0; index < words.length; index += 1) {
      const target = targetOfA32(words[index] ?? 0, address + index * 4);
      if (target !== null && isIn(straight, target)) visit(index * 4, target);
    }
    const halfwords = halfwordsOf(code, 'little');
    for (let index = 0; index + 1 < halfwords.length; index += 1) {
      const target = targetOfT32(halfwords, index);
      if (target !== null && isIn(straight, address + target)) visit(index * 2, address + target);
    }
  },

  constantArgument(code, at, index) {
    const value = argumentOf(code, at, index);
    return typeof value === 'number' ? value : null;
  },

  isOfFrame: (code, at, argument) => argumentOf(code, at, argument) === 'frame',

  addressArgument: (code, address, at, argument) =>
    isA32(code, at)
      ? addressIn(code, address, a32Steps(at, reach), argument, a32AddressPart)
      : addressIn(code, address, t32Steps(code, at, reach), argument, t32AddressPart),
};

/** Arguments beyond the fourth are on the stack. */
const mostInRegisters = 4;

function argumentOf(code: Buffer, at: number, argument: number): Held {
  if (argument >= mostInRegisters) return null;
  const [registers, steps]: [RegisterSteps, readonly number[]] = isA32(code, at)
    ? [a32Registers, a32Steps(at, frameReach)]
    : [t32Registers, t32Steps(code, at, frameReach)];
  return heldIn(registers, code, steps, argument);
}

function t32Steps(code: Buffer, at: number, reach: number): readonly number[] {
  return stepsBefore(code, at, reach, isLongT32);
}

function a32Steps(at: number, reach: number): readonly number[] {
  const count = Math.floor(Math.min(at, reach) / 4);
  return Array.from({ length: count }, (_, index) => at - 4 - index * 4);
}

/** Words before a call that show its instruction set. */
const neighbours = 4;

/** The call is one of A32, which it may be of T32 as well by its bits: A32 executes nearly everything always, so that the top four bits are 14. */
function isA32(code: Buffer, at: number): boolean {
  if (at % 4 !== 0 || targetOfA32(code.readUInt32LE(at), 0) === null) return false;
  if (targetOfT32(halfwordsOf(code.subarray(at, at + 4), 'little'), 0) === null) return true;
  let always = 0;
  for (let before = at - 4; before >= Math.max(0, at - neighbours * 4); before -= 4)
    if (code.readUInt32LE(before) >>> 28 === 0xe) always += 1;
  return always >= neighbours - 1;
}

function targetOfA32(word: number, address: number): number | null {
  if ((word & 0x0e000000) >>> 0 !== 0x0a000000) return null;
  const isExchange = word >>> 28 === 0xf;
  const half = isExchange ? ((word >>> 24) & 1) * 2 : 0;
  return address + 8 + signed(word, 24) * 4 + half;
}

/** As an offset: of `bl` and `blx`, of `b.w`, and of `b<c>.w` (encodings T3 and T4 of the Arm manual). */
function targetOfT32(halfwords: Uint16Array, index: number): number | null {
  const first = halfwords[index] ?? 0;
  const second = halfwords[index + 1] ?? 0;
  if ((first & 0xf800) !== 0xf000) return null;
  if ((second & 0xd000) === 0x8000 && ((first >>> 6) & 15) < 14)
    return shortBranch(first, second, index);
  if ((second & 0xd000) === 0x9000) return index * 2 + 4 + branchDistance(first, second);
  return callTarget(halfwords, index);
}

function shortBranch(first: number, second: number, index: number): number {
  const bits =
    (((first >>> 10) & 1) << 20) |
    (((second >>> 11) & 1) << 19) |
    (((second >>> 13) & 1) << 18) |
    ((first & 0x3f) << 12) |
    ((second & 0x7ff) << 1);
  return index * 2 + 4 + signed(bits, 21);
}

/** `bx pc` and `nop` or `b` to it, as one word. */
function isEnteredInT32(word: number): boolean {
  return word === 0x46c04778 || word === 0xe7fd4778;
}

function slotOfStub(words: Uint32Array, index: number, address: number): number | null {
  let slot = address + index * 4 + 8 + rotated(words[index] ?? 0);
  for (let next = index + 1; next <= index + 3; next += 1) {
    const word = words[next] ?? 0;
    if (word >>> 12 === 0xe5bcf) return slot + (word & 0xfff);
    if (word >>> 12 !== 0xe28cc) return null;
    slot += rotated(word);
  }
  return null;
}
