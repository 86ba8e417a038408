import { signed } from '../words.ts';

const FP = 29;
const SP = 31;

/** Register fields of an A64 instruction. */
const rd = (word: number) => word & 31;
const rn = (word: number) => (word >>> 5) & 31;
const rm = (word: number) => (word >>> 16) & 31;

const masked = (word: number, mask: number) => (word & mask) >>> 0;
const isMoveZero = (word: number) => masked(word, 0xffffffe0) === 0xd2800000;
/** 64-bit loads and stores with a scaled (LDR, STR) or unscaled (LDUR, STUR) offset. */
const isLoad = (word: number) =>
  masked(word, 0xffc00000) === 0xf9400000 || masked(word, 0xffe00c00) === 0xf8400000;
const isStore = (word: number) =>
  masked(word, 0xffc00000) === 0xf9000000 || masked(word, 0xffe00c00) === 0xf8000000;
const isFrame = (register: number) => register === FP || register === SP;

/** gcc never splits these three: `ldr xt,[xg]`, `str xt,[sp,#n]`, `mov xt,#0`; the index is that of the last. */
export function isCanaryStore(words: Uint32Array, index: number): boolean {
  const move = words[index] ?? 0;
  const store = words[index - 1] ?? 0;
  const load = words[index - 2] ?? 0;
  const register = rd(move);
  return (
    isMoveZero(move) &&
    isStore(store) &&
    rd(store) === register &&
    isFrame(rn(store)) &&
    isLoad(load) &&
    rd(load) === register &&
    !isFrame(rn(load))
  );
}

/** gcc's comparison: two loads, `subs xd,xd,xt` (`eor` before gcc 9), `mov xt,#0`; the index is that of the last. */
export function isCanaryCheck(words: Uint32Array, index: number): boolean {
  const move = words[index] ?? 0;
  const compare = words[index - 1] ?? 0;
  const guard = rd(move);
  const canary = rd(compare);
  const operation = masked(compare, 0xffe0fc00);
  if (!isMoveZero(move) || (operation !== 0xeb000000 && operation !== 0xca000000)) return false;
  if (rm(compare) !== guard || rn(compare) !== canary || canary === guard) return false;
  const first = words[index - 3] ?? 0;
  const second = words[index - 2] ?? 0;
  if (!isLoad(first) || !isLoad(second)) return false;
  const loaded = [rd(first), rd(second)];
  return loaded.includes(guard) && loaded.includes(canary);
}

/** Other instructions may come between the loads and the comparison, and in straight code many. */
const near = 6;
const far = 64;

/**
 * clang: a load from the frame and one from elsewhere, `cmp xa,xb`, `b.ne` to a block that begins with a call; without
 * optimisation `subs xa,xa,xb` and a branch by the result of `cset`. The index is that of the comparison, the answer that of
 * the function called.
 */
export function guardedCallee(words: Uint32Array, index: number): number | null {
  const target = whereDifferent(words, index);
  const call = target === null ? 0 : (words[target] ?? 0);
  if (target === null || masked(call, 0xfc000000) !== 0x94000000) return null;
  return comparesFrameWithMemory(words, index) ? target + signed(call, 26) : null;
}

/** Index of what comes next where the operands of a comparison differ. */
function whereDifferent(words: Uint32Array, index: number): number | null {
  const branch = words[index + 1] ?? 0;
  const operation = masked(words[index] ?? 0, 0xffe0fc00);
  if (operation !== 0xeb000000) return null;
  if (masked(branch, 0xff00001f) === 0x54000001)
    return rd(words[index] ?? 0) === SP ? index + 1 + signed(branch >>> 5, 19) : null;
  const isSet = setWhereDifferent(branch);
  const test = words[index + 2] ?? 0;
  if (isSet === null || !isTestOfBit(test, rd(branch))) return null;
  const next = isTakenWhereSet(test) === isSet ? index + 2 + signed(test >>> 5, 14) : index + 3;
  const jump = words[next] ?? 0;
  return masked(jump, 0xfc000000) === 0x14000000 ? next + signed(jump, 26) : next;
}

/** `cset wd,ne` or `cset wd,eq`: wd is 1 where the operands differ, or where they do not. null for other instructions. */
export function setWhereDifferent(word: number): boolean | null {
  if (masked(word, 0xffffffe0) === 0x1a9f07e0) return true;
  return masked(word, 0xffffffe0) === 0x1a9f17e0 ? false : null;
}

/** `tbz wd,#0` or `tbnz wd,#0`. */
export function isTestOfBit(word: number, register: number): boolean {
  return masked(word, 0xfef8001f) === (0x36000000 | register) >>> 0;
}

export const isTakenWhereSet = (word: number) => (word & 0x01000000) !== 0;

/** One register was loaded from the frame, the other from elsewhere. */
function comparesFrameWithMemory(words: Uint32Array, index: number): boolean {
  const compare = words[index] ?? 0;
  let last: number | null = null;
  for (let before = index - 1; before >= Math.max(0, index - far); before -= 1) {
    const word = words[before] ?? 0;
    if (before < index - near && isBranch(word)) break;
    if (!isLoad(word) || (rd(word) !== rn(compare) && rd(word) !== rm(compare))) continue;
    if (last === null) last = word;
    else if (rd(word) !== rd(last)) return isFrame(rn(word)) !== isFrame(rn(last));
  }
  return false;
}

/** B, BR, RET, B.cond, CBZ, CBNZ, TBZ, TBNZ: what comes after them may be reached in another way. */
function isBranch(word: number): boolean {
  const register = masked(word, 0xfffffc1f);
  return (
    masked(word, 0xfc000000) === 0x14000000 ||
    register === 0xd61f0000 ||
    register === 0xd65f0000 ||
    masked(word, 0xff000000) === 0x54000000 ||
    masked(word, 0x7c000000) === 0x34000000
  );
}
