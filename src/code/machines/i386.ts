import type { Machine, StartCode, Startup } from '../machine.ts';
import { i386Calls } from './i386-calls.ts';
import { x86StackMoves } from './stack-moves.ts';
import { isGuardOpcode, largeFrame, purposeOf, x86Reach, x86Scan } from './x86.ts';
import { x86IsOpcode } from './x86-boundaries.ts';
import { x86Failure } from './x86-failure.ts';
import type { GuardAccess } from './x86-guard-use.ts';
import { narrowSetUp, x86IndexedStores } from './x86-indexed-stores.ts';
import { endbr32At } from './x86-landing-pad.ts';
import { x86MakesLargeFrame } from './x86-large-frame.ts';
import { x86GuardedTraps } from './x86-traps.ts';
import { x86ReturnsUnchecked } from './x86-unchecked.ts';
import { x86MovesUnsafeStack } from './x86-unsafe-stack.ts';

const GS = 0x65;
const MOV_EAX = 0xa1;

/** `op %gs:0x14,r32`: opcode and ModRM for a bare displacement, or the short `mov %gs:0x14,%eax`. */
function guardAccess(bytes: Buffer, at: number): GuardAccess | null {
  const opcode = bytes[at + 1];
  if (opcode === MOV_EAX) return isGuardOffset(bytes, at + 2) ? 'store' : null;
  const bare = ((bytes[at + 2] ?? 0) & 0xc7) === 0x05;
  return bare && isGuardOffset(bytes, at + 3) ? purposeOf(opcode) : null;
}

function isGuardOffset(bytes: Buffer, at: number): boolean {
  return bytes.length >= at + 4 && bytes.readUInt32LE(at) === 0x14;
}

export const i386: Machine = {
  name: 'i386',
  canaryProof: { stores: 0, checks: 0, sum: 1, guardedCalls: null },
  seesEveryCanary: true,
  framePointer: 5,
  largeFrame,
  makesLargeFrame: x86MakesLargeFrame(false),
  stackMoves: x86StackMoves,
  frameAddresses: x86IndexedStores(narrowSetUp),
  framesApart: true,
  isOpcode: x86IsOpcode(false),
  reach: x86Reach,
  scan: x86Scan({
    guardAccess,
    guardPrefixes: [GS],
    guardSecond: (opcode) => opcode === MOV_EAX || isGuardOpcode(opcode),
    guardThird: () => true,
    wide: false,
  }),
  returnsUnchecked: x86ReturnsUnchecked({ guardAccess, guardPrefixes: [GS] }),
  failure: x86Failure(false),
  landsAt: endbr32At,
  calls: i386Calls,
  guardedTraps: x86GuardedTraps,
  movesUnsafeStack: x86MovesUnsafeStack(false),
  startup: i386Startup,
};

const startCodeSize = 64;

const CALL = 0xe8;

const HLT = 0xf4;

const PUSH_IMMEDIATE = 0x68;

/** glibc's `_start` ends with `call __libc_start_main; hlt`, with main pushed last: as an immediate, or through %eax. */
function i386Startup({ entry, codeAt }: StartCode): Startup | null {
  const code = codeAt(entry, startCodeSize);
  for (let at = 0; at + 6 <= code.length; at += 1) {
    if (code[at] !== CALL || code[at + 5] !== HLT) continue;
    const libcStart = BigInt.asUintN(32, entry + BigInt(at + 5 + code.readInt32LE(at + 1)));
    return { main: mainBefore(code, at), libcStart };
  }
  return null;
}

/** `mov $main,%eax; push %eax` or `push $main`; position-independent code computes it from the GOT instead. */
function mainBefore(code: Buffer, call: number): bigint | null {
  if (call >= 7 && code.readUInt16BE(call - 7) === 0xc7c0)
    return BigInt(code.readUInt32LE(call - 5));
  if (call >= 5 && code[call - 5] === PUSH_IMMEDIATE) return BigInt(code.readUInt32LE(call - 4));
  return null;
}
