import type { Machine } from '../machine.ts';
import { x86StackMoves } from './stack-moves.ts';
import { isGuardOpcode, largeFrame, purposeOf, x86Reach, x86Scan } from './x86.ts';
import { x86Calls } from './x86-64-calls.ts';
import { x86Startup } from './x86-64-startup.ts';
import { x86IsOpcode } from './x86-boundaries.ts';
import { x86Failure } from './x86-failure.ts';
import type { GuardAccess } from './x86-guard-use.ts';
import { wideSetUp, x86IndexedStores } from './x86-indexed-stores.ts';
import { endbr64At } from './x86-landing-pad.ts';
import { x86MakesLargeFrame } from './x86-large-frame.ts';
import { x86GuardedTraps } from './x86-traps.ts';
import { x86ReturnsUnchecked } from './x86-unchecked.ts';
import { x86MovesUnsafeStack } from './x86-unsafe-stack.ts';

const FS = 0x64;
const GS = 0x65;

/** `op %fs:0x28,r64`: REX.W, opcode, ModRM and SIB for a bare displacement, then the TCB's offset of the guard. */
function guardAccess(bytes: Buffer, at: number): GuardAccess | null {
  const rex = bytes[at + 1];
  const bare = bytes[at + 4] === 0x25 && ((bytes[at + 3] ?? 0) & 0xc7) === 0x04;
  if (!bare || (rex !== 0x48 && rex !== 0x4c)) return null;
  if (bytes.length < at + 9 || bytes.readUInt32LE(at + 5) !== 0x28) return null;
  return purposeOf(bytes[at + 2]);
}

const guard = {
  guardAccess,
  guardSecond: (rex: number) => rex === 0x48 || rex === 0x4c,
  guardThird: isGuardOpcode,
  wide: true,
};

const program: Machine = {
  name: 'x86-64',
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
  scan: x86Scan({ ...guard, guardPrefixes: [FS] }),
  returnsUnchecked: x86ReturnsUnchecked({ ...guard, guardPrefixes: [FS] }),
  movesUnsafeStack: x86MovesUnsafeStack(true),
  failure: x86Failure(true),
  landsAt: endbr64At,
  calls: x86Calls,
  guardedTraps: x86GuardedTraps,
  startup: x86Startup,
};

/** In the kernel %gs holds the per-CPU area, with the guard at the same offset (before Linux 6.15). */
const relocatable: Machine = {
  ...program,
  scan: x86Scan({ ...guard, guardPrefixes: [FS, GS] }),
  returnsUnchecked: x86ReturnsUnchecked({ ...guard, guardPrefixes: [FS, GS] }),
};

export const x86_64 = { program, relocatable };
