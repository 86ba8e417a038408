import { signed } from '../words.ts';

const FP = 7;

/**
 * gcc 9 and later wipes the guard from its register with `mov.w rt,#0` (whose first half is at the index), after
 * `ldr rt,[rg]; str rt,[sp,#n]` or after `eors rd,rt`.
 */
export function canaryAccessT32(halfwords: Uint16Array, index: number): 'store' | 'check' | null {
  const second = halfwords[index + 1] ?? 0;
  if ((second & 0xf0ff) !== 0) return null;
  const guard = second >>> 8;
  const before = halfwords[index - 1] ?? 0;
  const isXor =
    (before & 0xffc0) === 0x4040 && ((before >>> 3) & 7) === guard && (before & 7) !== guard;
  if (guard < 8 && isXor) return 'check';
  const store = storeBefore(halfwords, index, guard);
  return store !== null && isLoadBefore(halfwords, store, guard) ? 'store' : null;
}

/** Index of the store of a register to the frame that ends right before an index. */
function storeBefore(halfwords: Uint16Array, index: number, register: number): number | null {
  const last = halfwords[index - 1] ?? 0;
  const first = halfwords[index - 2] ?? 0;
  const toStack = (last & 0xff00) === (0x9000 | (register << 8));
  const toFramePointer = (last & 0xf807) === (0x6000 | register) && ((last >>> 3) & 7) === FP;
  if (register < 8 && (toStack || toFramePointer)) return index - 1;
  const isWide = first === 0xf8cd || first === 0xf8c7 || first === 0xf847;
  return isWide && last >>> 12 === register ? index - 2 : null;
}

/** `ldr rt,[rg]` right before an index. */
function isLoadBefore(halfwords: Uint16Array, index: number, register: number): boolean {
  const last = halfwords[index - 1] ?? 0;
  const first = halfwords[index - 2] ?? 0;
  if (register < 8 && (last & 0xffc7) === (0x6800 | register)) return true;
  return (first & 0xfff0) === 0xf8d0 && last === register << 12;
}

/** `add rd,sp,#n`, `add rd,sp,rd` or `mov rd,sp`; in r7 only what can be no frame pointer. */
export function isStackAddressT32(half: number, halfwords: Uint16Array, index: number): boolean {
  const isSum = (half & 0xff78) === 0x4468 && half !== 0x44ed && half !== 0x44ef;
  if (isSum || (half >= 0xa800 && half <= 0xaeff)) return true;
  if (isWideAddress(half, halfwords[index + 1] ?? 0)) return true;
  if (half >> 8 === 0xaf) return half !== 0xaf00 && !endsPrologue(halfwords, index);
  return half >= 0x4668 && half <= 0x466e;
}

/** `add.w rd,sp,rm` and, in frames of 1 KiB or more, `add.w rd,sp,#n` and `addw`; r7 may be the frame pointer. */
function isWideAddress(half: number, next: number): boolean {
  const operation = half & 0xfbef;
  const isAdd = half === 0xeb0d || operation === 0xf10d || operation === 0xf20d;
  return isAdd && next < 0x8000 && ![7, 13, 15].includes((next >> 8) & 15);
}

/** `push` or `sub sp,#n` right before an index: what follows may set a frame pointer up. */
function endsPrologue(halfwords: Uint16Array, index: number): boolean {
  const last = halfwords[index - 1] ?? 0;
  const first = halfwords[index - 2] ?? 0;
  const isNarrow = (last & 0xfe00) === 0xb400 || (last & 0xff80) === 0xb080;
  return isNarrow || first === 0xe92d || (first & 0xfbef) === 0xf1ad || (first & 0xfbef) === 0xf2ad;
}

const lookBack = 6;

/** clang and older gcc: `ldr a,[sp,#n]`, `ldr b,[g]`, `cmp a,b`, `beq` over a `bl` or `bne` to one: offset of its target. */
export function guardedCalleeT32(halfwords: Uint16Array, index: number): number | null {
  const branch = halfwords[index + 1] ?? 0;
  if (!comparesFrameWithMemory(halfwords, index)) return null;
  if (branch >>> 8 === 0xd0) return callTarget(halfwords, index + 2);
  return branch >>> 8 === 0xd1 ? callTarget(halfwords, index + 3 + signed(branch, 8)) : null;
}

function comparesFrameWithMemory(halfwords: Uint16Array, index: number): boolean {
  const compare = halfwords[index] ?? 0;
  const isCompared = (register: number) =>
    register === (compare & 7) || register === ((compare >>> 3) & 7);
  let fromFrame = false;
  let fromElsewhere = false;
  for (let before = Math.max(0, index - lookBack); before < index; before += 1) {
    const half = halfwords[before] ?? 0;
    if ((half & 0xf800) === 0x9800 && isCompared((half >>> 8) & 7)) fromFrame = true;
    if ((half & 0xffc0) === 0x6800 && isCompared(half & 7)) fromElsewhere = true;
  }
  return fromFrame && fromElsewhere;
}

/** Offset that the `bl` or `blx` at an index leads to; encodings T1 and T2 of the Arm manual. */
export function callTarget(halfwords: Uint16Array, index: number): number | null {
  const first = halfwords[index] ?? 0;
  const second = halfwords[index + 1] ?? 0;
  if ((first & 0xf800) !== 0xf000 || (second & 0xc000) !== 0xc000) return null;
  const isExchange = (second & 0x1000) === 0;
  const from = index * 2 + 4;
  return (isExchange ? from & ~3 : from) + branchDistance(first, second);
}

/** Of `bl`, `blx` and `b.w`. */
export function branchDistance(first: number, second: number): number {
  const sign = (first >>> 10) & 1;
  const bit23 = 1 - (((second >>> 13) & 1) ^ sign);
  const bit22 = 1 - (((second >>> 11) & 1) ^ sign);
  const bits =
    (sign << 24) |
    (bit23 << 23) |
    (bit22 << 22) |
    ((first & 0x3ff) << 12) |
    ((second & 0x7ff) << 1);
  return signed(bits, 25);
}
