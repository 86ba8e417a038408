import type { StartCode, Startup } from '../machine.ts';
import { halfwordsOf, signed, wordsOf } from '../words.ts';
import { callTarget } from './arm-t32.ts';

const startCodeSize = 96;

/** The first call of glibc's `_start`, in T32 where bit 0 of the entry point is set. `main` is in a table behind it. */
export function armStartup({ entry, codeAt }: StartCode): Startup | null {
  const isT32 = (entry & 1n) === 1n;
  const address = entry & ~1n;
  const code = codeAt(address, startCodeSize);
  const offset = isT32 ? firstCallT32(code) : firstCallA32(code);
  return offset === null ? null : { main: null, libcStart: address + BigInt(offset) };
}

function firstCallT32(code: Buffer): number | null {
  const halfwords = halfwordsOf(code, 'little');
  for (let index = 0; index + 1 < halfwords.length; index += 1) {
    const target = callTarget(halfwords, index);
    if (target !== null) return target;
    // The first halves of 32-bit instructions begin with 11101, 11110 or 11111.
    if ((halfwords[index] ?? 0) >>> 11 >= 0x1d) index += 1;
  }
  return null;
}

function firstCallA32(code: Buffer): number | null {
  const words = wordsOf(code, 'little');
  const index = words.findIndex((word) => word >>> 24 === 0xeb);
  return index < 0 ? null : (index + 2 + signed(words[index] ?? 0, 24)) * 4;
}
