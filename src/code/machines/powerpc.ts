import type { Code } from '../functions/code-pieces.ts';
import type { Machine, StartCode, Startup } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { signed, wordsOf } from '../words.ts';
import { powerpcFrameAddresses } from './frame-pointers.ts';
import { comparesGuard, powerpcFailure } from './powerpc-failure.ts';
import { powerpcStackMoves } from './stack-moves.ts';

/** A page, and what a function may save in addition. */
const largeFrame = 4096 + 64;

type ByteOrder = 'little' | 'big';

/** `ld rt,-28688(r13)`: glibc and musl keep the guard in the thread control block, before what r13 points to. */
const LD_GUARD = 0xe80d8ff0;
/** `lwz rt,-28680(r2)`: the same in 32-bit code. */
const LWZ_GUARD = 0x80028ff8;
/** The probe of a page, `stdu r0,-4096(r1)`. */
const STDU_R0_PAGE = 0xf801f001;
const anyTarget = 0xfc1fffff;

export function powerpc64(byteOrder: ByteOrder): Machine {
  return machine('ppc64', byteOrder, LD_GUARD);
}

export function powerpc32(byteOrder: ByteOrder): Machine {
  return { ...machine('ppc', byteOrder, LWZ_GUARD), startup: null };
}

function machine(name: string, byteOrder: ByteOrder, guardLoad: number): Machine {
  return {
    name,
    canaryProof: { stores: 0, checks: 0, sum: 1, guardedCalls: null },
    seesEveryCanary: true,
    framePointer: 31,
    largeFrame,
    stackMoves: powerpcStackMoves(byteOrder),
    frameAddresses: powerpcFrameAddresses(byteOrder),
    reach: Number.POSITIVE_INFINITY,
    scan: (code, sightings) => scan(code, sightings, byteOrder, guardLoad),
    returnsUnchecked: null,
    failure: powerpcFailure(byteOrder),
    landsAt: null,
    calls: null,
    guardedTraps: null,
    startup: (start) => powerpcStartup(start, byteOrder),
  };
}

/** Stores and checks load the guard alike, and differ in what comes next. */
function scan(
  { bytes, offset }: Code,
  sightings: Sightings,
  byteOrder: ByteOrder,
  guardLoad: number,
): void {
  const words = wordsOf(bytes, byteOrder);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    if ((word & anyTarget) >>> 0 === guardLoad)
      (comparesGuard(words, index) ? sightings.canaryChecks : sightings.canaryStores).push(
        offset + index * 4,
      );
    else if (isStackAddress(word)) sightings.stackAddresses.push(offset + index * 4);
    else if (word === STDU_R0_PAGE) sightings.stackProbes.push(offset + index * 4);
    else if (isLargeAllocation(word)) sightings.largeAllocations.push(offset + index * 4);
  }
}

/** `addi rd,r1,n` and `add rd,r1,rb`; r11 and r12 serve the helpers that save registers at -Os. */
function isStackAddress(word: number): boolean {
  const destination = (word >>> 21) & 31;
  const isAdd = (word & 0xfc1f0000) === 0x38010000 || isSumOfFrame(word);
  return isAdd && destination !== 1 && destination !== 11 && destination !== 12;
}

function isSumOfFrame(word: number): boolean {
  if ((word & 0xfc0007ff) >>> 0 !== 0x7c000214) return false;
  return ((word >>> 16) & 31) === 1 || ((word >>> 11) & 31) === 1;
}

/** `stdux r1,r1,rx`, for which a frame must be larger than 32 KiB, or `stdu r1,-n(r1)` of more than a page. */
function isLargeAllocation(word: number): boolean {
  if ((word & 0xffff07ff) >>> 0 === 0x7c21016a) return true;
  return word >>> 16 === 0xf821 && (word & 3) === 1 && -signed(word & 0xfffc, 16) > largeFrame;
}

const startCodeSize = 96;

const R2 = 2;

const R8 = 8;

const immediate = (word: number) => signed(word, 16);

const isAdd = (word: number, opcode: number, target: number, source: number) =>
  word >>> 16 === (opcode << 10) + (target << 5) + source;

/**
 * glibc's `_start` points r8 to a table (small data, main, init, fini) and jumps to `__libc_start_main`. A program at
 * fixed addresses computes both from constants: `lis r2`, `addi r2`, `addis r8,r2`, `addi r8,r8`, `b`.
 */
function powerpcStartup(start: StartCode, byteOrder: 'little' | 'big'): Startup | null {
  let toc: number | null = null;
  let table: number | null = null;
  const words = wordsOf(start.codeAt(start.entry, startCodeSize), byteOrder);
  for (const [index, word] of words.entries()) {
    if (isAdd(word, 15, R2, 0)) toc = immediate(word) * 65536;
    else if (isAdd(word, 14, R2, R2) && toc !== null) toc += immediate(word);
    else if (isAdd(word, 15, R8, R2) && toc !== null) table = toc + immediate(word) * 65536;
    else if (isAdd(word, 14, R8, R8) && table !== null) table += immediate(word);
    else if (word >>> 26 === 18) {
      const libcStart = start.entry + BigInt(index * 4 + signed(word & 0x3fffffc, 26));
      return { main: table === null ? null : start.pointerAt(BigInt(table + 8)), libcStart };
    }
  }
  return null;
}
