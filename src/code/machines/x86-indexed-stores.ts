// supporting: stores at an index of an array in the frame, for which nothing takes the array's address
import type { FrameAddresses } from '../machine.ts';
import type { PairPattern } from './pair-scan.ts';

/** `mov r8,m` and `mov r,m`; `mov imm8,m`; and behind 0x0f `movups`, `movaps` and `movdqa` with their kin. */
const stores: readonly number[] = [0x88, 0x89, 0xc6];
const vectorStores: readonly number[] = [0x11, 0x29, 0x7f];
const MOV_IMMEDIATE = 0xc7;
const NO_INDEX = 4;
const STACK_POINTER = 4;
const FRAME_POINTER = 5;

const hasSib = (modrm: number) => modrm < 0xc0 && (modrm & 7) === 4;
const indexOf = (sib: number) => (sib >> 3) & 7;
const isIndexed = (sib: number) => (sib & 7) === STACK_POINTER && indexOf(sib) !== NO_INDEX;

/**
 * Bases that are the stack pointer. Two patterns, for the scanner sees halves of bytes: one would find every store of a
 * register beside the array too, which are the most frequent ones.
 */
export const indexedStores: readonly PairPattern[] = [0x4, 0xc].map((half) => ({
  first: [...stores, ...vectorStores],
  second: hasSib,
  third: (sib: number) => isIndexed(sib) && (sib & 15) === half,
  confirm: (bytes, at) =>
    isIndexed(bytes[at + 2] ?? 0) && isStore(bytes, at) ? 'indexedStores' : null,
}));

/** REX.B makes another register of the base: r12 and r13. */
function isStore(bytes: Buffer, at: number): boolean {
  const isVector = vectorStores.includes(bytes[at] ?? 0);
  if (isVector && bytes[at - 1] !== 0x0f) return false;
  const rex = bytes[isVector ? at - 2 : at - 1] ?? 0;
  return (rex & 0xf1) !== 0x41;
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

function isBelowFrame(code: Buffer, at: number): boolean {
  const opcode = code[at] ?? 0;
  const [modrm = 0, sib = 0, near = 0] = code.subarray(at + 1, at + 4);
  if (!hasSib(modrm) || modrm < 0x40) return false;
  if ((sib & 7) !== FRAME_POINTER || indexOf(sib) === NO_INDEX) return false;
  const isBelow = modrm < 0x80 ? near >= 0x80 : (code[at + 6] ?? 0) >= 0x80;
  const isKnown =
    opcode === MOV_IMMEDIATE || stores.includes(opcode) || vectorStores.includes(opcode);
  return isBelow && isKnown && isStore(code, at);
}

/** `mov %rsp,%rbp`, also of x32. */
export const wideSetUp = Buffer.from('4889e5', 'hex');
/** `mov %esp,%ebp` */
export const narrowSetUp = Buffer.from('89e5', 'hex');
