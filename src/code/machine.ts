import type { Interval } from './calls/interval.ts';
import type { Code } from './functions/code-pieces.ts';
import type { Sightings } from './sightings.ts';

/** What is known of one machine's code as compilers write it. No disassembler: byte patterns that were measured. */
export interface Machine {
  /** As a person names it: `x86-64`. */
  readonly name: string;
  /** How much makes a proof: one instruction where it names the guard itself (`%fs:0x28`), more where chance may look like it. */
  readonly canaryProof: CanaryProof;
  /** Every canary that gcc and clang make is seen, so one that is not seen is not there. */
  readonly seesEveryCanary: boolean;
  /** DWARF number of the register that compilers use as frame pointer; null where its frames are not looked into. */
  readonly framePointer: number | null;
  /** Frames over this many bytes are made page by page when built with `-fstack-clash-protection`; null where no probe is known. */
  readonly largeFrame: number | null;
  /**
   * Whether the code of a function makes a large frame at once, read from instruction to instruction, since `scan` takes bytes
   * within one for it; null where an instruction is not known. Absent: all that `scan` sees are instructions.
   */
  readonly makesLargeFrame?: (code: Buffer) => boolean | null;
  /** Finds what moves the stack pointer by a constant in the code of one function; null where it is not looked for. */
  readonly stackMoves: StackMoves | null;
  /** Finds what the code of one function computes or stores by a frame pointer, as far as `scan` does not; null where it does. */
  readonly frameAddresses: FrameAddresses | null;
  /** `frameAddresses` finds functions by itself, so it works on any code. */
  readonly framesApart?: true;
  /**
   * Whether an instruction has its opcode at a place, where stores of `indexedStores` and `frameAddresses` are seen by bytes that
   * may be parts of other instructions. Absent: all of them are instructions.
   */
  readonly isOpcode?: OpcodeLooks;
  /** How far around itself a pattern of `scan` looks, in bytes; Infinity where it follows branches that lead anywhere. */
  readonly reach: number;
  /** Appends what it sees in some code. */
  scan(code: Code, sightings: Sightings): void;
  /** Whether the code of a function that stores the guard returns without comparing it; null where it is not looked for. */
  readonly returnsUnchecked: ((code: Buffer, isIdle: IsIdle) => boolean) | null;
  /** Whether the code of a function moves the pointer of SafeStack's second stack. Absent: how it does so is not known. */
  readonly movesUnsafeStack?: (code: Buffer) => boolean;
  /** Finds what a check leads to; null where it is not looked for. */
  readonly failure: FailureLooks | null;
  /** Whether indirect branches may land on the instruction at a file offset; null where no such instruction is known. */
  readonly landsAt: ((bytes: Buffer, at: number) => boolean) | null;
  /** How functions of other files are called; null where it is not understood. */
  readonly calls: CallPatterns | null;
  /** Counts the traps that a conditional branch leads to; null where the machine's traps are not known. */
  readonly guardedTraps: ((bytes: Buffer) => number) | null;
  /** Reads the start code at the entry point of a static executable; null where its form is not known. */
  readonly startup: ((start: StartCode) => Startup | null) | null;
}

/** The check at an offset of the code comes to nothing. */
export type IsIdle = (at: number) => boolean;

/** Gives up to `length` bytes of code at a file offset; fewer where the code ends. They are valid until the next read. */
export type ReadCode = (offset: number, length: number) => Buffer;

/** Whether what is called or jumped to does something. It lies at a file offset; null where that is not known. */
export type IsLive = (target: number | null) => boolean;

/** By file offsets. */
export interface FailureLooks {
  /**
   * Whether the code reaches something live when the canary of a check differs. `isLive` is called with the target of
   * each call or jump; with null if there is no offset, as for an import, or if the code stops.
   */
  leadsTo(read: ReadCode, check: number, isLive: IsLive): boolean;
  /**
   * What is called directly when the canary of a check differs, as compilers usually write it: offsets in the code
   * before `end`. null if `leadsTo` has to decide; absent: it always has to.
   */
  callsAtOnce?(code: Buffer, check: number, end: number): number | null;
  /** The code of a function may return or go on in another one. */
  mayReturn(code: Buffer): boolean;
  /** A function returns and does nothing before; another one where it jumps to that. */
  returnsAtOnce(read: ReadCode, start: number): boolean | number;
  /** Absent: paths through functions are not followed. */
  readonly paths?: PathLooks;
}

/** Follows all paths through the code of a function. Offsets are those of the code, and may lie outside of it. */
export interface PathLooks {
  /** A path may end near before a check. Else the code before it is taken to lead to it, and no path is followed. */
  mayBeSkipped(code: Buffer, check: number): boolean;
  /** Where paths from the roots lead; null if that is not known. */
  follow(code: Buffer, roots: readonly number[], wanted: readonly number[]): Paths | null;
  /** Some code jumps to where others are entered in the middle, between two offsets, or may do so. */
  jumpsInto(code: Buffer, start: number, end: number): boolean;
}

export interface Paths {
  /** What is wanted and no path leads to. */
  readonly unreached: readonly number[];
  /** Where paths leave the code. */
  readonly outside: readonly number[];
}

export interface OpcodeLooks {
  /** How far around a place it looks, in bytes. */
  readonly reach: number;
  confirms(code: Buffer, at: number): boolean;
}

/** Calls `move` with bytes, negative where the stack pointer is lowered; infinity where a frame of any size is given back. */
export type StackMoves = (code: Buffer, move: (bytes: number) => void) => void;

/** Offsets in the code, ascending. */
export type FrameAddresses = (code: Buffer) => readonly number[];

/** Sightings that are enough: stores and checks, or calls of one function behind comparisons. */
export interface CanaryProof {
  readonly stores: number;
  readonly checks: number;
  /** Stores and checks together. */
  readonly sum: number;
  /** null where the pattern of stores and checks is enough. */
  readonly guardedCalls: number | null;
}

/** What may be read to follow start code; the caller bounds every read by the file. */
export interface StartCode {
  readonly entry: bigint;
  /** Up to `length` executable bytes at an address; empty where none are. */
  codeAt(address: bigint, length: number): Buffer;
  /** The pointer stored at an address of the file, null where none is. */
  pointerAt(address: bigint): bigint | null;
}

/** Where crt1 goes from the entry point, as addresses. */
export interface Startup {
  /** null when it comes from a place that is not read. */
  readonly main: bigint | null;
  /** `__libc_start_main`: the first function of the C library in link order. */
  readonly libcStart: bigint;
}

/**
 * Where calls lead that are looked for. Stubs lie before all code and slots behind it, so that an interval of both would
 * hold every call.
 */
export interface CallTargets {
  /** Of stubs and functions. */
  readonly straight: Interval;
  readonly slots: Interval;
}

/**
 * Calls in some code of one executable range. Addresses are numbers: user space ends far below 2^53. `table` is the address that
 * position-independent code of i386 counts slots from (DT_PLTGOT); null where there is none.
 */
export interface CallPatterns {
  /** How far around a call these look, in bytes. */
  readonly reach: number;
  /** PLT stubs that jump through a GOT slot in the interval: where each may be called, and the slot. */
  visitStubs(
    code: Buffer,
    address: number,
    slots: Interval,
    visit: (stub: number, slot: number) => void,
    table: number | null,
  ): void;
  /** Calls straight to an address, or through the GOT slot at one, in its interval; `at` is the call's offset in the code. */
  visitCalls(
    code: Buffer,
    address: number,
    targets: CallTargets,
    visit: (at: number, target: number) => void,
    table: number | null,
  ): void;
  /** The constant that the n-th integer argument is set to before the call at `at`; null where none is near. */
  constantArgument(code: Buffer, at: number, index: number): number | null;
  /** The n-th argument of the call at `at` is an address in the caller's frame. Absent: not known. */
  isOfFrame?(code: Buffer, at: number, argument: number): boolean;
  /** The address that the n-th argument of the call at `at` is set to near it; null where that is not seen. Absent: not known. */
  addressArgument?(
    code: Buffer,
    address: number,
    at: number,
    argument: number,
    table: number | null,
  ): number | null;
  /** Offsets of the branches behind a comparison that lead to one of the calls, given as ascending addresses. Absent: not known. */
  comparedBranches?(code: Buffer, address: number, calls: readonly number[]): readonly number[];
  /** What is called directly where a word of memory differs from what it is compared with, as addresses. Absent: not known. */
  comparedCalls?(code: Buffer, address: number): readonly number[];
}
