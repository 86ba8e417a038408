import type { Elf } from '../../elf/model.ts';
import { codePieces } from '../functions/code-pieces.ts';
import { signed, wordsOf } from '../words.ts';
import { pageOf } from './aarch64-calls.ts';

/** Instructions between `adrp` and its `add`, and between a comparison and its branch. */
const nearby = 12;
/** Bytes that a conditional branch reaches. */
const branchReach = 1024 * 1024;

const LS = 9;
const HI = 8;

/**
 * The largest page size of a program that says `text` where the kernel's is larger: jemalloc's pages_boot compares it with a constant
 * (`cmp x0, #16, lsl #12; b.ls`). null: no such comparison leads to code that refers to the text.
 */
export function aarch64PageLimit(elf: Elf, text: bigint): number | null {
  const limits = new Set<number>();
  for (const { bytes, address } of codePieces(elf, branchReach)) {
    const words = wordsOf(bytes, 'little');
    for (const use of usesOf(words, Number(address), Number(text))) {
      const limit = limitBefore(words, use) ?? limitFromAfar(words, use);
      if (limit !== null) limits.add(limit);
    }
  }
  const [limit, ...others] = limits;
  return limit === undefined || others.length > 0 ? null : limit;
}

/** A program has one or two; hostile code could refer to it everywhere. */
const maxUses = 16;

/** Indexes of `adrp` with an `add` that together make the address, and of `adr`, which lld makes of them where it reaches. */
function usesOf(words: Uint32Array, start: number, target: number): readonly number[] {
  const uses: number[] = [];
  const page = target - (target % 4096);
  for (let index = 0; index < words.length && uses.length < maxUses; index += 1) {
    const word = words[index] ?? 0;
    if ((word & 0x1f000000) !== 0x10000000) continue;
    const at = start + index * 4;
    if (word >>> 31 === 0) {
      if (at + signed(((word >>> 3) & 0x1ffffc) | ((word >>> 29) & 3), 21) === target)
        uses.push(index);
    } else if (pageOf(word, at) === page) {
      const register = word & 31;
      const adds = words.subarray(index + 1, index + 1 + nearby);
      if (adds.some((add) => isAdd(add, register, target % 4096))) uses.push(index);
    }
  }
  return uses;
}

function isAdd(word: number, from: number, value: number): boolean {
  return (
    (word & 0xffc00000) >>> 0 === 0x91000000 &&
    ((word >>> 5) & 31) === from &&
    ((word >>> 10) & 0xfff) === value
  );
}

/** `cmp; b.ls` past the use. */
function limitBefore(words: Uint32Array, use: number): number | null {
  for (let index = use - 1; index >= Math.max(0, use - nearby); index -= 1) {
    const word = words[index] ?? 0;
    if (!isBranch(word, LS)) continue;
    return index + signed(word >>> 5, 19) > use ? comparedWith(words, index) : null;
  }
  return null;
}

/** `cmp; b.hi` to a cold part of the function, which begins at the use or shortly before. */
function limitFromAfar(words: Uint32Array, use: number): number | null {
  const reach = branchReach / 4;
  const last = Math.min(words.length, use + reach);
  for (let index = Math.max(0, use - reach); index < last; index += 1) {
    const word = words[index] ?? 0;
    if (!isBranch(word, HI)) continue;
    const target = index + signed(word >>> 5, 19);
    if (target > use || target < use - nearby) continue;
    const limit = comparedWith(words, index);
    if (limit !== null) return limit;
  }
  return null;
}

function isBranch(word: number, condition: number): boolean {
  return (word & 0xff00001f) >>> 0 === (0x54000000 | condition) >>> 0;
}

/** The constant of the last `cmp x, #n` before a branch, where it can be a page size. */
function comparedWith(words: Uint32Array, branch: number): number | null {
  for (let index = branch - 1; index >= Math.max(0, branch - nearby); index -= 1) {
    const word = words[index] ?? 0;
    if ((word & 0xff80001f) >>> 0 !== 0xf100001f) continue;
    const value = ((word >>> 10) & 0xfff) << ((word & 0x400000) === 0 ? 0 : 12);
    return pageSizes.includes(value) ? value : null;
  }
  return null;
}

const pageSizes: readonly number[] = [4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288];
