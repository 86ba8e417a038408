import { signed } from '../words.ts';

const SP = 2;
const S0 = 8;

/**
 * clang: `bne a,b` after a load of one from the frame and of the other from elsewhere. It leads to a call of
 * `__stack_chk_fail`. `before` holds the last instructions, newest first.
 */
export function isDifferenceBranch(instruction: number, before: readonly number[]): boolean {
  if ((instruction & 0x707f) !== 0x1063) return false;
  const compared = [(instruction >>> 15) & 31, (instruction >>> 20) & 31];
  let loads = 0;
  let fromFrame = false;
  let fromElsewhere = false;
  for (const earlier of before) {
    const load = loadOf(earlier);
    if (load === null || !compared.includes(load.target)) continue;
    loads += 1;
    if (load.base === SP || load.base === S0) fromFrame = true;
    if (load.base !== SP) fromElsewhere = true;
  }
  // s0 may be a frame pointer or not.
  return loads >= 2 && fromFrame && fromElsewhere;
}

/** `ld rd,n(rs)` in its three forms. */
function loadOf(instruction: number): { target: number; base: number } | null {
  if ((instruction & 0x707f) === 0x3003) {
    return { target: (instruction >>> 7) & 31, base: (instruction >>> 15) & 31 };
  }
  if ((instruction & 0xe003) === 0x6002) return { target: (instruction >>> 7) & 31, base: SP };
  if ((instruction & 0xe003) !== 0x6000) return null;
  return { target: ((instruction >>> 2) & 7) + 8, base: ((instruction >>> 7) & 7) + 8 };
}

/** Of a conditional branch, in bytes: immediate bits 12, 10:5, 4:1, 11. */
export function branchOffset(instruction: number): number {
  const bits =
    ((instruction >>> 31) << 12) |
    (((instruction >>> 25) & 0x3f) << 5) |
    (((instruction >>> 8) & 0xf) << 1) |
    (((instruction >>> 7) & 1) << 11);
  return signed(bits, 13);
}

/** Where the `jal ra` or `auipc ra; jalr ra` at an index leads, as an index of halfwords; null where there is none. */
export function calleeAt(halfwords: Uint16Array, index: number): number | null {
  const wordAt = (at: number) => ((halfwords[at] ?? 0) | ((halfwords[at + 1] ?? 0) << 16)) >>> 0;
  const word = wordAt(index);
  if ((word & 0xfff) === 0x0ef) return index + jumpOffset(word) / 2;
  const next = wordAt(index + 2);
  if ((word & 0xfff) !== 0x097 || (next & 0xfffff) !== 0x080e7) return null;
  return index + (signed(word >>> 12, 20) * 4096 + (next >> 20)) / 2;
}

/** Of `jal`, in bytes: immediate bits 20, 10:1, 11, 19:12. */
export function jumpOffset(word: number): number {
  const bits =
    ((word >>> 31) << 20) |
    (((word >>> 12) & 0xff) << 12) |
    (((word >>> 20) & 1) << 11) |
    (((word >>> 21) & 0x3ff) << 1);
  return signed(bits, 21);
}
