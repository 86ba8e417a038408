/**
 * Whether bytes begin a file of the old format of LZMA Utils, which has no magic number: properties, the size of the
 * dictionary (2^n or 2^n + 2^(n-1), as xz demands too), the size of the content or -1, and the 0 that every stream begins with.
 */
export function beginsLzma(head: Buffer): boolean {
  if (head.length < lzmaHeadSize || (head[0] ?? 0) >= 9 * 5 * 5 || head[13] !== 0) return false;
  const dictionary = head.readUInt32LE(1);
  const lowest = (dictionary & -dictionary) >>> 0;
  if (dictionary < 4096 || (dictionary !== lowest && dictionary !== lowest * 3)) return false;
  const size = head.readBigUInt64LE(5);
  return size === unknownSize || (size > 0n && size < 1n << 38n);
}

export const lzmaHeadSize = 14;
/** The size of content that a marker ends. */
export const unknownSize = (1n << 64n) - 1n;
