/** What of an instruction is known: where its opcode is, and where it ends. */
export interface X86Instruction {
  /** Offset of the opcode behind prefixes. */
  readonly opcodeAt: number;
  readonly end: number;
}

/** No instruction is longer. */
const longest = 15;

const operandSize = 0x66;
const addressSize = 0x67;
const legacy = opcodes('26 2e 36 3e 64-67 f0 f2 f3');

/** Opcodes by what follows them, as ranges of hexadecimal numbers. Those below 0x40 follow one scheme. */
const withModrm = opcodes('62 63 69 6b 80-8f c0 c1 c4-c7 d0-d3 d8-df f6 f7 fe ff');
const withByte = opcodes('6a 6b 70-7f 80 82 83 a8 b0-b7 c0 c1 c6 cd d4 d5 e0-e7 eb');
const withWord = opcodes('68 69 81 a9 b8-bf c7 e8 e9');
/** Behind 0f. */
const twoWithout = opcodes('04-0b 0e 30-37 77 80-8f a0-a2 a8-aa c8-cf');
const twoWithByte = opcodes('0f 70-73 a4 ac ba c2 c4-c6');
/** In the first map of AVX and AVX-512. */
const vectorWithByte = opcodes('70-73 c2 c4-c6');

/** 1 for each. Looked up for every byte of large code. */
function opcodes(ranges: string): Uint8Array {
  const found = new Uint8Array(256);
  for (const range of ranges.split(' ')) {
    const [first = 0, last = first] = range.split('-').map((part) => Number.parseInt(part, 16));
    for (let opcode = first; opcode <= last; opcode += 1) found[opcode] = 1;
  }
  return found;
}

/** The instruction at an offset; null where its code is cut short, or is none that is known. */
export function x86InstructionAt(code: Buffer, at: number, wide: boolean): X86Instruction | null {
  const measured = measuredAt(code, at, code.length, wide);
  return measured === 0
    ? null
    : { opcodeAt: at + prefixesIn(measured), end: at + lengthIn(measured) };
}

/**
 * The same without an object, for what is read from every byte on: `lengthIn` and `prefixesIn` take it apart. 0 where
 * `x86InstructionAt` gives null, and where the instruction does not end before `limit`.
 */
export function measuredAt(code: Buffer, at: number, limit: number, wide: boolean): number {
  let next = at;
  let mode = wide ? WIDE : 0;
  let rex = 0;
  for (; next < at + longest; next += 1) {
    const byte = code[next] ?? 0;
    const isRex = wide && (byte & 0xf0) === 0x40;
    if (!isRex && legacy[byte] === 0) break;
    if (byte === addressSize) mode |= READDRESSED;
    if (byte === operandSize) mode |= SHORT;
    rex = isRex ? byte : 0;
  }
  const length = lengthOf(code, next, (rex & 8) === 0 ? mode : mode | LONG);
  const end = next + length;
  if (length === 0 || end > limit || end > at + longest) return 0;
  return ((end - at) << 4) | (next - at);
}

/** Bytes of the instruction. */
export function lengthIn(measured: number): number {
  return measured >> 4;
}

/** Bytes before its opcode. */
export function prefixesIn(measured: number): number {
  return measured & 15;
}

/** What prefixes and the mode of the processor say: x86-64, operands of 16 or 64 bits, addresses of half the size. */
const WIDE = 1;
const SHORT = 2;
const LONG = 4;
const READDRESSED = 8;

/** Addresses of 16 bits. */
const hasHalfAddresses = (mode: number) => (mode & (READDRESSED | WIDE)) === READDRESSED;

/** From the opcode on; 0 where it is not known. */
function lengthOf(code: Buffer, at: number, mode: number): number {
  const wide = (mode & WIDE) !== 0;
  const half = hasHalfAddresses(mode);
  const opcode = code[at] ?? 0;
  const second = code[at + 1] ?? 0;
  if (opcode === 0x0f) return lengthOfTwo(code, at, mode);
  if (wide || second >= 0xc0) {
    if (opcode === 0xc5) return vectorLength(code, at, 2, 1);
    if (opcode === 0xc4) return vectorLength(code, at, 3, second & 0x1f);
    if (opcode === 0x62) return vectorLength(code, at, 4, second & 7);
  }
  const word = (mode & SHORT) === 0 ? 4 : 2;
  if (opcode < 0x40) {
    const form = opcode & 7;
    if (form < 4) return 1 + modrmLength(code, at + 1, half);
    return form === 4 ? 2 : form === 5 ? 1 + word : 1;
  }
  if (opcode === 0xc2 || opcode === 0xca) return 3;
  if (opcode === 0xc8) return 4;
  if (opcode >= 0xa0 && opcode <= 0xa3)
    return 1 + (wide ? 8 : 4) / ((mode & READDRESSED) === 0 ? 1 : 2);
  if (opcode === 0x9a || opcode === 0xea) return wide ? 0 : 3 + word;
  if (opcode >= 0xb8 && opcode <= 0xbf && (mode & LONG) !== 0) return 9;
  let length = 1;
  if (withModrm[opcode] === 1) length += modrmLength(code, at + 1, half);
  // `test` has a constant, the others of its opcode do not.
  if ((opcode & 0xfe) === 0xf6 && (second & 0x38) < 0x10) length += opcode === 0xf6 ? 1 : word;
  if (withByte[opcode] === 1) length += 1;
  // Distances of calls and jumps have four bytes on x86-64, whatever the prefix.
  if (withWord[opcode] === 1) length += wide && (opcode & 0xfe) === 0xe8 ? 4 : word;
  return length;
}

function lengthOfTwo(code: Buffer, at: number, mode: number): number {
  const half = hasHalfAddresses(mode);
  const opcode = code[at + 1] ?? 0;
  if (opcode === 0x38) return 3 + modrmLength(code, at + 3, half);
  if (opcode === 0x3a) return 4 + modrmLength(code, at + 3, half);
  if (opcode >= 0x80 && opcode <= 0x8f) return (mode & (SHORT | WIDE)) === SHORT ? 4 : 6;
  if (twoWithout[opcode] === 1) return 2;
  return 2 + modrmLength(code, at + 2, half) + (twoWithByte[opcode] ?? 0);
}

/** Of AVX and AVX-512: a prefix of some bytes replaces all others, and selects the map of the opcode. */
function vectorLength(code: Buffer, at: number, prefix: number, map: number): number {
  const opcode = code[at + prefix] ?? 0;
  if (map === 1 && opcode === 0x77) return prefix + 1;
  const hasByte = map === 3 || (map === 1 && vectorWithByte[opcode] === 1);
  return prefix + 1 + modrmLength(code, at + prefix + 1, false) + (hasByte ? 1 : 0);
}

/** Of ModRM, SIB and the displacement; `half`: with addresses of 16 bits. */
export function modrmLength(code: Buffer, at: number, half: boolean): number {
  const modrm = code[at] ?? 0;
  const mode = modrm >> 6;
  if (mode === 3) return 1;
  if (half) return mode === 0 ? ((modrm & 7) === 6 ? 3 : 1) : 1 + mode;
  const hasSib = (modrm & 7) === 4;
  const length = hasSib ? 2 : 1;
  if (mode === 1) return length + 1;
  const base = hasSib ? (code[at + 1] ?? 0) & 7 : modrm & 7;
  return length + (mode === 2 || base === 5 ? 4 : 0);
}
