import type { Code } from '../functions/code-pieces.ts';
import type { Sightings } from '../sightings.ts';
import { type PairPattern, pairScan } from './pair-scan.ts';
import { type GuardAccess, guardUse } from './x86-guard-use.ts';
import { indexedStoreAt, indexedStores, leaOfElement } from './x86-indexed-stores.ts';

/** Where the three x86 ABIs differ. */
export interface X86Abi {
  /** Recognises the access to the guard whose segment prefix (%fs or %gs) is at `at`. */
  guardAccess(bytes: Buffer, at: number): GuardAccess | null;
  /** Segment prefixes that the guard is addressed by, and what may stand behind one. */
  readonly guardPrefixes: readonly number[];
  readonly guardSecond: (byte: number) => boolean;
  readonly guardThird: (byte: number) => boolean;
  /** Stack addresses are 64 bits wide, so instructions that compute them have a REX.W prefix. */
  readonly wide: boolean;
  /** Arguments are passed in registers, and half of one holds a stack address (x32). */
  readonly narrow?: true;
}

/** Patterns look at their instruction and the one before it; the longest has 15 bytes. */
export const x86Reach = 64;

/** A page, and what a function may push in addition. */
export const largeFrame = 4096 + 64;

const MOV = 0x8b;
const SUB = 0x2b;
const XOR = 0x33;
const CMP = 0x3b;
const ADD = 0x01;
/** `mov` to a register. */
const COPY = 0x89;
/** `sub $n,r`, among others. */
const ALLOCATE = 0x81;
const LEA = 0x8d;

/** What the guard is loaded for: `mov` to store it, anything else to compare it. clang's checks load it too. */
export function purposeOf(opcode: number | undefined): GuardAccess | null {
  if (opcode === MOV) return 'store';
  return opcode === SUB || opcode === XOR || opcode === CMP ? 'check' : null;
}

/** Whether an instruction with this opcode may access the guard. */
export function isGuardOpcode(byte: number): boolean {
  return purposeOf(byte) !== null;
}

const stackPointerBase = (sib: number) => sib === 0x24;

export function x86Scan(abi: X86Abi): (range: Code, sightings: Sightings) => void {
  return pairScan(x86Patterns(abi));
}

/** Exported for tests, which look at every byte. */
export function x86Patterns(abi: X86Abi): readonly PairPattern[] {
  const confirm: PairPattern['confirm'] = (bytes, at) => addressByLea(bytes, at, abi);
  return [
    ...abi.guardPrefixes.map((prefix) => guardPattern(prefix, abi)),
    {
      first: LEA,
      second: (modrm) => [0x04, 0x44, 0x84].includes(modrm & 0xc7),
      third: stackPointerBase,
      confirm,
    },
    { first: LEA, second: (modrm) => [0x45, 0x85].includes(modrm & 0xc7), confirm },
    ...(abi.wide ? wideMoves : [narrowMoves]),
    ...indexedStores.map((pattern) => ({
      ...pattern,
      confirm: (bytes: Buffer, at: number) =>
        bytes[at] === LEA ? addressByLea(bytes, at, abi) : probeOrIndexedStore(bytes, at),
    })),
    {
      first: [0x83, 0xc7],
      second: (modrm) => [0x04, 0x0c, 0x34, 0x4c, 0x8c].includes(modrm),
      third: stackPointerBase,
      confirm: probeOrIndexedStore,
    },
    ...(abi.narrow ? [{ ...narrowLea, confirm }] : []),
  ];
}

/** All forms of `lea`, for each pair of bytes belongs to one pattern. */
function addressByLea(bytes: Buffer, at: number, { wide, narrow }: X86Abi) {
  const isAddress = leaOfFrame(bytes, at, wide) || (narrow === true && narrowLeaAt(bytes, at));
  if (isAddress) return 'stackAddresses';
  return leaOfElement(bytes, at, wide) ? 'indexedStores' : null;
}

/** They begin with the same two bytes, for which one pattern is asked. */
function probeOrIndexedStore(bytes: Buffer, at: number) {
  if (orsZero(bytes, at) || storesZeroAfterPage(bytes, at)) return 'stackProbes';
  return indexedStoreAt(bytes, at);
}

const ofStackPointer = (modrm: number) => modrm >= 0xe0 && modrm <= 0xe7;

/**
 * By the REX prefix of the stack pointer: without, one instruction in a hundred would be found, for as often another register is
 * moved.
 */
const wideMoves: readonly PairPattern[] = [
  {
    first: [0x48, 0x49],
    second: (opcode) => opcode === ADD || opcode === COPY,
    third: ofStackPointer,
    opcodeAt: 1,
    confirm: (bytes, at) => movesStackPointer(bytes, at + 1, true),
  },
  {
    first: ALLOCATE,
    second: (modrm) => modrm === 0xec,
    confirm: (bytes, at) => (lowersStackByPages(bytes, at) ? 'largeAllocations' : null),
  },
];

const narrowMoves: PairPattern = {
  first: [ALLOCATE, COPY],
  second: (modrm) => modrm === 0xec || ofStackPointer(modrm),
  confirm(bytes, at) {
    if (bytes[at] === COPY) return movesStackPointer(bytes, at, false);
    return bytes[at + 1] === 0xec && lowersStackByPages(bytes, at) ? 'largeAllocations' : null;
  },
};

/** `add %rsp,r` or `mov %rsp,r`. */
function movesStackPointer(bytes: Buffer, at: number, wide: boolean) {
  if (!ofStackPointer(bytes[at + 1] ?? 0)) return null;
  if (bytes[at] === ADD) return addsStackPointer(bytes, at) ? 'indexedStores' : null;
  const isAddress = wide ? isWideCopy(bytes, at) : isNarrowCopy(bytes, at);
  return isAddress ? 'stackAddresses' : null;
}

function guardPattern(prefix: number, abi: X86Abi): PairPattern {
  return {
    first: prefix,
    second: abi.guardSecond,
    third: abi.guardThird,
    confirm(bytes, at) {
      const access = abi.guardAccess(bytes, at);
      const use = access === null ? null : guardUse(bytes, at, access);
      if (use === null) return null;
      return use === 'store' ? 'canaryStores' : 'canaryChecks';
    },
  };
}

/** `lea d(%rsp),r` or `lea -d(%rbp),r`, whose opcode is at `at`. */
function leaOfFrame(bytes: Buffer, at: number, wide: boolean): boolean {
  const rex = wide && at > 0 ? bytes[at - 1] : 0;
  if (wide && rex !== 0x48 && rex !== 0x4c) return false;
  const modrm = bytes[at + 1] ?? 0;
  const register = ((modrm >> 3) & 7) | (rex === 0x4c ? 8 : 0);
  const next = bytes[at + 2] ?? 0;
  const toStackPointer = register === 4;
  switch (modrm & 0xc7) {
    case 0x44:
      return next === 0x24 && !toStackPointer && !(!wide && realignsStack(bytes, at + 4));
    case 0x84:
      return next === 0x24 && !toStackPointer;
    case 0x45:
      return next >= 0x80 && !toStackPointer && register !== 5;
    case 0x85:
      return bytes[at + 5] === 0xff && !toStackPointer && register !== 5;
    default:
      return false;
  }
}

/** i386 `main` saves the incoming stack pointer with `lea 4(%esp),%ecx` before `and $-16,%esp`. */
function realignsStack(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x83 && bytes[at + 1] === 0xe4 && bytes[at + 2] === 0xf0;
}

/** `mov %rsp,r`, but not the `mov %rsp,%rbp` of a frame pointer, which comes before the frame is made. */
function isWideCopy(bytes: Buffer, at: number): boolean {
  const rex = at > 0 ? bytes[at - 1] : 0;
  const target = bytes[at + 1] ?? 0;
  if (target > 0xe7) return false;
  return rex === 0x49 || (rex === 0x48 && (target !== 0xe5 || lowersStackBefore(bytes, at - 1)));
}

/** `add %rsp,r` to an index. */
function addsStackPointer(bytes: Buffer, at: number): boolean {
  const rex = bytes[at - 1] ?? 0;
  const operands = bytes[at + 1] ?? 0;
  return operands < 0xe8 && (rex === 0x49 || (rex === 0x48 && operands !== 0xe4));
}

/** `mov %esp,r32`, but for frame pointers. */
function isNarrowCopy(bytes: Buffer, at: number): boolean {
  const target = bytes[at + 1] ?? 0;
  return target <= 0xe7 && target !== 0xe5 && !isRexW(bytes[at - 1]);
}

/** x32: `lea (%rsp),r32`. */
const narrowLea: Omit<PairPattern, 'confirm'> = {
  first: LEA,
  second: (modrm) => (modrm & 0xc7) === 0x04 && modrm !== 0x24,
  third: stackPointerBase,
};

function narrowLeaAt(bytes: Buffer, at: number): boolean {
  const modrm = bytes[at + 1] ?? 0;
  const isBare = (modrm & 0xc7) === 0x04 && modrm !== 0x24 && bytes[at + 2] === 0x24;
  return isBare && !isRexW(bytes[at - 1]);
}

function isRexW(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xf8) === 0x48;
}

/** `sub $n,%rsp` ends at `end`. */
function lowersStackBefore(bytes: Buffer, end: number): boolean {
  const isShort = end >= 4 && bytes.readUIntBE(end - 4, 3) === 0x4883ec;
  return isShort || (end >= 7 && bytes.readUIntBE(end - 7, 3) === 0x4881ec);
}

/** `sub $n,%rsp` of more than a page and a little, at most 2 GiB. */
function lowersStackByPages(bytes: Buffer, at: number): boolean {
  if (bytes.length < at + 6) return false;
  const size = bytes.readInt32LE(at + 2);
  return size > largeFrame;
}

/** gcc's probe, `or $0,d(%rsp)`; `xor $0,(%rsp)` of older LLVM. */
function orsZero(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 0x83) return false;
  const modrm = bytes[at + 1];
  if (bytes[at + 2] !== 0x24) return false;
  if (modrm === 0x0c || modrm === 0x34) return bytes[at + 3] === 0;
  if (modrm === 0x4c) return bytes[at + 4] === 0;
  return modrm === 0x8c && bytes[at + 7] === 0;
}

/** LLVM's probe, `movq $0,(%rsp)`, right after `sub $0x1000,%rsp`. */
function storesZeroAfterPage(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 0xc7) return false;
  if (bytes[at + 1] !== 0x04 || bytes[at + 2] !== 0x24) return false;
  if (bytes.length < at + 7 || bytes.readUInt32LE(at + 3) !== 0) return false;
  for (let before = Math.max(0, at - 8); before + 6 <= at; before += 1) {
    if (
      bytes[before] === 0x81 &&
      bytes[before + 1] === 0xec &&
      bytes.readUInt32LE(before + 2) === 0x1000
    ) {
      return true;
    }
  }
  return false;
}
