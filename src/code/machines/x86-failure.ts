// supporting: where the branch of a canary's check leads when the canary differs
import type { FailureLooks } from '../machine.ts';
import { mayBeDistance } from './x86-distance.ts';

/** The prefix of the comparison, and how far behind it its branch may stand. */
const shortestAccess = 4;
const branchReach = 32;
/** What may stand before the call: values that are put back, an alignment, the address of the GOT. */
const beforeCall = 32;
/** `je` over the call, as compilers write it without optimisation. */
const overCall = 24;
/** A function that does something before it returns is longer than that, or does it at once. */
const functionReach = 32;

const CALL = 0xe8;
const JMP = 0xe9;
const JMP_SHORT = 0xeb;
const THROUGH = 0xff;
const RET = 0xc3;
const HLT = 0xf4;
const INT3 = 0xcc;
const INT = 0xcd;
const ESCAPE = 0x0f;
const UD2 = 0x0b;
const SYSCALL = 0x05;
const SYSENTER = 0x34;

const thunks = [Buffer.from('488d642408c3', 'hex'), Buffer.from('8d642404c3', 'hex')];

type Read = Parameters<FailureLooks['leadsTo']>[0];
type IsLive = Parameters<FailureLooks['leadsTo']>[2];

export const x86Failure: FailureLooks = { leadsTo, returnsAtOnce, mayReturn };

/**
 * All bytes that may be a branch, a call or a jump count, so a check comes to nothing only where there is nothing of the kind.
 */
function leadsTo(read: Read, check: number, isLive: IsLive): boolean {
  const code = Buffer.from(read(check, shortestAccess + branchReach + 6));
  for (let at = shortestAccess; at + 2 <= code.length && at < branchReach; at += 1) {
    const branch = branchAt(code, at);
    if (branch === null || branch.length + at === branch.target) continue;
    const differs = branch.ifEqual ? at + branch.length : branch.target;
    const from = check + differs;
    if (comesTo(read(from, branch.ifEqual ? overCall : beforeCall), from, isLive)) return true;
  }
  return false;
}

interface Branch {
  readonly length: number;
  /** As `at`, in the code. */
  readonly target: number;
  /** `je`: it is taken where nothing was overwritten. */
  readonly ifEqual: boolean;
}

function branchAt(code: Buffer, at: number): Branch | null {
  const byte = code[at] ?? 0;
  if (byte === 0x74 || byte === 0x75)
    return { length: 2, target: at + 2 + code.readInt8(at + 1), ifEqual: byte === 0x74 };
  const near = code[at + 1] ?? 0;
  if (byte !== ESCAPE || (near & 0xfe) !== 0x84 || at + 6 > code.length) return null;
  return { length: 6, target: at + 6 + code.readInt32LE(at + 2), ifEqual: near === 0x84 };
}

/** The first thing that some code calls, jumps to or stops at is live. No code at all is a stop. */
function comesTo(code: Buffer, offset: number, isLive: IsLive): boolean {
  if (code.length === 0) return isLive(null);
  for (let at = 0; at < code.length; at += 1) {
    const byte = code[at] ?? 0;
    if (byte === RET && !mayBeDistance(code, at)) return false;
    if (isStop(code, at) || byte === THROUGH) return isLive(null);
    const target = targetAt(code, at);
    if (target !== null) return isLive(Number.isNaN(target) ? null : offset + target);
  }
  return false;
}

/** Of a call or jump; NaN where it is cut short and may lead anywhere. */
function targetAt(code: Buffer, at: number): number | null {
  const byte = code[at];
  if (byte === JMP_SHORT) return at + 2 > code.length ? Number.NaN : at + 2 + code.readInt8(at + 1);
  if (byte !== CALL && byte !== JMP) return null;
  return at + 5 > code.length ? Number.NaN : at + 5 + code.readInt32LE(at + 1);
}

function isStop(code: Buffer, at: number): boolean {
  const byte = code[at] ?? 0;
  if (byte === HLT || byte === INT3 || byte === INT) return true;
  return byte === ESCAPE && [UD2, SYSCALL, SYSENTER].includes(code[at + 1] ?? 0);
}

function mayReturn(code: Buffer): boolean {
  for (let at = 0; at < code.length; at += 1) {
    const byte = code[at] ?? 0;
    if (byte !== RET && byte !== JMP && byte !== JMP_SHORT && byte !== THROUGH) continue;
    if (mayBeDistance(code, at)) continue;
    if (byte === RET || (byte === THROUGH && ((code[at + 1] ?? 0) & 0x38) === 0x20)) return true;
    const target = targetAt(code, at) ?? 0;
    if (byte !== THROUGH && !(target >= 0 && target < code.length)) return true;
  }
  return false;
}

/** `lea n(%rsp),%rsp` and `ret`, which it calls itself: what compilers put in the place of `ret`. */
function isReturnThunk(code: Buffer, call: number): boolean {
  const target = targetAt(code, call) ?? 0;
  return thunks.some((thunk) => code.subarray(target, target + thunk.length).equals(thunk));
}

/** A function comes to its return without a call, jump or stop: whatever it is told, it goes on. A number: it jumps there. */
function returnsAtOnce(read: Read, start: number): boolean | number {
  const code = read(start, functionReach);
  for (let at = 0; at < code.length; at += 1) {
    const byte = code[at] ?? 0;
    if (byte === RET) return true;
    const target = byte === CALL ? null : targetAt(code, at);
    if (target !== null) return Number.isNaN(target) ? false : start + target;
    if (byte === CALL && isReturnThunk(code, at)) return true;
    if (byte === CALL || byte === THROUGH || isStop(code, at)) return false;
  }
  return false;
}
