import type { Code } from '../functions/code-pieces.ts';
import type { Machine, StartCode, Startup } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { isIndexedStore, s390xFrameAddresses, takesAddress } from './frame-pointers.ts';
import { s390xFailure } from './s390x-failure.ts';

/** A page, and what a function may save in addition. */
const largeFrame = 4096 + 64;

const MVC = 0xd2;
const CLC = 0xd5;
const GUARD_OFFSET = 0x28;
/** The address of the thread block is fetched at most this far before its use. */
const earReach = 4096;
const clangReach = 20;

export const s390x: Machine = {
  name: 's390x',
  canaryProof: { stores: 0, checks: 1, sum: 2, guardedCalls: null },
  seesEveryCanary: true,
  framePointer: 11,
  largeFrame,
  stackMoves,
  frameAddresses: s390xFrameAddresses,
  reach: Number.POSITIVE_INFINITY,
  scan,
  returnsUnchecked: null,
  failure: s390xFailure,
  landsAt: null,
  calls: null,
  guardedTraps: null,
  startup: s390xStartup,
};

/** Bytes of an instruction, by its two highest bits. */
const lengths = [2, 4, 4, 6];

/** One pass from instruction to instruction; the two highest bits give its length. */
function scan({ bytes, offset }: Code, sightings: Sightings): void {
  let threadBlockAt = Number.NEGATIVE_INFINITY;
  for (let at = 0; at + 2 <= bytes.length; at += lengths[(bytes[at] ?? 0) >> 6] ?? 2) {
    const opcode = bytes[at];
    if (opcode === 0xb2 && bytes[at + 1] === 0x4f) threadBlockAt = at;
    else if (opcode === MVC || opcode === CLC) {
      if (!isGuardOperand(bytes, at) || at - threadBlockAt > earReach) continue;
      (opcode === MVC ? sightings.canaryStores : sightings.canaryChecks).push(offset + at);
    } else if (
      opcode === 0xe3 &&
      at - threadBlockAt <= clangReach &&
      loadsGuard(bytes, at, threadBlockAt)
    ) {
      sightings.canaryChecks.push(offset + at);
    }
    if (isProbe(bytes, at)) sightings.stackProbes.push(offset + at);
    if (allocationAt(bytes, at) > largeFrame) sightings.largeAllocations.push(offset + at);
    if (takesAddress(bytes, at, 15)) sightings.stackAddresses.push(offset + at);
    if (isIndexedStore(bytes, at, 15)) sightings.indexedStores.push(offset + at);
  }
}

/** `mvc n(8,%r15),40(%rx)` and `clc n(8,%r15),40(%rx)`: eight bytes, of which the second operand is the guard. */
function isGuardOperand(bytes: Buffer, at: number): boolean {
  const base = bytes[at + 4] ?? 0;
  return bytes[at + 1] === 7 && (base & 15) === 0 && base !== 0 && bytes[at + 5] === GUARD_OFFSET;
}

/** clang: `ear %rx,%a1`, and soon `lg %ry,40(%rx)`, for the store and again for the check. */
function loadsGuard(bytes: Buffer, at: number, threadBlockAt: number): boolean {
  const access = bytes[threadBlockAt + 3] ?? 0;
  const base = bytes[at + 2] ?? 0;
  const isGuard = bytes[at + 3] === GUARD_OFFSET && bytes[at + 4] === 0 && bytes[at + 5] === 0x04;
  return isGuard && (access & 15) === 1 && (base & 15) === 0 && base >> 4 === access >> 4;
}

/** `cg %r0,n(%r15)`: reads a word of the new page. */
function isProbe(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 0xe3 || bytes[at + 1] !== 0 || (bytes[at + 2] ?? 0) >> 4 !== 15) return false;
  return bytes[at + 4] === 0 && bytes[at + 5] === 0x20;
}

/** Frames are given back by `lmg %rx,%r15,n(%r15)` or `n(%r11)`, which loads the stack pointer of the caller. */
function stackMoves(code: Buffer, move: (bytes: number) => void): void {
  for (let at = 0; at + 6 <= code.length; at += lengths[(code[at] ?? 0) >> 6] ?? 2) {
    const bytes = allocationAt(code, at);
    if (bytes !== 0) move(-bytes);
    const isLoad = code[at] === 0xeb && code[at + 5] === 0x04 && ((code[at + 1] ?? 0) & 15) === 15;
    const base = (code[at + 2] ?? 0) >> 4;
    if (isLoad && (base === 15 || base === 11)) move(Number.POSITIVE_INFINITY);
  }
}

/** By how much `lay %r15,-n(%r15)`, `aghi %r15,-n` or `agfi %r15,-n` lowers the stack pointer; 0 for anything else. */
function allocationAt(bytes: Buffer, at: number): number {
  const first = bytes.readUInt16BE(at);
  if (first === 0xa7fb && at + 4 <= bytes.length) return -bytes.readInt16BE(at + 2);
  if (at + 6 > bytes.length) return 0;
  if (first === 0xc2f8) return -bytes.readInt32BE(at + 2);
  if (first !== 0xe3f0 || (bytes[at + 2] ?? 0) >> 4 !== 15 || bytes[at + 5] !== 0x71) return 0;
  const low = bytes.readUInt16BE(at + 2) & 0xfff;
  return -(bytes.readInt8(at + 4) * 4096 + low);
}

const startCodeSize = 96;

const LARL_R2 = 0xc020;

const BRASL_R14 = 0xc0e5;

/** glibc's `_start`: `larl %r2,main`, `brasl %r14,__libc_start_main`; displacements count halfwords. */
function s390xStartup({ entry, codeAt }: StartCode): Startup | null {
  const code = codeAt(entry, startCodeSize);
  let main: bigint | null = null;
  for (let at = 0; at + 6 <= code.length; at += 2) {
    const opcode = code.readUInt16BE(at);
    const target = () => entry + BigInt(at + code.readInt32BE(at + 2) * 2);
    if (opcode === LARL_R2) main = target();
    if (opcode === BRASL_R14) return { main, libcStart: target() };
  }
  return null;
}
