import { isIn } from '../calls/interval.ts';
import type { CallPatterns } from '../machine.ts';
import { signed, wordsOf } from '../words.ts';

/** How far before a call an argument may be set, in instructions. */
const reach = 16;

export const aarch64Calls: CallPatterns = {
  reach: 2 * reach * 4,

  /** `adrp x16,page`; `ldr x17,[x16,#n]`; with BTI, `bti c` before them begins the stub. */
  visitStubs(code, address, slots, visit) {
    const words = wordsOf(code, 'little');
    for (let index = 0; index + 1 < words.length; index += 1) {
      const adrp = words[index] ?? 0;
      const load = words[index + 1] ?? 0;
      if ((adrp & 0x9f00001f) >>> 0 !== 0x90000010) continue;
      if ((load & 0xffc003ff) >>> 0 !== 0xf9400211) continue;
      const stub = address + index * 4;
      const slot = pageOf(adrp, stub) + ((load >>> 10) & 0xfff) * 8;
      if (!isIn(slots, slot)) continue;
      visit(stub, slot);
      if (words[index - 1] === 0xd503245f) visit(stub - 4, slot);
    }
  },

  /** `bl`, and the `b` of a tail call; `blr` and `br` of what was loaded from a slot shortly before (`-fno-plt`). */
  visitCalls(code, address, { straight, slots }, visit) {
    const words = wordsOf(code, 'little');
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index] ?? 0;
      if ((word & 0xffdffc1f) >>> 0 === 0xd61f0000) {
        const slot = slotBefore(words, index, address, (word >>> 5) & 31);
        if (slot !== null && isIn(slots, slot)) visit(index * 4, slot);
        continue;
      }
      if ((word & 0x7c000000) >>> 0 !== 0x14000000) continue;
      const target = address + (index + signed(word, 26)) * 4;
      if (isIn(straight, target)) visit(index * 4, target);
    }
  },

  /** The nearest `mov wn,#constant` before the call, also by way of another register. */
  constantArgument: (code, at, index) => constantIn(code, at, index, 1),

  isOfFrame: (code, at, argument) => isOfFrame(code, at, argument, 2),
  addressArgument,
};

/** The slot that `adrp xm,page` and `ldr xn,[xm,#n]` before an index load a register from. */
function slotBefore(
  words: Uint32Array,
  index: number,
  address: number,
  register: number,
): number | null {
  let base: number | null = null;
  let low = 0;
  for (let before = index - 1; before >= Math.max(0, index - reach); before -= 1) {
    const word = words[before] ?? 0;
    // Calls leave half of the registers as they are.
    if ((word & 0xfc000000) >>> 0 === 0x94000000 && (base ?? register) < 19) return null;
    if ((word & 31) !== (base ?? register) || !isSet(word)) continue;
    if (base === null) {
      if ((word & 0xffc00000) >>> 0 !== 0xf9400000) return null;
      base = (word >>> 5) & 31;
      low = ((word >>> 10) & 0xfff) * 8;
    } else if ((word & 0x9f000000) >>> 0 === 0x90000000) {
      return pageOf(word, address + before * 4) + low;
    } else return null;
  }
  return null;
}

/** `adrp xn,page` and `add xn,xn,#n`; or `adr`. */
function addressArgument(
  code: Buffer,
  address: number,
  at: number,
  register: number,
): number | null {
  let low: number | null = null;
  for (let before = at - 4; before >= Math.max(0, at - reach * 4); before -= 4) {
    const word = code.readUInt32LE(before);
    if ((word & 0xfc000000) >>> 0 === 0x94000000) return null;
    if ((word & 31) !== register || !isSet(word)) continue;
    const isSum = (word & 0xffc003ff) >>> 0 === (0x91000000 | (register << 5) | register) >>> 0;
    if (isSum && low === null) low = (word >>> 10) & 0xfff;
    else if ((word & 0x9f000000) >>> 0 === 0x90000000 && low !== null)
      return pageOf(word, address + before) + low;
    else return null;
  }
  return null;
}

function constantIn(code: Buffer, at: number, register: number, copies: number): number | null {
  for (let before = at - 4; before >= Math.max(0, at - reach * 4); before -= 4) {
    const word = code.readUInt32LE(before);
    if ((word & 0x7fe0001f) >>> 0 === (0x52800000 | register) >>> 0) return (word >>> 5) & 0xffff;
    if ((word & 0x7fffffff) >>> 0 === (0x2a1f03e0 | register) >>> 0) return 0;
    const isCopy = (word & 0x7fe0ffff) >>> 0 === (0x2a0003e0 | register) >>> 0;
    if (isCopy && copies > 0) return constantIn(code, before, (word >>> 16) & 31, copies - 1);
  }
  return null;
}

/** `add xd,sp,#n`, `sub xd,x29,#n` and sums with the stack pointer, or `mov` from a register that one of these set before. */
function isOfFrame(code: Buffer, at: number, register: number, copies: number): boolean {
  for (let before = at - 4; before >= Math.max(0, at - reach * 4); before -= 4) {
    const word = code.readUInt32LE(before);
    // What a call returns, or leaves there, is not known.
    if ((word & 0xfc000000) >>> 0 === 0x94000000) {
      if (register < 19) return false;
      continue;
    }
    if ((word & 31) !== register || !isSet(word)) continue;
    const base = (word >>> 5) & 31;
    if ((word & 0xff800000) >>> 0 === 0x91000000) return base === 31;
    const isSum =
      (word & 0xffc00000) >>> 0 === 0x8b000000 || (word & 0xffe00000) >>> 0 === 0x8b200000;
    if (isSum) {
      if (base === 31 && (word & 0x00200000) !== 0) return true;
      const terms = copies > 0 ? [base, (word >>> 16) & 31] : [];
      return terms.some((term) => isOfFrame(code, before, term, copies - 1));
    }
    if ((word & 0xff800000) >>> 0 === 0xd1000000) return base === 29;
    const isCopy = (word & 0xffe0ffe0) >>> 0 === 0xaa0003e0;
    return isCopy && copies > 0 && isOfFrame(code, before, (word >>> 16) & 31, copies - 1);
  }
  return false;
}

/** Not a store, a branch or a comparison, whose lowest bits name no register that it sets. */
function isSet(word: number): boolean {
  const isData =
    (word & 0x1c000000) >>> 0 === 0x10000000 || (word & 0x0e000000) >>> 0 === 0x0a000000;
  const isLoad = (word & 0x0a000000) >>> 0 === 0x08000000 && (word & 0x00400000) !== 0;
  return isData || isLoad;
}

/** The page that `adrp` at an address computes. Numbers, since shifts would cut addresses to 32 bits. */
export function pageOf(adrp: number, address: number): number {
  const pages = signed((((adrp >>> 5) & 0x7ffff) << 2) | ((adrp >>> 29) & 3), 21);
  return Math.floor(address / 4096) * 4096 + pages * 4096;
}
