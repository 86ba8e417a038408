import type { FailureLooks } from '../machine.ts';
import { signed } from '../words.ts';
import { type FlowStep, failureBySteps } from './failure-by-steps.ts';

const BLR = 0x4e800020;
/** `bctr`, `bctrl`, `blrl`. */
const elsewhere: readonly number[] = [0x4e800420, 0x4e800421, 0x4e800021];
const SC = 17;
const EQUAL = 2;

export function powerpcFailure(byteOrder: 'little' | 'big'): FailureLooks {
  return failureBySteps((code, at) => {
    if (at + 4 > code.length) return null;
    return stepOf(byteOrder === 'little' ? code.readUInt32LE(at) : code.readUInt32BE(at), at);
  });
}

function stepOf(word: number, at: number): FlowStep | null {
  const length = 4;
  if (word === BLR) return { does: 'return', length };
  if (elsewhere.includes(word) || word >>> 26 === SC || isTrap(word))
    return { does: 'stop', length };
  if (word >>> 26 === 18) {
    const target = at + signed(word & 0x3fffffc, 26);
    return { does: (word & 1) === 1 ? 'call' : 'jump', length, target };
  }
  // Other branches through a register have conditions.
  if (word >>> 26 === 19 && (word & 0x7fe) === 0x20) return null;
  if (word >>> 26 !== 16) return { does: 'go on', length };
  const condition = (word >>> 21) & 0x1c;
  if (((word >>> 16) & 3) !== EQUAL || (condition !== 4 && condition !== 12)) return null;
  const target = at + signed(word & 0xfffc, 16);
  return { does: condition === 12 ? 'if equal' : 'if different', length, target };
}

/** `trap`, and `tw` and `td` of any condition. */
function isTrap(word: number): boolean {
  return word === 0 || (word >>> 26 === 31 && ((word & 0x7fe) === 0x8 || (word & 0x7fe) === 0x88));
}

/** The guard that is loaded into the register is compared before it would be stored: `xor.`, `cmpld`, `cmplw` and their kin. */
export function comparesGuard(words: Uint32Array, index: number): boolean {
  const register = ((words[index] ?? 0) >>> 21) & 31;
  for (let next = index + 1; next < Math.min(index + 8, words.length); next += 1) {
    const word = words[next] ?? 0;
    const isStore = word >>> 26 === 62 || word >>> 26 === 36;
    if (isStore && ((word >>> 21) & 31) === register) return false;
    const isXor = (word & 0xfc0007ff) >>> 0 === 0x7c000279;
    const isComparison = [0x7c000040, 0x7c000000].includes((word & 0xfc0007fe) >>> 0);
    const first = isXor ? (word >>> 21) & 31 : (word >>> 16) & 31;
    if ((isXor || isComparison) && (first === register || ((word >>> 11) & 31) === register))
      return true;
  }
  return false;
}
