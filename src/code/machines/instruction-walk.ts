import { halfwordsOf, wordsOf } from '../words.ts';

/**
 * Goes from instruction to instruction of one function and gives each with its offset. `first` is its first unit, a word
 * or a halfword by machine; `second` the unit behind, which belongs to it where the instruction is long.
 */
export type InstructionWalk = (
  code: Buffer,
  visit: (first: number, second: number, at: number) => void,
) => void;

export function walkWords(byteOrder: 'little' | 'big'): InstructionWalk {
  return (code, visit) => {
    const words = wordsOf(code, byteOrder);
    for (let index = 0; index < words.length; index += 1) {
      visit(words[index] ?? 0, words[index + 1] ?? 0, index * 4);
    }
  };
}

/** The instruction that begins with a halfword has two. */
export const isLongRiscv = (half: number) => (half & 3) === 3;

/** The same of T32: the first halves of long instructions begin with 11101, 11110 or 11111. */
export const isLongT32 = (half: number) => half >>> 11 >= 0x1d;

export const walkRiscv: InstructionWalk = (code, visit) => walkHalfwords(code, isLongRiscv, visit);

export const walkT32: InstructionWalk = (code, visit) => walkHalfwords(code, isLongT32, visit);

function walkHalfwords(
  code: Buffer,
  isLong: (half: number) => boolean,
  visit: (first: number, second: number, at: number) => void,
): void {
  const halfwords = halfwordsOf(code, 'little');
  for (let index = 0; index < halfwords.length; ) {
    const first = halfwords[index] ?? 0;
    visit(first, halfwords[index + 1] ?? 0, index * 2);
    index += isLong(first) ? 2 : 1;
  }
}
