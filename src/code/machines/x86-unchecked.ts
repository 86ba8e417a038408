// supporting: functions that put the guard into their frame and return without looking at it again
import type { X86Abi } from './x86.ts';
import { mayBeDistance } from './x86-distance.ts';
import { guardUse } from './x86-guard-use.ts';

/** How far behind an access to the guard the branch may stand, where its comparison takes two instructions. */
const branchReach = 24;
const RET = 0xc3;

/** Whether the code of a function returns, and no branch follows an access to the guard in it but for its store. */
export function x86ReturnsUnchecked(
  abi: Pick<X86Abi, 'guardAccess' | 'guardPrefixes'>,
): (code: Buffer) => boolean {
  return (code) => returns(code) && !isChecked(code, abi);
}

/** `ret` behind what gives a frame back: `pop`, `leave`, `add $n,%rsp`, `lea n(%ecx),%esp`. */
function returns(code: Buffer): boolean {
  for (let at = code.indexOf(RET, 1); at >= 0; at = code.indexOf(RET, at + 1)) {
    if (mayBeDistance(code, at)) continue;
    const before = code[at - 1] ?? 0;
    if ((before & 0xf8) === 0x58 || before === 0xc9) return true;
    if (code[at - 3] === 0x83 && code[at - 2] === 0xc4) return true;
    if (code[at - 3] === 0x8d && code[at - 2] === 0x61) return true;
    if (code[at - 6] === 0x81 && code[at - 5] === 0xc4) return true;
  }
  return false;
}

function isChecked(
  code: Buffer,
  { guardAccess, guardPrefixes }: Pick<X86Abi, 'guardAccess' | 'guardPrefixes'>,
): boolean {
  for (let at = 0; at + 4 <= code.length; at += 1) {
    const access = guardPrefixes.includes(code[at] ?? 0) ? guardAccess(code, at) : null;
    if (access === null || guardUse(code, at, access) === 'store') continue;
    if (leadsToBranch(code, at + 4)) return true;
  }
  return false;
}

/** `je` and `jne`, short and near. */
function leadsToBranch(code: Buffer, from: number): boolean {
  for (let at = from; at < from + branchReach && at < code.length; at += 1) {
    const byte = code[at] ?? 0;
    if (byte === 0x74 || byte === 0x75) return true;
    if (byte === 0x0f && ((code[at + 1] ?? 0) & 0xfe) === 0x84) return true;
  }
  return false;
}
