import type { X86Instruction } from '../machines/x86-instruction.ts';

/**
 * What an instruction of x86-64 needs of the processor: levels of the psABI, 1 to 4, or 5 for a feature that no level has
 * (AES, RDRAND). By the opcode maps of Intel's manual, volume 2, appendix A.
 */
export interface InstructionNeed {
  readonly rank: 2 | 3 | 4 | 5;
  readonly feature: string;
}

const need = (rank: InstructionNeed['rank'], feature: string): InstructionNeed => ({
  rank,
  feature,
});

const needs = {
  sse3: need(2, 'SSE3'),
  ssse3: need(2, 'SSSE3'),
  sse4: need(2, 'SSE4'),
  popcnt: need(2, 'POPCNT'),
  cmpxchg16b: need(2, 'CMPXCHG16B'),
  avx: need(3, 'AVX'),
  bmi: need(3, 'BMI'),
  fma: need(3, 'FMA'),
  f16c: need(3, 'F16C'),
  lzcnt: need(3, 'LZCNT'),
  movbe: need(3, 'MOVBE'),
  avx512: need(4, 'AVX-512'),
  aes: need(5, 'AES'),
  clmul: need(5, 'PCLMULQDQ'),
  sha: need(5, 'SHA'),
  gfni: need(5, 'GFNI'),
  adx: need(5, 'ADX'),
  random: need(5, 'RDRAND'),
  other: need(5, 'an extension that no level has'),
} as const;

const PREFIX_16 = 0x66;
const PREFIX_F2 = 0xf2;
const PREFIX_F3 = 0xf3;

/** null for what every processor of x86-64 has, and where only the result differs in rare cases (`rep bsf`, which is TZCNT). */
export function needOfInstruction(
  code: Buffer,
  at: number,
  { opcodeAt }: X86Instruction,
): InstructionNeed | null {
  const opcode = code[opcodeAt] ?? 0;
  if (opcode === 0x0f) return needOfTwo(code, at, opcodeAt);
  if (opcode === 0xc4 || opcode === 0xc5) return needOfVex(code, opcodeAt);
  if (opcode === 0x62) return needOfEvex(code, opcodeAt);
  // XOP, of which the map is 8 and more where POP has a register.
  if (opcode === 0x8f) return ((code[opcodeAt + 1] ?? 0) & 0x1f) >= 8 ? needs.other : null;
  // FISTTP.
  if (opcode === 0xdb || opcode === 0xdd || opcode === 0xdf) {
    const modrm = code[opcodeAt + 1] ?? 0;
    return modrm < 0xc0 && (modrm & 0x38) === 0x08 ? needs.sse3 : null;
  }
  return null;
}

function hasPrefix(code: Buffer, at: number, until: number, prefix: number): boolean {
  for (let index = at; index < until; index += 1) if (code[index] === prefix) return true;
  return false;
}

function needOfTwo(code: Buffer, at: number, opcodeAt: number): InstructionNeed | null {
  const second = code[opcodeAt + 1] ?? 0;
  const third = code[opcodeAt + 2] ?? 0;
  const has = (prefix: number) => hasPrefix(code, at, opcodeAt, prefix);
  switch (second) {
    case 0x38:
      return needOf38(third, has);
    case 0x3a:
      return needOf3a(third);
    case 0x12:
      return has(PREFIX_F2) || has(PREFIX_F3) ? needs.sse3 : null;
    case 0x16:
      return has(PREFIX_F3) ? needs.sse3 : null;
    case 0x7c:
    case 0x7d:
    case 0xd0:
      return needs.sse3;
    case 0xf0:
      return has(PREFIX_F2) ? needs.sse3 : null;
    case 0xb8:
      return has(PREFIX_F3) ? needs.popcnt : null;
    case 0xbd:
      return has(PREFIX_F3) ? needs.lzcnt : null;
    case 0xc7:
      return needOfNine(third, code[opcodeAt - 1] ?? 0, opcodeAt > at);
    // Of AMD alone: EXTRQ, INSERTQ, MOVNTSS, 3DNow.
    case 0x78:
    case 0x79:
    case 0x0f:
      return needs.other;
    case 0x2b:
      return has(PREFIX_F2) || has(PREFIX_F3) ? needs.other : null;
    default:
      return null;
  }
}

/** Group 9: CMPXCHG16B by its REX.W, which is the last byte before the opcode; RDRAND and RDSEED of a register. */
function needOfNine(modrm: number, before: number, hasBefore: boolean): InstructionNeed | null {
  const form = (modrm >> 3) & 7;
  if (modrm >= 0xc0) return form >= 6 ? needs.random : null;
  return form === 1 && hasBefore && (before & 0xf8) === 0x48 ? needs.cmpxchg16b : null;
}

function needOf38(opcode: number, has: (prefix: number) => boolean): InstructionNeed | null {
  if (opcode <= 0x0b || (opcode >= 0x1c && opcode <= 0x1e)) return needs.ssse3;
  if (opcode <= 0x41) return needs.sse4;
  if (opcode >= 0xc8 && opcode <= 0xcd) return needs.sha;
  if (opcode === 0xcf) return needs.gfni;
  if (opcode >= 0xd8 && opcode <= 0xdf) return needs.aes;
  if (opcode === 0xf0 || opcode === 0xf1) return has(PREFIX_F2) ? needs.sse4 : needs.movbe;
  // WRSS and WRUSS of shadow stacks run only where a kernel has switched them on.
  if (opcode === 0xf6) return has(PREFIX_16) || has(PREFIX_F3) ? needs.adx : null;
  return opcode === 0xf8 || opcode === 0xf9 ? needs.other : null;
}

function needOf3a(opcode: number): InstructionNeed | null {
  if (opcode === 0x0f) return needs.ssse3;
  if (opcode === 0x44) return needs.clmul;
  if (opcode === 0xcc) return needs.sha;
  if (opcode === 0xce || opcode === 0xcf) return needs.gfni;
  return opcode === 0xdf ? needs.aes : needs.sse4;
}

function needOfVex(code: Buffer, at: number): InstructionNeed {
  const isShort = code[at] === 0xc5;
  const map = isShort ? 1 : (code[at + 1] ?? 0) & 0x1f;
  const opcode = code[at + (isShort ? 2 : 3)] ?? 0;
  if (map === 1) return isOfMasks(opcode) ? needs.avx512 : needs.avx;
  if (map === 2) return needOfVex2(opcode);
  if (map === 3) return needOfVex3(opcode);
  return needs.other;
}

/** KMOV and its kin are encoded as AVX. */
function isOfMasks(opcode: number): boolean {
  if (opcode >= 0x41 && opcode <= 0x4b) return true;
  return (opcode >= 0x90 && opcode <= 0x93) || opcode === 0x98 || opcode === 0x99;
}

function needOfVex2(opcode: number): InstructionNeed {
  if (opcode === 0x13) return needs.f16c;
  if (opcode >= 0x96 && opcode <= 0xbf) {
    if (opcode >= 0xb0 && opcode <= 0xb5) return needs.other;
    return needs.fma;
  }
  if (opcode >= 0xdb && opcode <= 0xdf) return needs.aes;
  if (opcode === 0xcf) return needs.gfni;
  if (opcode === 0xf2 || opcode === 0xf3 || opcode === 0xf5 || opcode === 0xf7) return needs.bmi;
  if (opcode === 0xf6) return needs.bmi;
  const isOther =
    (opcode >= 0x48 && opcode <= 0x57) || (opcode >= 0x5c && opcode <= 0x77) || opcode >= 0xc0;
  return isOther ? needs.other : needs.avx;
}

function needOfVex3(opcode: number): InstructionNeed {
  if (opcode === 0xf0) return needs.bmi;
  if (opcode === 0x1d) return needs.f16c;
  if (opcode >= 0x30 && opcode <= 0x33) return needs.avx512;
  if (opcode === 0x44) return needs.clmul;
  if (opcode === 0xdf) return needs.aes;
  if (opcode === 0xce || opcode === 0xcf) return needs.gfni;
  // FMA4 and XOP's forms of AMD.
  const isOther =
    opcode === 0x48 || opcode === 0x49 || (opcode >= 0x5c && opcode <= 0x5f) || opcode >= 0x68;
  return isOther ? needs.other : needs.avx;
}

/** Beyond F, BW, CD, DQ and VL, which make x86-64-v4. Where one opcode is of two extensions by its width, as the older one. */
const newer2 = new Set([
  0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x62, 0x63, 0x68, 0x70, 0x71, 0x72, 0x73, 0x83, 0x8f, 0xb4,
  0xb5, 0xc6, 0xc7, 0xc8, 0xca, 0xcb, 0xcc, 0xcd, 0xcf, 0xdc, 0xdd, 0xde, 0xdf,
]);
const newer3 = new Set([0x44, 0x70, 0x71, 0x72, 0x73, 0xce, 0xcf]);
/** VBMI with W 0, BW with W 1: permutations of bytes and of words. */
const byWidth = new Set([0x75, 0x7d, 0x8d]);

function needOfEvex(code: Buffer, at: number): InstructionNeed {
  const map = (code[at + 1] ?? 0) & 7;
  const isWide = ((code[at + 2] ?? 0) & 0x80) !== 0;
  const opcode = code[at + 4] ?? 0;
  if (map === 1) return needs.avx512;
  if (map === 2) {
    const isNewer = newer2.has(opcode) || (byWidth.has(opcode) && !isWide);
    return isNewer ? needs.other : needs.avx512;
  }
  return map === 3 && !newer3.has(opcode) ? needs.avx512 : needs.other;
}

/** An instruction of SSE or SSE2 in its old form, by which code for processors without AVX works with vectors. */
export function isOldVector(code: Buffer, { opcodeAt }: X86Instruction): boolean {
  if (code[opcodeAt] !== 0x0f) return false;
  const second = code[opcodeAt + 1] ?? 0;
  if (second >= 0x10 && second <= 0x17) return true;
  if (second >= 0x28 && second <= 0x2f) return true;
  if (second >= 0x51 && second <= 0x7f && second !== 0x77) return true;
  return (second >= 0xd0 && second !== 0xff) || second === 0xc2 || second === 0xc6;
}

/** CPUID, or XGETBV: what code asks that chooses by the processor. */
export function asksProcessor(code: Buffer, { opcodeAt }: X86Instruction): boolean {
  if (code[opcodeAt] !== 0x0f) return false;
  const second = code[opcodeAt + 1];
  return second === 0xa2 || (second === 0x01 && code[opcodeAt + 2] === 0xd0);
}
