import type { StartCode, Startup } from '../machine.ts';
import { signed, wordsOf } from '../words.ts';

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
export function powerpcStartup(start: StartCode, byteOrder: 'little' | 'big'): Startup | null {
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
