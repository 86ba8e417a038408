import { wordsOf } from '../words.ts';

/** `ldr xt,[xn,xm]` and `ldr xt,[xn,#n]`; a store has the bit of a load clear. */
const byRegister = 0xf8606800;
const byNumber = 0xf9400000;
const isLoad = 0x00400000;
/** How many instructions may stand between the load of the pointer and its store. */
const reach = 10;
const stackPointer = 31;

/**
 * The code of a function moves the pointer of a second stack, as clang's SafeStack does for each buffer: `ldr a,[t,i]`, `sub b,a,#n` and
 * `str b,[t,i]`, where the place in the thread block is the same.
 */
export function aarch64MovesUnsafeStack(code: Buffer): boolean {
  const words = wordsOf(code, 'little');
  return words.some((word, index) => isPlace(word | 0, isLoad) && isMoved(words, index));
}

function isMoved(words: Uint32Array, from: number): boolean {
  const load = words[from] ?? 0;
  const lowered = new Set<number>();
  const end = Math.min(words.length, from + 1 + reach);
  for (let index = from + 1; index < end; index += 1) {
    const word = words[index] ?? 0;
    const register = word & 31;
    if (isSamePlace(load, word)) return lowered.has(register);
    if (isLowered(word, load & 31)) lowered.add(register);
  }
  return false;
}

/** A place below an address of a register that is not the stack pointer. */
function isPlace(word: number, direction: number): boolean {
  const base = (word >>> 5) & 31;
  const register = (byRegister & ~isLoad) | direction;
  const number = (byNumber & ~isLoad) | direction;
  const is = ((word & 0xffe0fc00) ^ register) === 0 || ((word & 0xffc00000) ^ number) === 0;
  return is && base !== stackPointer;
}

function isSamePlace(load: number, word: number): boolean {
  return isPlace(word, 0) && ((load ^ word) & ~(isLoad | 31)) === 0;
}

/** `sub xd,xn,#n` or, without optimisation, `subs`; with the constant as it is or shifted. */
function isLowered(word: number, base: number): boolean {
  return ((word & 0xdf800000) ^ 0xd1000000) === 0 && ((word >>> 5) & 31) === base;
}
