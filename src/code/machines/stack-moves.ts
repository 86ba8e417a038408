import type { StackMoves } from '../machine.ts';
import { signed, wordsOf } from '../words.ts';
import { walkRiscv, walkT32, walkWords } from './instruction-walk.ts';

type ByteOrder = 'little' | 'big';

/*
 * Instructions that move the stack pointer by a constant, as the first and last ones of functions do: below zero where
 * they lower it. Chance matches inside instructions of another length are sorted out by the caller of `pairs`.
 */

/**
 * `sub $n,%rsp` and `add $n,%rsp` of more than 127 bytes; `leave` before `ret`, and `lea -n(%rbp),%rsp` before registers
 * are restored, which give back any frame.
 */
export const x86StackMoves: StackMoves = (code, move) => {
  for (
    let at = code.indexOf(0x81);
    at >= 0 && at + 6 <= code.length;
    at = code.indexOf(0x81, at + 1)
  ) {
    const modrm = code[at + 1];
    if (modrm === 0xec) move(-code.readInt32LE(at + 2));
    else if (modrm === 0xc4) move(code.readInt32LE(at + 2));
  }
  const restore = code.indexOf('8d65', 0, 'hex');
  const isRestored = restore >= 0 && (code[restore + 2] ?? 0) >= 0x80;
  if (isRestored || code.includes('c9c3', 0, 'hex')) move(Number.POSITIVE_INFINITY);
};

/** `sub sp,sp,#n`, `stp x29,x30,[sp,#-n]!` and what takes them back. */
export const aarch64StackMoves: StackMoves = (code, move) => {
  for (const word of wordsOf(code, 'little')) {
    const isAdd = (word & 0xff8003ff) >>> 0 === 0x910003ff;
    const isSub = (word & 0xff8003ff) >>> 0 === 0xd10003ff;
    if (isAdd || isSub) {
      const bytes = ((word >>> 10) & 0xfff) << ((word & 0x400000) === 0 ? 0 : 12);
      move(isAdd ? bytes : -bytes);
    }
    // Before the store, or after the load: in units of 8 bytes.
    const operation = (word & 0xffc07fff) >>> 0;
    if (operation === 0xa9807bfd || operation === 0xa8c07bfd) move(signed(word >>> 15, 7) * 8);
  }
};

/** `sub sp,#n` and `add sp,#n` of T32, with 7 bits or 12, and of A32; `mov sp,r7`, `mov sp,fp`, `sub sp,fp,#n`. */
export const armStackMoves: StackMoves = (code, move) => {
  walkT32(code, (half, next) => {
    if (half === 0x46bd) move(Number.POSITIVE_INFINITY);
    if ((half & 0xff00) === 0xb000) move((half & 0x7f) * ((half & 0x80) === 0 ? 4 : -4));
    if ((next & 0x8f00) !== 0x0d00) return;
    const immediate = ((half & 0x400) << 1) | ((next & 0x7000) >>> 4) | (next & 0xff);
    const operation = half & 0xfbef;
    if (operation === 0xf10d) move(t32Constant(immediate));
    else if (operation === 0xf1ad) move(-t32Constant(immediate));
    else if (operation === 0xf20d) move(immediate);
    else if (operation === 0xf2ad) move(-immediate);
  });
  walkWords('little')(code, (word) => {
    const operation = word >>> 12;
    if (word === 0xe1a0d00b || operation === 0xe24bd) move(Number.POSITIVE_INFINITY);
    if (operation !== 0xe24dd && operation !== 0xe28dd) return;
    const bytes = rotated(word & 0xff, (word >>> 7) & 30);
    move(operation === 0xe28dd ? bytes : -bytes);
  });
};

/** Eight bits, of which the highest is set, rotated to the right; smaller constants do not matter here. */
function t32Constant(immediate: number): number {
  return immediate < 0x400 ? 0 : rotated(0x80 | (immediate & 0x7f), immediate >>> 7);
}

function rotated(bits: number, by: number): number {
  return ((bits >>> by) | (bits << ((32 - by) & 31))) >>> 0;
}

/** `addi sp,sp,n` and `c.addi16sp n`. */
export const riscvStackMoves: StackMoves = (code, move) =>
  walkRiscv(code, (half, next) => {
    if (half === 0x0113 && (next & 15) === 1) move(signed(next >>> 4, 12));
    if ((half & 0xef83) !== 0x6101) return;
    const high = ((half & 0x1000) >>> 3) | ((half & 0x18) << 4) | ((half & 0x20) << 1);
    move(signed(high | ((half & 4) << 3) | ((half & 0x40) >>> 2), 10));
  });

/** `stdu r1,-n(r1)` or `stwu`, and `addi r1,r1,n`. */
export function powerpcStackMoves(byteOrder: ByteOrder): StackMoves {
  return (code, move) => {
    for (const word of wordsOf(code, byteOrder)) {
      const operation = word >>> 16;
      // From r31 where it is the frame pointer.
      if (operation === 0x3821 || operation === 0x383f) move(signed(word, 16));
      else if (operation === 0x9421 || (operation === 0xf821 && (word & 3) === 1))
        move(signed(word & 0xfffc, 16));
    }
  };
}

/** `(d)addiu sp,sp,n`. */
export function mipsStackMoves(byteOrder: ByteOrder): StackMoves {
  return (code, move) => {
    for (const word of wordsOf(code, byteOrder)) {
      if (word >>> 16 === 0x27bd || word >>> 16 === 0x67bd) move(signed(word, 16));
    }
  };
}

/** `addi.d sp,sp,n`. */
export const loongarchStackMoves: StackMoves = (code, move) => {
  for (const word of wordsOf(code, 'little')) {
    if ((word & 0xffc003ff) >>> 0 === 0x02c00063) move(signed(word >>> 10, 12));
  }
};
