import type { StartCode, Startup } from '../machine.ts';

const startCodeSize = 96;
const LARL_R2 = 0xc020;
const BRASL_R14 = 0xc0e5;

/** glibc's `_start`: `larl %r2,main`, `brasl %r14,__libc_start_main`; displacements count halfwords. */
export function s390xStartup({ entry, codeAt }: StartCode): Startup | null {
  const code = codeAt(entry, startCodeSize);
  let main: bigint | null = null;
  for (let at = 0; at + 6 <= code.length; at += 2) {
    const opcode = code.readUInt16BE(at);
    const target = () => entry + BigInt(at + code.readInt32BE(at + 2) * 2);
    if (opcode === LARL_R2) main = target();
    if (opcode === BRASL_R14) return { main, libcStart: target() };
  }
  return null;
}
