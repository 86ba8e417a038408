import type { Code } from '../functions/code-pieces.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { halfwordsOf, signed } from '../words.ts';
import { riscvFrameAddresses } from './frame-pointers.ts';
import { riscv64Calls } from './riscv64-calls.ts';
import { riscvFailure } from './riscv64-failure.ts';
import { branchOffset, calleeAt, isDifferenceBranch } from './riscv64-guard.ts';
import { riscvStartup } from './riscv64-startup.ts';
import { riscvStackMoves } from './stack-moves.ts';

const SP = 2;
const S0 = 8;
/** `sspush x1` of Zicfiss and its compressed form. */
const SSPUSH_RA = 0xce104073;
const C_SSPUSH_RA = 0x6081;
const LPAD = 0x17;
const lookBack = 6;

export const riscv64: Machine = {
  name: 'riscv64',
  canaryProof: { stores: 1, checks: 1, sum: 2, guardedCalls: 3 },
  seesEveryCanary: true,
  framePointer: null,
  largeFrame: null,
  stackMoves: riscvStackMoves,
  frameAddresses: riscvFrameAddresses,
  reach: Number.POSITIVE_INFINITY,
  scan,
  returnsUnchecked: null,
  failure: riscvFailure,
  landsAt: (bytes, at) =>
    at >= 0 && at + 4 <= bytes.length && (bytes.readUInt32LE(at) & 0xfff) === LPAD,
  calls: riscv64Calls,
  guardedTraps: null,
  startup: riscvStartup,
};

/** One pass from instruction to instruction; the two lowest bits give its length. */
function scan({ bytes, offset }: Code, sightings: Sightings): void {
  const halfwords = halfwordsOf(bytes, 'little');
  /** The last instructions, newest first. */
  const before: number[] = new Array<number>(lookBack).fill(0);
  let length = 1;
  /** Where s0 was saved last, above all arrays: a frame pointer is set up to point above that. */
  let savedAt = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < halfwords.length; index += length) {
    const half = halfwords[index] ?? 0;
    length = (half & 3) === 3 ? 2 : 1;
    const instruction = length === 2 ? (half | ((halfwords[index + 1] ?? 0) << 16)) >>> 0 : half;
    const at = offset + index * 2;
    const zeroed = zeroedRegister(instruction);
    if (zeroed > 0) {
      const [previous = 0, earlier = 0] = before;
      if (storesToFrame(previous, zeroed) && loads(earlier, zeroed))
        sightings.canaryStores.push(at);
      else if (isXorWith(previous, zeroed)) sightings.canaryChecks.push(at);
    } else if (isDifferenceBranch(instruction, before)) {
      const callee = calleeAt(halfwords, index + branchOffset(instruction) / 2);
      if (callee !== null) sightings.guardedCalls.push({ at, callee: offset + callee * 2 });
    }
    savedAt = slotOfS0(instruction) ?? savedAt;
    const local = localInS0(instruction);
    if (local === null ? isStackAddress(instruction) : local < savedAt)
      sightings.stackAddresses.push(at);
    if (instruction === SSPUSH_RA || instruction === C_SSPUSH_RA) sightings.returnSignings.push(at);
    before.pop();
    before.unshift(instruction);
  }
}

const isWide = (instruction: number) => (instruction & 3) === 3;
const rd = (wide: number) => (wide >>> 7) & 31;
const rs1 = (wide: number) => (wide >>> 15) & 31;
const rs2 = (wide: number) => (wide >>> 20) & 31;
/** The three-bit register fields of compressed instructions name x8 to x15. */
const low = (half: number) => ((half >>> 2) & 7) + 8;
const high = (half: number) => ((half >>> 7) & 7) + 8;

/** The register that `li rd,0` sets, 0 for any other instruction. gcc wipes the guard from it that way. */
function zeroedRegister(instruction: number): number {
  if (isWide(instruction)) return (instruction & 0xfffff07f) >>> 0 === 0x13 ? rd(instruction) : 0;
  return (instruction & 0xf07f) === 0x4001 ? rd(instruction) : 0;
}

/** `sd r,n(sp)` or `sd r,n(s0)`. */
function storesToFrame(instruction: number, register: number): boolean {
  if (isWide(instruction)) {
    const base = rs1(instruction);
    const isStore = (instruction & 0x707f) === 0x3023 && rs2(instruction) === register;
    return isStore && (base === SP || base === S0);
  }
  if ((instruction & 0xe003) === 0xe002) return ((instruction >>> 2) & 31) === register;
  return (
    (instruction & 0xe003) === 0xe000 && low(instruction) === register && high(instruction) === S0
  );
}

/** `ld r,n(g)`, from anywhere but the frame. */
function loads(instruction: number, register: number): boolean {
  if (isWide(instruction)) {
    return (
      (instruction & 0x707f) === 0x3003 && rd(instruction) === register && rs1(instruction) !== SP
    );
  }
  return (instruction & 0xe003) === 0x6000 && low(instruction) === register;
}

/** `xor a,a,r`. */
function isXorWith(instruction: number, register: number): boolean {
  if (isWide(instruction)) {
    return (instruction & 0xfe00707f) >>> 0 === 0x4033 && rs2(instruction) === register;
  }
  return (instruction & 0xfc63) === 0x8c21 && low(instruction) === register;
}

/** `sd s0,n(sp)` and `c.sdsp s0,n`: n, null for anything else. */
function slotOfS0(instruction: number): number | null {
  if (isWide(instruction)) {
    if ((instruction & 0x01fff07f) >>> 0 !== 0x00813023) return null;
    return ((instruction >>> 25) << 5) | ((instruction >>> 7) & 31);
  }
  if ((instruction & 0xe07f) !== 0xe022) return null;
  return ((instruction >>> 7) & 0x38) | ((instruction >>> 1) & 0x1c0);
}

/** `addi s0,sp,n` and `c.addi4spn s0,n`: n, null for anything else. */
function localInS0(instruction: number): number | null {
  if (isWide(instruction))
    return (instruction & 0xfffff) === 0x10413 ? signed(instruction >>> 20, 12) : null;
  if (instruction === 0 || (instruction & 0xe01f) !== 0) return null;
  return (
    ((instruction >>> 1) & 0x3c0) |
    ((instruction >>> 7) & 0x30) |
    ((instruction >>> 4) & 4) |
    ((instruction >>> 2) & 8)
  );
}

/**
 * `addi rd,sp,n`, `c.addi4spn`, `c.mv rd,sp`, and `add rd,sp,rs` for an index or in frames over 2 KiB. What sets s0 so is looked at
 * before.
 */
function isStackAddress(instruction: number): boolean {
  const isTarget = (register: number) => register !== 0 && register !== SP;
  if (isWide(instruction)) {
    const isSum = (instruction & 0xfe00707f) >>> 0 === 0x33;
    const base = isSum && rs2(instruction) === SP ? SP : rs1(instruction);
    const isAddition = isSum || (instruction & 0x707f) === 0x13;
    return isAddition && base === SP && isTarget(rd(instruction));
  }
  if ((instruction & 0xe003) === 0) return instruction !== 0;
  // c.mv and c.add, which differ in one bit. A frame pointer is set up by neither, since it points above the frame.
  const isMove = (instruction & 0xe07f) === 0x8002 + (SP << 2);
  return isMove && rd(instruction) !== 0 && rd(instruction) !== SP;
}
