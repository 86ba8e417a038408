import type { Code } from '../functions/code-pieces.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { signed, wordsOf } from '../words.ts';
import { aarch64Calls } from './aarch64-calls.ts';
import { guardedCallee, isCanaryCheck, isCanaryStore } from './aarch64-canary.ts';
import { aarch64Failure } from './aarch64-failure.ts';
import { aarch64Startup } from './aarch64-startup.ts';
import { aarch64MovesUnsafeStack } from './aarch64-unsafe-stack.ts';
import { aarch64StackMoves } from './stack-moves.ts';

const PACIASP = 0xd503233f;
const PACIBSP = 0xd503237f;
const landings: ReadonlySet<number> = new Set([
  0xd503241f, // bti
  0xd503245f, // bti c
  0xd503249f, // bti j
  0xd50324df, // bti jc
  PACIASP,
  PACIBSP,
]);

/** gcc's probe of a 64 KiB frame, `str xzr,[sp,#1024]`, and LLVM's `str xzr,[sp]` after `sub sp,sp,#n,lsl #12`. */
const STR_XZR_SP_1024 = 0xf90203ff;
const STR_XZR_SP = 0xf90003ff;

/** What a conditional branch reaches, 1 MiB, and what is looked at there and behind. */
const branchReach = 1024 * 1024 + 4096;

export const aarch64: Machine = {
  name: 'aarch64',
  canaryProof: { stores: 1, checks: 1, sum: 2, guardedCalls: 3 },
  seesEveryCanary: true,
  framePointer: 29,
  largeFrame: 64 * 1024,
  stackMoves: aarch64StackMoves,
  frameAddresses: null,
  reach: branchReach,
  scan,
  returnsUnchecked: null,
  failure: aarch64Failure,
  landsAt: (bytes, at) => at >= 0 && at + 4 <= bytes.length && landings.has(bytes.readUInt32LE(at)),
  calls: aarch64Calls,
  guardedTraps: aarch64GuardedTraps,
  movesUnsafeStack: aarch64MovesUnsafeStack,
  startup: aarch64Startup,
};

/** One pass; the top byte of an instruction picks out the pattern whose last (or only) word it may be. */
function scan({ bytes, offset }: Code, sightings: Sightings): void {
  const words = wordsOf(bytes, 'little');
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    const at = offset + index * 4;
    switch (word >>> 24) {
      case 0xd2:
        if (isCanaryStore(words, index)) sightings.canaryStores.push(at);
        else if (isCanaryCheck(words, index)) sightings.canaryChecks.push(at);
        break;
      case 0xeb: {
        const callee = guardedCallee(words, index);
        if (callee !== null) sightings.guardedCalls.push({ at, callee: offset + callee * 4 });
        break;
      }
      case 0x91:
        if (isStackAddress(word, 31)) sightings.stackAddresses.push(at);
        break;
      case 0x8b:
        if (isExtended(word) && isStackAddress(word, 31)) sightings.stackAddresses.push(at);
        break;
      case 0xd1:
        if (isStackAddress(word, 29)) sightings.stackAddresses.push(at);
        else if (isLargeAllocation(word)) sightings.largeAllocations.push(at);
        break;
      case 0xd5:
        if (word === PACIASP || word === PACIBSP) sightings.returnSignings.push(at);
        break;
      case 0xf9:
        if (isProbe(words, index)) sightings.stackProbes.push(at);
        break;
      default:
    }
  }
}

/** `add xd,sp,#n` or `sub xd,x29,#n`, unless it moves the stack or frame pointer itself. */
function isStackAddress(word: number, base: number): boolean {
  const destination = word & 31;
  return ((word >>> 5) & 31) === base && destination !== 29 && destination !== 31;
}

/** `add xd,sp,xm` with its index shifted or extended: in the other form of `add` 31 is the number of zero. */
function isExtended(word: number): boolean {
  return (word & 0xffe00000) >>> 0 === 0x8b200000;
}

/** `sub sp,sp,#n,lsl #12` of more than the guard of 64 KiB. */
function isLargeAllocation(word: number): boolean {
  return (word & 0xffc003ff) >>> 0 === 0xd14003ff && ((word >>> 10) & 0xfff) > 16;
}

function isProbe(words: Uint32Array, index: number): boolean {
  const word = words[index];
  if (word === STR_XZR_SP_1024) return true;
  const previous = words[index - 1] ?? 0;
  return word === STR_XZR_SP && (previous & 0xffc003ff) >>> 0 === 0xd14003ff;
}

/** `brk #1000` is gcc's `__builtin_trap()`, `brk #1` clang's. */
const GCC_TRAP = 0xd4207d00;

const CLANG_TRAP = 0xd4200020;

/** Traps that `b.cond`, `cbz` or `cbnz` lead to, as `if (...) __builtin_trap()` is compiled. */
function aarch64GuardedTraps(code: Buffer): number {
  const words = wordsOf(code, 'little');
  const guarded = new Set<number>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    const isConditional =
      (word & 0xff000010) >>> 0 === 0x54000000 || (word & 0x7e000000) >>> 0 === 0x34000000;
    if (!isConditional) continue;
    const target = index + signed(word >>> 5, 19);
    if (words[target] === GCC_TRAP || words[target] === CLANG_TRAP) guarded.add(target);
  }
  return guarded.size;
}
