import { signed } from '../words.ts';

const FP = 11;
const IP = 12;
const SP = 13;

const masked = (word: number, mask: number) => (word & mask) >>> 0;
const rd = (word: number) => (word >>> 12) & 15;
const rn = (word: number) => (word >>> 16) & 15;
const rm = (word: number) => word & 15;
const isFrame = (register: number) => register === FP || register === SP;

const isMoveZero = (word: number) => masked(word, 0xffff0fff) === 0xe3a00000;
const isLoad = (word: number) => masked(word, 0xff700000) === 0xe5100000;
/** Without displacement. */
const isPlainLoad = (word: number) => masked(word, 0xff700fff) === 0xe5100000;

/** gcc 9 and later: `ldr rt,[rg]`, `str rt,[sp,#n]`, `mov rt,#0`; the index is that of the last. */
export function isCanaryStoreA32(words: Uint32Array, index: number): boolean {
  const move = words[index] ?? 0;
  if (!isMoveZero(move)) return false;
  const store = words[index - 1] ?? 0;
  const load = words[index - 2] ?? 0;
  const isStore = masked(store, 0xff700000) === 0xe5000000 && isFrame(rn(store));
  return isStore && rd(store) === rd(move) && isPlainLoad(load) && rd(load) === rd(move);
}

/** `eors rd,rd,rt`, `mov rt,#0`. */
export function isCanaryCheckA32(words: Uint32Array, index: number): boolean {
  const move = words[index] ?? 0;
  const compare = words[index - 1] ?? 0;
  if (!isMoveZero(move) || masked(compare, 0xfff00ff0) !== 0xe0300000) return false;
  const guard = rd(move);
  return (rm(compare) === guard || rn(compare) === guard) && rd(compare) !== guard;
}

/** `push` of several registers or of one, behind which a frame pointer is set up. */
const isPush = (word: number) =>
  masked(word, 0xffff0000) === 0xe92d0000 || masked(word, 0xffff0fff) === 0xe52d0004;

/** `add rd,sp,#n`, `add rd,sp,rm` or `mov rd,sp`, but not those that set up a frame pointer. */
export function isStackAddressA32(word: number, before: number): boolean {
  const target = rd(word);
  if (target === SP) return false;
  if (masked(word, 0xffff0000) === 0xe28d0000) return target !== FP || !isPush(before);
  if (masked(word, 0xffff0010) === 0xe08d0000 || masked(word, 0xfff00fff) === 0xe080000d)
    return true;
  return masked(word, 0xffff0fff) === 0xe1a0000d && !isFrame(target) && target !== IP;
}

const lookBack = 6;
const lookAhead = 5;

/** clang and older gcc: `ldr a,[sp,#n]`, `ldr b,[g]`, `cmp a,b`, and where they differ `bl`: offset of its target. */
export function guardedCalleeA32(words: Uint32Array, index: number): number | null {
  const compare = words[index] ?? 0;
  if (masked(compare, 0xfff0fff0) !== 0xe1500000 || !comparesFrameWithMemory(words, index))
    return null;
  for (let at = index + 1; at <= index + lookAhead && at < words.length; at += 1) {
    const word = words[at] ?? 0;
    // bne: the call is where it leads.
    if (word >>> 24 === 0x1a) return callee(words, at + 2 + signed(word, 24));
    const direct = callee(words, at);
    if (direct !== null) return direct;
  }
  return null;
}

/** Target of the `bl`, `blne` or `blx` at an index. */
function callee(words: Uint32Array, index: number): number | null {
  const word = words[index] ?? 0;
  const opcode = word >>> 24;
  const isExchange = opcode === 0xfa || opcode === 0xfb;
  if (opcode !== 0xeb && opcode !== 0x1b && !isExchange) return null;
  return (index + 2 + signed(word, 24)) * 4 + (isExchange ? (opcode & 1) * 2 : 0);
}

function comparesFrameWithMemory(words: Uint32Array, index: number): boolean {
  const compare = words[index] ?? 0;
  let fromFrame = false;
  let fromElsewhere = false;
  for (let before = Math.max(0, index - lookBack); before < index; before += 1) {
    const load = words[before] ?? 0;
    if (!isLoad(load) || (rd(load) !== rn(compare) && rd(load) !== rm(compare))) continue;
    if (isFrame(rn(load))) fromFrame = true;
    else if (isPlainLoad(load)) fromElsewhere = true;
  }
  return fromFrame && fromElsewhere;
}
