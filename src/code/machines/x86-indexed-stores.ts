import type { FrameAddresses } from '../machine.ts';
import type { PairPattern } from './pair-scan.ts';
import { mayBeDistance } from './x86-distance.ts';

/** Of a register or constant: `mov`. */
const stores: readonly number[] = [0x88, 0x89, 0xc6, 0xc7];
/** `add`, `or`, `and`, `sub` and `xor` of a register to memory. */
const changes: readonly number[] = [0x00, 0x01, 0x08, 0x09, 0x20, 0x21, 0x28, 0x29, 0x30, 0x31];
/** The same of a constant, as the register field says, and `inc` and `dec`. */
const byConstant: readonly number[] = [0x80, 0x81, 0x83];
const byOne: readonly number[] = [0xfe, 0xff];
/** Behind 0x0f: `movups`, `movaps`, `movd`, `movdqa` and `movq` with their kin, and `sete` with its. */
const vectorStores: readonly number[] = [0x11, 0x29, 0x7e, 0x7f, 0xd6];
const conditions = Array.from({ length: 16 }, (_, condition) => 0x90 | condition);
const LEA = 0x8d;
const ESCAPE = 0x0f;
/** With these before them, `ModRM` of %esi and %edi: `add $4,%rsi`, `test $4,%dh`. */
const toRegister: readonly number[] = [0x80, 0x81, 0x83, 0xf6, 0xf7];
/** `movd`; behind 0xf3 it is the load `movq`. */
const MOVD = 0x7e;
const NO_INDEX = 4;
const STACK_POINTER = 4;
const FRAME_POINTER = 5;

const hasSib = (modrm: number) => modrm < 0xc0 && (modrm & 7) === 4;
const fieldOf = (modrm: number) => (modrm >> 3) & 7;
const indexOf = (sib: number) => (sib >> 3) & 7;
const isIndexed = (sib: number) => (sib & 7) === STACK_POINTER && indexOf(sib) !== NO_INDEX;

/**
 * Bases that are the stack pointer. There are two patterns, since the scanner sees halves of bytes: one would find every store of a
 * register outside the array too, which are the most frequent ones.
 */
export const indexedStores: readonly PairPattern[] = [0x4, 0xc].map((half) => ({
  first: [...stores, ...changes, ...byConstant, ...byOne, ...vectorStores, ...conditions, LEA],
  second: hasSib,
  third: (sib: number) => isIndexed(sib) && (sib & 15) === half,
  confirm: indexedStoreAt,
}));

export function indexedStoreAt(bytes: Buffer, at: number): 'indexedStores' | null {
  return isIndexed(bytes[at + 2] ?? 0) && isStore(bytes, at) ? 'indexedStores' : null;
}

/** `lea n(%rsp,r,s),r`, whose opcode is at `at`; of a frame that is given back the target is the stack pointer. */
export function leaOfElement(bytes: Buffer, at: number, wide: boolean): boolean {
  const modrm = bytes[at + 1] ?? 0;
  const rex = bytes[at - 1] ?? 0;
  const isWide = wide && (rex & 0xf9) === 0x48;
  if (bytes[at] !== LEA || !hasSib(modrm) || isWide !== wide) return false;
  const sib = bytes[at + 2] ?? 0;
  const isArray = isIndexed(sib) || (isWide && (sib & 0x3f) === 0x24 && (rex & 2) !== 0);
  const toStackPointer = fieldOf(modrm) === STACK_POINTER && (!isWide || (rex & 4) === 0);
  return isArray && !toStackPointer;
}

function isStore(bytes: Buffer, at: number): boolean {
  const opcode = bytes[at] ?? 0;
  const before = bytes[at - 1] ?? 0;
  const field = fieldOf(bytes[at + 1] ?? 0);
  if (vectorStores.includes(opcode) && isVectorStore(bytes, at)) return true;
  if (conditions.includes(opcode)) return before === ESCAPE && isBase(bytes[at - 2]);
  // `js` and `jns` among others.
  if (before === ESCAPE || !isBase(before)) return false;
  if (!isNear(bytes, at) || mayBeDistance(bytes, at)) return false;
  if (opcode === 0xc6 || opcode === 0xc7) return field === 0 && !toRegister.includes(before);
  if (stores.includes(opcode)) return true;
  if (!isElement(bytes, at)) return false;
  if (byConstant.includes(opcode)) return ![2, 3, 7].includes(field);
  if (byOne.includes(opcode)) return field < 2;
  return changes.includes(opcode) && isChange(bytes, at);
}

/** REX.B makes another register of the base: r12 and r13. */
function isBase(rex = 0): boolean {
  return (rex & 0xf1) !== 0x41;
}

/** Behind 0x0f, or a VEX or EVEX prefix that names this map, no second source, and a base that is not r12 or r13. */
function isVectorStore(bytes: Buffer, at: number): boolean {
  if (bytes[at] === MOVD && isLoad(bytes, at)) return false;
  const last = bytes[at - 1] ?? 0;
  const third = bytes[at - 2] ?? 0;
  if (last === ESCAPE) return isBase(third);
  if (third === 0xc5) return (last & 0x78) === 0x78;
  const second = bytes[at - 3] ?? 0;
  if (second === 0xc4) return (third & 0x3f) === 0x21 && (last & 0x78) === 0x78;
  return bytes[at - 4] === 0x62 && (second & 0x27) === 0x21 && (third & 0x7c) === 0x7c;
}

function isLoad(bytes: Buffer, at: number): boolean {
  if (bytes[at - 1] !== ESCAPE) return ((bytes[at - 1] ?? 0) & 3) === 2;
  return bytes[at - 2] === 0xf3 || bytes[at - 3] === 0xf3;
}

/** Arrays begin less than 16 MiB from their base. */
function isNear(bytes: Buffer, at: number): boolean {
  return (bytes[at + 1] ?? 0) < 0x80 || [0x00, 0xff].includes(bytes[at + 6] ?? 0);
}

/**
 * What else these bytes are, the parts of constants and distances, mostly differs in that the index does not count elements
 * of the size that is changed.
 */
function isElement(bytes: Buffer, at: number): boolean {
  const opcode = bytes[at] ?? 0;
  const modrm = bytes[at + 1] ?? 0;
  // `je` and `jl` stand behind the constant of a comparison, which may be any of these bytes.
  if (modrm === 0x74 || modrm === 0x7c) return false;
  if (modrm >= 0x80 && opcode === 0x80) return false;
  const isByte = (opcode & 1) === 0;
  const sib = bytes[at + 2] ?? 0;
  if (isByte) return sib < 0x40;
  const before = bytes[at - 1] ?? 0;
  if ((before & 0xf8) === 0x48) return sib >= 0xc0;
  const isHalf = before === 0x66 || ((before & 0xf0) === 0x40 && bytes[at - 2] === 0x66);
  return sib >> 6 === (isHalf ? 1 : 2);
}

/**
 * Small constants end many instructions, and `sub`, `cmp` and `and` of %al, %fs or a REX prefix may begin the next.
 * They can be distinguished from a `ModRM` only if a prefix says that the operand has 64 bits.
 */
function isChange(bytes: Buffer, at: number): boolean {
  const rex = (bytes[at - 1] ?? 0) & 0xfa;
  if (rex === 0x48) return true;
  const modrm = bytes[at + 1] ?? 0;
  if ([0x24, 0x2c, 0x3c, 0x64].includes(modrm)) return false;
  // `test` and `lea` of r8 and its kin.
  return !([0x44, 0x4c].includes(modrm) && [0x84, 0x8d].includes(bytes[at + 2] ?? 0));
}

/** What gives a frame with a frame pointer back, `leave` or `pop %rbp`, at most so many bytes before `ret`. */
const leaves: readonly number[] = [0xc9, 0x5d];
const leaveReach = 4;
const RET = 0xc3;

/**
 * Bases that are the frame pointer, below it, behind the `mov %rsp,%rbp` of a function and before its end. In
 * other functions the register serves for anything.
 */
export function x86IndexedStores(setUp: Buffer): FrameAddresses {
  return (code) => {
    const found: number[] = [];
    for (let from = code.indexOf(setUp); from >= 0; from = code.indexOf(setUp, from)) {
      from += setUp.length;
      for (; from + 4 <= code.length && !endsAt(code, from); from += 1) {
        if (isBelowFrame(code, from)) found.push(from);
      }
    }
    return found;
  };
}

function endsAt(code: Buffer, at: number): boolean {
  return (
    code[at] === RET && leaves.some((byte) => code.subarray(at - leaveReach, at).includes(byte))
  );
}

/** Asked of every byte of such a function. */
function isBelowFrame(code: Buffer, at: number): boolean {
  const modrm = code[at + 1] ?? 0;
  if (!hasSib(modrm) || modrm < 0x40) return false;
  const sib = code[at + 2] ?? 0;
  if ((sib & 7) !== FRAME_POINTER || indexOf(sib) === NO_INDEX) return false;
  const isBelow = (code[modrm < 0x80 ? at + 3 : at + 6] ?? 0) >= 0x80;
  return isBelow && (code[at] === LEA ? isBase(code[at - 1]) : isStore(code, at));
}

/** `mov %rsp,%rbp`, also of x32. */
export const wideSetUp = Buffer.from('4889e5', 'hex');
/** `mov %esp,%ebp` */
export const narrowSetUp = Buffer.from('89e5', 'hex');
