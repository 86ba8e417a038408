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

interface Ending {
  readonly family: CodeFamily;
  /** As they lie in the file, at a multiple of their number. */
  readonly bytes: Buffer;
}

/** How compilers end functions. */
const endings: readonly Ending[] = (
  [
    // `ret`, of which only some count
    ['x86', 'c3'],
    // `c.jr ra`
    ['RISC-V', '8280'],
    // `bx lr` of T32, and the first half of `pop {...}`
    ['ARM', '7047'],
    ['ARM', 'bde8'],
    // `br %r14`
    ['S/390', '07fe'],
    // `ret`, `retaa`, `retab`
    ['AArch64', 'c0035fd6'],
    ['AArch64', 'ff0b5fd6'],
    ['AArch64', 'ff0f5fd6'],
    // `bx lr`
    ['ARM', '1eff2fe1'],
    // `ret`
    ['RISC-V', '67800000'],
    // `blr`, `jr ra`, in both byte orders
    ['PowerPC', '2000804e'],
    ['PowerPC', '4e800020'],
    ['MIPS', '0800e003'],
    ['MIPS', '03e00008'],
    ['LoongArch', '2000004c'],
  ] as const
).map(([family, hex]) => ({ family, bytes: Buffer.from(hex, 'hex') }));

const LEAVE = 0xc9;

/**
 * How often the code ends a function as compilers do for each family, in the order of their first ends. Code begins at a
 * multiple of four. On x86 only `ret` behind `pop`, `leave` or `add $n,%rsp` counts, so that chance makes two of them in 8 KiB.
 * Each ending is searched by itself: most occur nowhere, which Node finds out many times faster than a loop over each
 * byte.
 */
export function countEndings(code: Buffer): ReadonlyMap<CodeFamily, number> {
  const found = new Map<CodeFamily, { count: number; first: number }>();
  for (const { family, bytes } of endings) {
    const { length } = bytes;
    for (let at = code.indexOf(bytes); at >= 0; at = code.indexOf(bytes, at + 1)) {
      if (at % length !== 0 || (length === 1 && !endsFrame(code, at))) continue;
      const known = found.get(family) ?? { count: 0, first: at + length };
      found.set(family, { count: known.count + 1, first: Math.min(known.first, at + length) });
    }
  }
  const inOrder = [...found].sort(([, a], [, b]) => a.first - b.first);
  return new Map(inOrder.map(([family, { count }]) => [family, count]));
}

/** Before a `ret` at `at`. */
function endsFrame(code: Buffer, at: number): boolean {
  const before = code[at - 1] ?? 0;
  return (before & 0xf8) === 0x58 || before === LEAVE || raises(code, at);
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
