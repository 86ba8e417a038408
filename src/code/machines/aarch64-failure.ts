import type { FailureLooks, IsLive, ReadCode } from '../machine.ts';
import { signed, wordsOf } from '../words.ts';
import { isTakenWhereSet, isTestOfBit, setWhereDifferent } from './aarch64-canary.ts';

/** Instructions from the one by which a check is known to its branch, and from there to the call. */
const branchReach = 8;
const callReach = 8;
const functionReach = 16;
const RET = 0xd65f03c0;

export const aarch64Failure: FailureLooks = { leadsTo, returnsAtOnce, mayReturn };

function leadsTo(read: ReadCode, check: number, isLive: IsLive): boolean {
  return branches(read, check + 4, isLive, true);
}

/** Checks of one function may share their branch: a jump leads to it. Another branch may stand between it and the comparison. */
function branches(read: ReadCode, start: number, isLive: IsLive, mayJump: boolean): boolean {
  const words = wordsAt(read, start, branchReach);
  let found: number | null = null;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    if (mayJump && found === null && (word & 0xfc000000) >>> 0 === 0x14000000)
      return branches(read, start + (index + signed(word, 26)) * 4, isLive, false);
    const differs = whereDifferent(word, index) ?? byResult(words, index);
    if (isCondition(word)) return differs !== null && comesTo(read, start + differs * 4, isLive);
    found ??= differs;
  }
  return found !== null && comesTo(read, start + found * 4, isLive);
}

const isCondition = (word: number) => (word & 0xff00001e) >>> 0 === 0x54000000;

/** `b.ne` and `cbnz` lead there, `b.eq` and `cbz` over it. null for other instructions, and for branches to the next one. */
function whereDifferent(word: number, index: number): number | null {
  if (!isCondition(word) && (word & 0x7e000000) >>> 0 !== 0x34000000) return null;
  const target = index + signed(word >>> 5, 19);
  const ifEqual = isCondition(word) ? (word & 1) === 0 : (word & 0x01000000) === 0;
  if (target === index + 1) return null;
  return ifEqual ? index + 1 : target;
}

/** The same of `cset wd,ne` or `eq` and a branch by wd. */
function byResult(words: Uint32Array, index: number): number | null {
  const test = words[index] ?? 0;
  const result = words[index - 1] ?? 0;
  const isSet = setWhereDifferent(result);
  if (isSet === null || !isTestOfBit(test, result & 31)) return null;
  const target = index + signed(test >>> 5, 14);
  if (target === index + 1) return null;
  return isTakenWhereSet(test) === isSet ? target : index + 1;
}

function comesTo(read: ReadCode, start: number, isLive: IsLive): boolean {
  const words = wordsAt(read, start, callReach);
  if (words.length === 0) return isLive(null);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    if (word === RET) return false;
    if (isStop(word)) return isLive(null);
    if ((word & 0x7c000000) >>> 0 === 0x14000000)
      return isLive(start + (index + signed(word, 26)) * 4);
  }
  return false;
}

function returnsAtOnce(read: ReadCode, start: number): boolean | number {
  const words = wordsAt(read, start, functionReach);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    if (word === RET) return true;
    if (isStop(word) || (word & 0xfc000000) >>> 0 === 0x94000000) return false;
    if ((word & 0xfc000000) >>> 0 === 0x14000000) return start + (index + signed(word, 26)) * 4;
  }
  return false;
}

function mayReturn(code: Buffer): boolean {
  const words = wordsOf(code, 'little');
  return words.some((word, index) => {
    if (word === RET || (word & 0xfffffc1f) >>> 0 === 0xd61f0000) return true;
    if ((word & 0xfc000000) >>> 0 !== 0x14000000) return false;
    const target = index + signed(word, 26);
    return target < 0 || target >= words.length;
  });
}

/** `brk`, `hlt`, `svc` and their kin; `br` and `blr` lead anywhere. */
function isStop(word: number): boolean {
  return word >>> 24 === 0xd4 || (word & 0xffdffc1f) >>> 0 === 0xd61f0000;
}

function wordsAt(read: ReadCode, offset: number, count: number): Uint32Array {
  const code = read(offset, count * 4);
  return wordsOf(code.subarray(0, code.length & ~3), 'little').slice();
}
