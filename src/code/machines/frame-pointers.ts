import type { FrameAddresses } from '../machine.ts';
import { type InstructionWalk, walkRiscv, walkT32, walkWords } from './instruction-walk.ts';

/*
 * Addresses in a frame that are computed from its frame pointer, as all are without optimisation. The register serves
 * for anything in functions that do not set it up from the stack pointer first, so the code is that of one function.
 */

type ByteOrder = 'little' | 'big';
/** Of the units of an instruction, as InstructionWalk gives them. */
type Test = (first: number, second: number) => boolean;

/** Offsets of the instructions that fulfil `takes`, behind the first that fulfils `setsUp`. */
function addressesBy(walk: InstructionWalk, setsUp: Test, takes: Test): FrameAddresses {
  return (code) => {
    const found: number[] = [];
    let isSet = false;
    walk(code, (first, second, at) => {
      if (!isSet) isSet = setsUp(first, second);
      else if (takes(first, second)) found.push(at);
    });
    return found;
  };
}

/** `mr r31,r1`; `addi rd,r31,n`, but not `addi r1` or `addi r11`, which give the frame back. */
export function powerpcFrameAddresses(byteOrder: ByteOrder): FrameAddresses {
  const isTarget = (register: number) => ![1, 11, 31].includes(register);
  return addressesBy(
    walkWords(byteOrder),
    (word) => word === 0x7c3f0b78,
    (word) => (word & 0xfc1f0000) >>> 0 === 0x381f0000 && isTarget((word >>> 21) & 31),
  );
}

/** `move fp,sp` by any of three instructions; `(d)addiu rt,fp,n`. */
export function mipsFrameAddresses(byteOrder: ByteOrder): FrameAddresses {
  return addressesBy(
    walkWords(byteOrder),
    (word) => word === 0x03a0f021 || word === 0x03a0f025 || word === 0x03a0f02d,
    (word) => {
      const isFromFrame = word >>> 21 === 0x13e || word >>> 21 === 0x33e;
      const register = (word >>> 16) & 31;
      return isFromFrame && register !== 29 && register !== 30;
    },
  );
}

/** `addi.d fp,sp,n`; `addi.d rd,fp,n` below it. */
export const loongarchFrameAddresses: FrameAddresses = addressesBy(
  walkWords('little'),
  (word) => (word & 0xffc003ff) >>> 0 === 0x02c00076,
  (word) => {
    const register = word & 31;
    const isBelow = (word & 0xffe003e0) >>> 0 === 0x02e002c0;
    return isBelow && register !== 3 && register !== 22;
  },
);

/** `addi s0,sp,n` or `c.addi4spn s0,n`; `addi rd,s0,n` below it, and sums of registers in frames over 2 KiB. */
export const riscvFrameAddresses: FrameAddresses = addressesBy(
  walkRiscv,
  (half, next) => (half === 0x0413 && (next & 15) === 1) || (half !== 0 && (half & 0xe01f) === 0),
  (half, next) => {
    if ([0, 2, 8].includes((half >>> 7) & 31)) return false;
    // rs1 is split between the halves: x8 is 0 and 0100.
    const isFromFrame = half < 0x8000 && (next & 15) === 4;
    if (isFromFrame && (half & 0x7f) === 0x13) return (half & 0x7000) === 0 && next >= 0x8000;
    if (isFromFrame && (half & 0x707f) === 0x33) return next >>> 9 === 0 || next >>> 9 === 0x20;
    return (half & 0xf07f) === 0x9022;
  },
);

/** `add r7,sp,#n` or `mov r7,sp`, and additions to r7 or copies of it, but not `mov sp,r7`. */
const t32FrameAddresses = addressesBy(
  walkT32,
  (half) => half >>> 8 === 0xaf || half === 0x466f,
  (half, next) => {
    if ((half & 0xfe38) === 0x1c38) return (half & 7) !== 7;
    if ((half & 0xff78) === 0x4638) return half !== 0x463f && half !== 0x46bd && half !== 0x46bf;
    const isWide = [0xf107, 0xf1a7, 0xf207, 0xf2a7].includes(half & 0xfbef);
    const target = (next >>> 8) & 15;
    return isWide && (next & 0x8000) === 0 && target !== 7 && target < 13;
  },
);

/** `add fp,sp,#n` or `mov fp,sp`, and `sub rd,fp,#n`. */
const a32FrameAddresses = addressesBy(
  walkWords('little'),
  (word) => (word & 0xfffff000) >>> 0 === 0xe28db000 || word === 0xe1a0b00d,
  (word) => word >>> 16 === 0xe24b && ((word >>> 12) & 15) < 11,
);

/** A function uses one instruction set: read as the other, it sets up a frame pointer only by chance. */
export const armFrameAddresses: FrameAddresses = (code) => {
  const narrow = t32FrameAddresses(code);
  return narrow.length > 0 ? narrow : a32FrameAddresses(code);
};

/** `lgr %r11,%r15`; addresses by %r11, and stores at an index. */
export const s390xFrameAddresses: FrameAddresses = (code) => {
  const setUp = code.indexOf('b90400bf', 0, 'hex');
  const found: number[] = [];
  if (setUp < 0) return found;
  const lengths = [2, 4, 4, 6];
  for (let at = setUp; at + 4 <= code.length; at += lengths[(code[at] ?? 0) >> 6] ?? 2) {
    if (takesAddress(code, at, 11) || isIndexedStore(code, at, 11)) found.push(at);
  }
  return found;
};

/** `frame`: the register that holds the frame. What moves it or the stack pointer does not count; `lgr` sets frame pointers up. */
export function takesAddress(code: Buffer, at: number, frame: number): boolean {
  const target = addressTarget(code, at, frame);
  return target !== null && target !== 15 && target !== frame;
}

/**
 * The register that `la rx,n(ry,rz)` or `lay` sets to an address by the register that holds the frame, with an index or without;
 * so do `aghik rx,ry,n`, `agr rx,ry` and `agrk rx,ry,rz`. null for anything else.
 */
function addressTarget(code: Buffer, at: number, frame: number): number | null {
  const registers = code[at + 1] ?? 0;
  const second = code[at + 2] ?? 0;
  const low = code[at + 3] ?? 0;
  switch (code[at]) {
    case 0xec:
      return (registers & 15) === frame && code[at + 5] === 0xd9 ? registers >> 4 : null;
    case 0xb9:
      if (registers === 0x08) return (low & 15) === frame ? low >> 4 : null;
      return registers === 0xe8 && ((low & 15) === frame) !== (second >> 4 === frame)
        ? low >> 4
        : null;
    case 0xe3:
      if (code[at + 5] !== 0x71) return null;
      break;
    case 0x41:
      break;
    default:
      return null;
  }
  return ((registers & 15) === frame) !== (second >> 4 === frame) ? registers >> 4 : null;
}

/** `st`, `sth` and `stc`; their long forms `sty`, `sthy`, `stcy` and `stg`, by the last byte. */
const shortStores: readonly number[] = [0x50, 0x40, 0x42];
const longStores: readonly number[] = [0x50, 0x70, 0x72, 0x24];

/** A store whose address is the sum of the register that holds the frame and another one: into an array in the frame. */
export function isIndexedStore(code: Buffer, at: number, frame: number): boolean {
  const opcode = code[at] ?? 0;
  const isLong = opcode === 0xe3 && longStores.includes(code[at + 5] ?? 0);
  if (!isLong && !shortStores.includes(opcode)) return false;
  const index = (code[at + 1] ?? 0) & 15;
  const base = (code[at + 2] ?? 0) >> 4;
  return index !== 0 && base !== 0 && (index === frame) !== (base === frame);
}
