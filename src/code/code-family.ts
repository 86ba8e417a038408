// supporting: which machine some code is for

/** Machines whose code looks alike are one family: i386, x86-64 and x32, or 32 and 64 bits of PowerPC. */
export type CodeFamily =
  | 'x86'
  | 'AArch64'
  | 'ARM'
  | 'RISC-V'
  | 'PowerPC'
  | 'S/390'
  | 'MIPS'
  | 'LoongArch';

/** How compilers end functions, by the halfwords of the code in little-endian order. */
const endings: ReadonlyMap<number, CodeFamily> = new Map([
  // `c.jr ra`
  [0x8082, 'RISC-V'],
  // `bx lr` of T32, and the first half of `pop {...}`
  [0x4770, 'ARM'],
  [0xe8bd, 'ARM'],
  // `br %r14`
  [0xfe07, 'S/390'],
]);

/** The same by words. */
const wordEndings: ReadonlyMap<number, CodeFamily> = new Map([
  // `ret`, `retaa`, `retab`
  [0xd65f03c0, 'AArch64'],
  [0xd65f0bff, 'AArch64'],
  [0xd65f0fff, 'AArch64'],
  // `bx lr`
  [0xe12fff1e, 'ARM'],
  // `ret`
  [0x00008067, 'RISC-V'],
  // `blr`, `jr ra`, in both byte orders
  [0x4e800020, 'PowerPC'],
  [0x2000804e, 'PowerPC'],
  [0x03e00008, 'MIPS'],
  [0x0800e003, 'MIPS'],
  [0x4c000020, 'LoongArch'],
]);

const RET = 0xc3;
const LEAVE = 0xc9;

/**
 * How often the code ends a function as compilers do for each family. Code begins at a multiple of four. On x86 only `ret`
 * behind `pop`, `leave` or `add $n,%rsp` counts, so that chance makes two of them in 8 KiB.
 */
export function countEndings(code: Buffer): ReadonlyMap<CodeFamily, number> {
  const counts = new Map<CodeFamily, number>();
  const count = (family: CodeFamily | undefined) => {
    if (family !== undefined) counts.set(family, (counts.get(family) ?? 0) + 1);
  };
  for (let at = 1; at < code.length; at += 1) {
    const byte = code[at] ?? 0;
    const before = code[at - 1] ?? 0;
    if (byte === RET && ((before & 0xf8) === 0x58 || before === LEAVE || raises(code, at)))
      count('x86');
    if ((at & 1) === 0) continue;
    count(endings.get(before | (byte << 8)));
    if ((at & 3) === 3) count(wordEndings.get(code.readUInt32LE(at - 3)));
  }
  return counts;
}

/** `add $n,%esp`, also behind REX.W, ends at `end`. */
function raises(code: Buffer, end: number): boolean {
  return code[end - 3] === 0x83 && code[end - 2] === 0xc4;
}

/** What only the first instructions of a program hold, in hex: they clear the frame pointer, or align the stack. */
const starts: readonly (readonly [CodeFamily, Buffer])[] = (
  [
    // `and $-16,%esp`, also behind REX.W
    ['x86', '83e4f0'],
    // `mov x29,#0` and `mov x30,#0`
    ['AArch64', '1d0080d21e0080d2'],
    // `mov fp,#0` and `mov lr,#0`
    ['ARM', '4ff0000b4ff0000e'],
    ['ARM', '00b0a0e300e0a0e3'],
    // `andi sp,sp,-16`
    ['RISC-V', '137101ff'],
    // `clrrdi r1,r1,4`
    ['PowerPC', 'e4062178'],
    ['PowerPC', '782106e4'],
    // `aghi %r15,-160`
    ['S/390', 'a7fbff60'],
  ] as const
).map(([family, hex]) => [family, Buffer.from(hex, 'hex')]);

/** null where the code of an entry point is not that of a C library. */
export function startsAsProgramOf(code: Buffer): CodeFamily | null {
  const found = starts.filter(([, bytes]) => code.includes(bytes)).map(([family]) => family);
  return new Set(found).size === 1 ? (found[0] ?? null) : null;
}
