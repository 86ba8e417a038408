import type { StartCode, Startup } from '../machine.ts';

/** Start code is straight and short; what follows it in the file is no longer it. */
const startCodeSize = 96;

/** glibc's `_start` names `main` and calls `__libc_start_main`; musl's hands over to `_start_c`, which does. */
export function x86Startup(start: StartCode): Startup | null {
  return mainAndCall(start, muslHandOver(start) ?? start.entry);
}

/** xor %rbp,%rbp; mov %rsp,%rdi; lea _DYNAMIC(%rip),%rsi; and $-16,%rsp; call _start_c */
const muslHead = Buffer.from('4831ed4889e7488d35', 'hex');
const muslTail = Buffer.from('4883e4f0e8', 'hex');

function muslHandOver({ entry, codeAt }: StartCode): bigint | null {
  const code = codeAt(entry, startCodeSize);
  const head = code.indexOf(muslHead);
  const tail = head + muslHead.length + 4;
  if (head < 0 || head > 4 || !code.subarray(tail, tail + muslTail.length).equals(muslTail))
    return null;
  return branchTarget(code, entry, tail + muslTail.length);
}

/** Address that the 32-bit displacement at `operand` leads to: it counts from the end of the instruction. */
function branchTarget(code: Buffer, address: bigint, operand: number): bigint | null {
  if (operand + 4 > code.length) return null;
  return address + BigInt(operand + 4 + code.readInt32LE(operand));
}

function mainAndCall(start: StartCode, address: bigint): Startup | null {
  const code = start.codeAt(address, startCodeSize);
  const main = firstMain(code, address);
  const libcStart = firstCall(start, code, address, main?.end ?? 0);
  return libcStart === null ? null : { main: main?.address ?? null, libcStart };
}

/** The first argument: `mov $main,%rdi`, `mov $main,%edi` or `lea main(%rip),%rdi`. */
function firstMain(code: Buffer, address: bigint): { address: bigint | null; end: number } | null {
  for (let at = 0; at + 7 <= code.length; at += 1) {
    if (code[at] === 0xbf) return { address: BigInt(code.readUInt32LE(at + 1)), end: at + 5 };
    if (code[at] !== 0x48) continue;
    const opcode = code.readUInt16BE(at + 1);
    if (opcode === 0xc7c7) return { address: BigInt(code.readUInt32LE(at + 3)), end: at + 7 };
    if (opcode === 0x8d3d) return { address: branchTarget(code, address, at + 3), end: at + 7 };
  }
  return null;
}

/** `call` or `jmp` straight to it (with the padding prefix of a relaxed call), or `call *slot(%rip)`. */
function firstCall(start: StartCode, code: Buffer, address: bigint, from: number): bigint | null {
  for (let at = from; at + 6 <= code.length; at += 1) {
    if (code[at] === 0xe8 || code[at] === 0xe9) return branchTarget(code, address, at + 1);
    if (code[at] === 0xff && code[at + 1] === 0x15) {
      const slot = branchTarget(code, address, at + 2);
      return slot === null ? null : start.pointerAt(slot);
    }
  }
  return null;
}
