import { countBefore } from '../functions/ascending.ts';
import { modrmLength } from './x86-instruction.ts';

/** What may stand between the target of a branch and the call: an alignment, `vzeroupper`, an adjustment of the stack. */
const beforeCall = 8;
/** `je` over the call, as compilers write it without optimisation: the call is this near behind it. */
const overCall = 16;
const RET = 0xc3;
/** The longest comparison of a register with memory. */
const longestComparison = 9;

/**
 * Offsets of `je` and `jne` right behind a comparison of 64-bit words that lead to one of the calls, or over one that comes
 * next. `calls` are addresses, ascending.
 */
export function x86ComparedBranches(
  code: Buffer,
  address: number,
  calls: readonly number[],
): readonly number[] {
  const first = calls[0] ?? 0;
  const last = calls.at(-1) ?? 0;
  const found: number[] = [];
  for (let at = 0; at + 2 <= code.length; at += 1) {
    const target = targetOf(code, address, at);
    if (target === null || !followsComparison(code, at)) continue;
    const leads = target <= last && target + beforeCall >= first;
    const isChecked =
      (leads && goesTo(code, address, calls, target)) || goesOver(calls, address + at, target);
    if (isChecked) found.push(at);
  }
  return found;
}

/**
 * Addresses that are called directly where a 64-bit word of memory differs from what it is compared with, one for each `je` or `jne`
 * right behind the comparison: checks of canaries look so, and others too.
 */
export function x86ComparedCalls(code: Buffer, address: number): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + 2 <= code.length; at += 1) {
    const target = targetOf(code, address, at);
    if (target === null) continue;
    const isEqual = (code[code[at] === 0x0f ? at + 1 : at] ?? 0) % 2 === 0;
    const behind = at + (code[at] === 0x0f ? 6 : 2);
    const called = callAt(code, isEqual ? behind : target - address);
    // Few branches lead to a call, and to look for the comparison takes longer.
    if (called !== null && followsComparison(code, at, true)) found.push(address + called);
  }
  return found;
}

/** What the `call` at an offset leads to, as an offset. */
function callAt(code: Buffer, at: number): number | null {
  return code[at] === 0xe8 && at + 5 <= code.length ? at + 5 + code.readInt32LE(at + 1) : null;
}

function targetOf(code: Buffer, address: number, at: number): number | null {
  const byte = code[at] ?? 0;
  // This runs for each byte of large code.
  if (byte > 0x75 || (byte !== 0x0f && byte < 0x74)) return null;
  if (byte !== 0x0f) return address + at + 2 + code.readInt8(at + 1);
  if (((code[at + 1] ?? 0) & 0xfe) !== 0x84 || at + 6 > code.length) return null;
  return address + at + 6 + code.readInt32LE(at + 2);
}

/** A call comes next, in this function: no `ret` ends it before. */
function goesTo(code: Buffer, address: number, calls: readonly number[], target: number): boolean {
  const call = calls[countBefore(calls, target)];
  if (call === undefined || call > target + beforeCall) return false;
  return target < address || !code.subarray(target - address, call - address).includes(RET);
}

function goesOver(calls: readonly number[], branch: number, target: number): boolean {
  const call = calls[countBefore(calls, branch)];
  return call !== undefined && call <= branch + overCall && target > call;
}

/** `cmp`, `sub` or `xor` with a REX.W prefix ends at `end`, by its length. */
function followsComparison(code: Buffer, end: number, ofMemory = false): boolean {
  for (let at = Math.max(0, end - longestComparison); at <= end - 3; at += 1) {
    const isWide = ((code[at] ?? 0) & 0xf8) === 0x48;
    const opcode = (code[at + 1] ?? 0) & 0xfd;
    if (!isWide || (opcode !== 0x39 && opcode !== 0x29 && opcode !== 0x31)) continue;
    if (ofMemory && (code[at + 2] ?? 0) >= 0xc0) continue;
    if (at + 2 + modrmLength(code, at + 2, false) === end) return true;
  }
  return false;
}
