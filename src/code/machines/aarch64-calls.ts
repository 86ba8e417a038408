import type { Interval } from '../interval.ts';
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

  /** `bl`, and the `b` of a tail call. */
  visitCalls(code, address, { straight }, visit) {
    const words = wordsOf(code, 'little');
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index] ?? 0;
      if ((word & 0x7c000000) >>> 0 !== 0x14000000) continue;
      const target = address + (index + signed(word, 26)) * 4;
      if (isIn(straight, target)) visit(index * 4, target);
    }
  },

  /** The nearest `mov wn,#constant` before the call. */
  constantArgument(code, at, index) {
    for (let before = at - 4; before >= Math.max(0, at - reach * 4); before -= 4) {
      const word = code.readUInt32LE(before);
      if ((word & 0x7fe0001f) >>> 0 === (0x52800000 | index) >>> 0) return (word >>> 5) & 0xffff;
      if ((word & 0x7fffffff) >>> 0 === (0x2a1f03e0 | index) >>> 0) return 0;
    }
    return null;
  },
};

function isIn({ least, most }: Interval, address: number): boolean {
  return address >= least && address <= most;
}

/** The page that `adrp` at an address computes. Numbers, since shifts would cut addresses to 32 bits. */
export function pageOf(adrp: number, address: number): number {
  const pages = signed((((adrp >>> 5) & 0x7ffff) << 2) | ((adrp >>> 29) & 3), 21);
  return Math.floor(address / 4096) * 4096 + pages * 4096;
}
