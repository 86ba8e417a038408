import type { Machine } from '../machine.ts';
import { x86StackMoves } from './stack-moves.ts';
import { isGuardOpcode, largeFrame, purposeOf, x86Reach, x86Scan } from './x86.ts';
import { x32Calls } from './x86-64-calls.ts';
import { x86IsOpcode } from './x86-boundaries.ts';
import { x86Failure } from './x86-failure.ts';
import type { GuardAccess } from './x86-guard-use.ts';
import { wideSetUp, x86IndexedStores } from './x86-indexed-stores.ts';
import { endbr64At } from './x86-landing-pad.ts';
import { x86MakesLargeFrame } from './x86-large-frame.ts';
import { x86GuardedTraps } from './x86-traps.ts';
import { x86ReturnsUnchecked } from './x86-unchecked.ts';

const FS = 0x64;
const REX_R = 0x44;

/** The TCB of glibc's x32, whose pointers have 4 bytes, and that of x86-64, which clang 16 takes for both. */
const guardOffsets: readonly number[] = [0x18, 0x28];

/** `op %fs:0x18,r32`: REX.W is not needed. */
function guardAccess(bytes: Buffer, at: number): GuardAccess | null {
  const opcodeAt = bytes[at + 1] === REX_R ? at + 2 : at + 1;
  const bare = bytes[opcodeAt + 2] === 0x25 && ((bytes[opcodeAt + 1] ?? 0) & 0xc7) === 0x04;
  if (!bare || bytes.length < opcodeAt + 7) return null;
  return guardOffsets.includes(bytes.readUInt32LE(opcodeAt + 3))
    ? purposeOf(bytes[opcodeAt])
    : null;
}

export const x32: Machine = {
  name: 'x32',
  canaryProof: { stores: 0, checks: 0, sum: 1, guardedCalls: null },
  seesEveryCanary: true,
  framePointer: 6,
  largeFrame,
  makesLargeFrame: x86MakesLargeFrame(true),
  stackMoves: x86StackMoves,
  frameAddresses: x86IndexedStores(wideSetUp),
  framesApart: true,
  isOpcode: x86IsOpcode(true),
  reach: x86Reach,
  scan: x86Scan({
    guardAccess,
    guardPrefixes: [FS],
    guardSecond: (byte) => byte === REX_R || isGuardOpcode(byte),
    guardThird: () => true,
    wide: false,
    narrow: true,
  }),
  returnsUnchecked: x86ReturnsUnchecked({ guardAccess, guardPrefixes: [FS] }),
  failure: x86Failure(true),
  landsAt: endbr64At,
  calls: x32Calls,
  guardedTraps: x86GuardedTraps,
  startup: null,
};
