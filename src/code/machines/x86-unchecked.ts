import type { IsIdle } from '../machine.ts';
import type { X86Abi } from './x86.ts';
import { mayBeDistance } from './x86-distance.ts';
import { guardUse, leadsToBranch } from './x86-guard-use.ts';

/** How far behind an access to the guard the branch may stand, where its comparison takes two instructions. */
const branchReach = 24;
const RET = 0xc3;
const JMP = 0xe9;
/** `jmp` through a register or memory, and the prefix that lets it land anywhere. */
const THROUGH = 0xff;
const NOTRACK = 0x3e;
const REX_B = 0x41;

/** Whether the code of a function returns, and no branch follows an access to the guard in it but for its store and idle checks. */
export function x86ReturnsUnchecked(
  abi: Pick<X86Abi, 'guardAccess' | 'guardPrefixes'>,
): (code: Buffer, isIdle: IsIdle) => boolean {
  return (code, isIdle) => returns(code) && !isChecked(code, abi, isIdle);
}

function returns(code: Buffer): boolean {
  for (let at = 1; at < code.length; at += 1) {
    const isEnd = code[at] === RET ? isPop(code[at - 1]) || movesUp(code, at) : isLeft(code, at);
    if (isEnd && !mayBeDistance(code, at)) return true;
  }
  return false;
}

const isPop = (byte = 0) => (byte & 0xf8) === 0x58;

/**
 * A jump out of the function, to a thunk that returns for it or to another function, or to where a register or memory says, once the
 * frame and its registers are back.
 */
function isLeft(code: Buffer, at: number): boolean {
  if (code[at] === THROUGH && ((code[at + 1] ?? 0) & 0x38) === 0x20) {
    const prefix = code[at - 1] ?? 0;
    return isGivenBack(code, prefix === NOTRACK || (prefix & 0xf0) === 0x40 ? at - 1 : at);
  }
  if (code[at] !== JMP || at + 5 > code.length) return false;
  const target = at + 5 + code.readInt32LE(at + 1);
  return (target < 0 || target >= code.length) && isGivenBack(code, at);
}

/** `pop` of registers, behind what moves the stack pointer up. */
function isGivenBack(code: Buffer, end: number): boolean {
  let before = end;
  while (isPop(code[before - 1])) before -= code[before - 2] === REX_B ? 2 : 1;
  return movesUp(code, before);
}

/** `leave`, `add $n,%rsp`, `lea n(%ecx),%esp`, and of thunks in the function itself and frame pointers `lea n(%rsp|%rbp),%rsp`. */
function movesUp(code: Buffer, end: number): boolean {
  if (code[end - 1] === 0xc9) return true;
  if (code[end - 3] === 0x83 && code[end - 2] === 0xc4) return true;
  if (code[end - 3] === 0x8d && [0x61, 0x65].includes(code[end - 2] ?? 0)) return true;
  if (code[end - 4] === 0x8d && code[end - 3] === 0x64 && code[end - 2] === 0x24) return true;
  return code[end - 6] === 0x81 && code[end - 5] === 0xc4;
}

function isChecked(
  code: Buffer,
  { guardAccess, guardPrefixes }: Pick<X86Abi, 'guardAccess' | 'guardPrefixes'>,
  isIdle: IsIdle,
): boolean {
  for (let at = 0; at + 4 <= code.length; at += 1) {
    const access = guardPrefixes.includes(code[at] ?? 0) ? guardAccess(code, at) : null;
    if (access === null || guardUse(code, at, access) === 'store' || isIdle(at)) continue;
    if (leadsToBranch(code, at + 4, branchReach)) return true;
  }
  return false;
}
