// supporting: functions that put the guard into their frame and return without looking at it again
import type { X86Abi } from './x86.ts';
import { mayBeDistance } from './x86-distance.ts';
import { guardUse, leadsToBranch } from './x86-guard-use.ts';

/** How far behind an access to the guard the branch may stand, where its comparison takes two instructions. */
const branchReach = 24;
const RET = 0xc3;
const JMP = 0xe9;
const REX_B = 0x41;

/** Whether the code of a function returns, and no branch follows an access to the guard in it but for its store. */
export function x86ReturnsUnchecked(
  abi: Pick<X86Abi, 'guardAccess' | 'guardPrefixes'>,
): (code: Buffer) => boolean {
  return (code) => returns(code) && !isChecked(code, abi);
}

function returns(code: Buffer): boolean {
  for (let at = 1; at < code.length; at += 1) {
    const isEnd = code[at] === RET ? isPop(code[at - 1]) || movesUp(code, at) : isLeft(code, at);
    if (isEnd && !mayBeDistance(code, at)) return true;
  }
  return false;
}

const isPop = (byte = 0) => (byte & 0xf8) === 0x58;

/** A jump out of the function, to a thunk that returns for it or to another function, once the frame and its registers are back. */
function isLeft(code: Buffer, at: number): boolean {
  if (code[at] !== JMP || at + 5 > code.length) return false;
  const target = at + 5 + code.readInt32LE(at + 1);
  if (target >= 0 && target < code.length) return false;
  let before = at;
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
): boolean {
  for (let at = 0; at + 4 <= code.length; at += 1) {
    const access = guardPrefixes.includes(code[at] ?? 0) ? guardAccess(code, at) : null;
    if (access === null || guardUse(code, at, access) === 'store') continue;
    if (leadsToBranch(code, at + 4, branchReach)) return true;
  }
  return false;
}
