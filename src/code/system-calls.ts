import { EM, PF } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { perFile } from '../elf/reading/per-file.ts';
import { walkRiscv } from './machines/instruction-walk.ts';
import { x86InstructionAt } from './machines/x86-instruction.ts';
import { halfwordsOf, wordsOf } from './words.ts';

/**
 * - `none`: no instruction that may run is one
 * - `some`: there is one, or bytes in which chance makes one
 * - `not-known`: the machine's instructions are not known
 */
export type SystemCalls = 'none' | 'some' | 'not-known';

/** The last `behind` bytes of the code are there for an instruction that begins before them. */
type Search = (code: Buffer, behind?: number) => boolean;

/** Programs mostly have a call in so many first bytes: of large ones the rest is not read then. */
const firstBytes = 1024 * 1024;
const longestX86 = 15;

/**
 * Whether a program is seen to call Linux. Everything that is mapped executable counts, whatever sections say of it, and
 * constants among the code may look like a call. `none` does not say that it cannot: calls may lie inside other
 * instructions, in the vDSO, or in code that is written while it runs.
 */
export const systemCalls = perFile((elf): SystemCalls => {
  const search = searchOf(elf);
  if (search === null) return 'not-known';
  return elf.memory.some((piece) => {
    if (piece.offset === null || (piece.flags & PF.X) === 0) return false;
    const start = Number(piece.offset);
    const size = Math.min(Number(piece.end - piece.start), elf.bytes.size - start);
    if (size <= 0) return false;
    const isEarly =
      isX86(elf) && size > firstBytes && search(elf.bytes.glance(start, firstBytes), longestX86);
    return isEarly || search(elf.bytes.glance(start, size));
  })
    ? 'some'
    : 'none';
});

function isX86({ header: { machine } }: Elf): boolean {
  return machine === EM.X86_64 || machine === EM.I386;
}

/** Linux ignores the number in the instruction where there is one, on arm too if it knows the EABI alone. */
function searchOf({ header: { machine, bits, byteOrder, entry } }: Elf): Search | null {
  const words = (isCall: (word: number) => boolean, order = byteOrder): Search => {
    return (code) => wordsOf(code, order).some(isCall);
  };
  switch (machine) {
    case EM.X86_64:
      return (code, behind) => hasX86Call(code, true, behind);
    case EM.I386:
      return (code, behind) => hasX86Call(code, false, behind);
    // Instructions are little-endian whatever the data are.
    case EM.AARCH64:
      return words((word) => (word & 0xffe0001f) === (0xd4000001 | 0), 'little');
    case EM.ARM:
      return (entry & 1n) === 1n
        ? hasT32Call
        : words((word) => (word & 0x0f000000) === 0x0f000000 && word >>> 28 !== 0xf);
    case EM.RISCV:
      return hasRiscvCall;
    case EM.MIPS:
      return words((word) => (word & 0xfc00003f) === 0x0c);
    case EM.PPC:
    case EM.PPC64:
      return words((word) => word >>> 26 === 17 && (word & 3) !== 0);
    case EM.SPARC:
    case EM.SPARCV9:
      return words((word) => (word & 0xc1f80000) === (0x81d00000 | 0), 'big');
    case EM.S390:
      return bits === 64 ? hasS390Call : null;
    case EM.LOONGARCH:
      return words((word) => (word & 0xffff8000) === 0x2b0000, 'little');
    default:
      return null;
  }
}

/** `syscall`, `sysenter`, `int $0x80`. */
function hasX86Call(code: Buffer, wide: boolean, behind = 0): boolean {
  for (let at = 0; at < code.length - behind; ) {
    const instruction = x86InstructionAt(code, at, wide);
    if (instruction === null) {
      at += 1;
      continue;
    }
    const opcode = code[instruction.opcodeAt];
    const second = code[instruction.opcodeAt + 1];
    if (opcode === 0x0f && (second === 0x05 || second === 0x34)) return true;
    if (opcode === 0xcd && second === 0x80) return true;
    at = instruction.end;
  }
  return false;
}

function hasRiscvCall(code: Buffer): boolean {
  let found = false;
  walkRiscv(code, (first, second) => {
    if (first === 0x73 && second === 0) found = true;
  });
  return found;
}

/** `svc`. Words that an instruction loads relative to its own place are constants. */
function hasT32Call(code: Buffer): boolean {
  const halfwords = halfwordsOf(code, 'little');
  const constants = new Set<number>();
  for (let index = 0; index < halfwords.length; ) {
    const first = halfwords[index] ?? 0;
    const isLong = first >>> 11 >= 0x1d;
    if (!constants.has(index >> 1)) {
      const literal = literalOf(first, halfwords[index + 1] ?? 0);
      if (literal !== null) constants.add((((index * 2) & ~3) + 4 + literal) >> 2);
      if (first >>> 8 === 0xdf) return true;
    }
    index += isLong ? 2 : 1;
  }
  return false;
}

/** The distance from the aligned pc of what `ldr` loads; null for any other instruction. */
function literalOf(first: number, second: number): number | null {
  if (first >>> 11 === 0x9) return (first & 0xff) * 4;
  return first === 0xf8df ? second & 0xfff : null;
}

/** `svc`. The first two bits of an instruction give its length. */
function hasS390Call(code: Buffer): boolean {
  for (let at = 0; at < code.length; ) {
    const first = code[at] ?? 0;
    if (first === 0x0a) return true;
    at += first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
  }
  return false;
}
