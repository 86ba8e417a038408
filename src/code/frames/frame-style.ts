import { EM } from '../../elf/constants.ts';

const advanceLoc = 0x40;
const offset = 0x80;
const defCfaOffset = 0x0e;
const advanceLoc1 = 0x02;

/**
 * gcc describes each saved register where it is saved; LLVM, and so Rust, describes first how the stack grows and all
 * saved registers together at the end. So two registers that are each described right behind their `push` are gcc's, but
 * for the order: assembly (OpenSSL's, say) begins with %rbx, which gcc saves last. On
 * AArch64 a pair is saved at once: gcc names the frame pointer (29) before the return address (30), LLVM behind it.
 */
export type IsWrittenByGcc = (bytes: Uint8Array, program: number, end: number) => boolean;

/** null where the styles of the machine are not known. A function that saves fewer than two registers shows no style. */
export function gccStyleOf(machine: number): IsWrittenByGcc | null {
  if (machine === EM.X86_64 || machine === EM.I386) return savesOneByOne;
  return machine === EM.AARCH64 ? savesFramePointerFirst : null;
}

const rbx = 3;

function savesOneByOne(bytes: Uint8Array, program: number, end: number): boolean {
  let saved = 0;
  let at = program;
  while (at < end && saved < 2) {
    at = skipAdvance(bytes, at);
    if (bytes[at] !== defCfaOffset || (bytes[at + 1] ?? 0x80) >= 0x80) return false;
    at += 2;
    const isSave = ((bytes[at] ?? 0) & 0xc0) === offset && (bytes[at + 1] ?? 0x80) < 0x80;
    if (!isSave || (saved === 0 && bytes[at] === (offset | rbx))) return false;
    at += 2;
    saved += 1;
  }
  return saved === 2;
}

function savesFramePointerFirst(bytes: Uint8Array, program: number, end: number): boolean {
  let at = skipAdvance(bytes, program);
  if (bytes[at] !== defCfaOffset) return false;
  at += (bytes[at + 1] ?? 0) >= 0x80 ? 3 : 2;
  return at + 4 <= end && bytes[at] === (offset | 29) && bytes[at + 2] === (offset | 30);
}

function skipAdvance(bytes: Uint8Array, at: number): number {
  const opcode = bytes[at] ?? 0;
  if ((opcode & 0xc0) === advanceLoc) return at + 1;
  return opcode === advanceLoc1 ? at + 2 : at;
}
