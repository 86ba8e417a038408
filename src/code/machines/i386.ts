import type { Machine } from '../machine.ts';
import { i386Startup } from './i386-startup.ts';
import { x86StackMoves } from './stack-moves.ts';
import { isGuardOpcode, largeFrame, purposeOf, x86Reach, x86Scan } from './x86.ts';
import { x86Failure } from './x86-failure.ts';
import type { GuardAccess } from './x86-guard-use.ts';
import { narrowSetUp, x86IndexedStores } from './x86-indexed-stores.ts';
import { endbr32At } from './x86-landing-pad.ts';
import { x86MakesLargeFrame } from './x86-large-frame.ts';
import { x86GuardedTraps } from './x86-traps.ts';
import { x86ReturnsUnchecked } from './x86-unchecked.ts';

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
  calls: null,
  guardedTraps: x86GuardedTraps,
  startup: i386Startup,
};
