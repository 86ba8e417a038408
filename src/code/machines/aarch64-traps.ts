import { signed, wordsOf } from '../words.ts';

/** `brk #1000` is gcc's `__builtin_trap()`, `brk #1` clang's. */
const GCC_TRAP = 0xd4207d00;
const CLANG_TRAP = 0xd4200020;

/** Traps that `b.cond`, `cbz` or `cbnz` lead to, as `if (...) __builtin_trap()` is compiled. */
export function aarch64GuardedTraps(code: Buffer): number {
  const words = wordsOf(code, 'little');
  const guarded = new Set<number>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    const isConditional =
      (word & 0xff000010) >>> 0 === 0x54000000 || (word & 0x7e000000) >>> 0 === 0x34000000;
    if (!isConditional) continue;
    const target = index + signed(word >>> 5, 19);
    if (words[target] === GCC_TRAP || words[target] === CLANG_TRAP) guarded.add(target);
  }
  return guarded.size;
}
