import type { StartCode, Startup } from '../machine.ts';

const startCodeSize = 64;
const CALL = 0xe8;
const HLT = 0xf4;
const PUSH_IMMEDIATE = 0x68;

/** glibc's `_start` ends with `call __libc_start_main; hlt`, with main pushed last: as an immediate, or through %eax. */
export function i386Startup({ entry, codeAt }: StartCode): Startup | null {
  const code = codeAt(entry, startCodeSize);
  for (let at = 0; at + 6 <= code.length; at += 1) {
    if (code[at] !== CALL || code[at + 5] !== HLT) continue;
    const libcStart = BigInt.asUintN(32, entry + BigInt(at + 5 + code.readInt32LE(at + 1)));
    return { main: mainBefore(code, at), libcStart };
  }
  return null;
}

/** `mov $main,%eax; push %eax` or `push $main`; position-independent code computes it from the GOT instead. */
function mainBefore(code: Buffer, call: number): bigint | null {
  if (call >= 7 && code.readUInt16BE(call - 7) === 0xc7c0)
    return BigInt(code.readUInt32LE(call - 5));
  if (call >= 5 && code[call - 5] === PUSH_IMMEDIATE) return BigInt(code.readUInt32LE(call - 4));
  return null;
}
