import type { StartCode, Startup } from '../machine.ts';
import { signed } from '../words.ts';
import { jumpOffset } from './riscv64-guard.ts';

const startCodeSize = 96;
const A0 = 10;

/** glibc's `_start`: a call that sets gp, then `auipc a0` with `addi` or `ld` for main, then `jal __libc_start_main`. */
export function riscvStartup({ entry, codeAt, pointerAt }: StartCode): Startup | null {
  const code = codeAt(entry, startCodeSize);
  let page: bigint | null = null;
  let main: bigint | null = null;
  for (let at = 0; at + 4 <= code.length; ) {
    const half = code.readUInt16LE(at);
    if ((half & 3) !== 3) {
      at += 2;
      continue;
    }
    const word = code.readUInt32LE(at);
    const here = entry + BigInt(at);
    const opcode = word & 0xfff;
    if (opcode === (0x17 | (A0 << 7))) page = here + BigInt(signed(word >>> 12, 20) * 4096);
    else if (page !== null && main === null) main = mainOf(word, page, pointerAt);
    else if (opcode === 0x0ef && main !== null)
      return { main, libcStart: here + BigInt(jumpOffset(word)) };
    else if (opcode === 0x097 && main !== null) return { main, libcStart: farCall(code, at, here) };
    at += 4;
  }
  return null;
}

/** `addi a0,a0,n` for an address, `ld a0,n(a0)` for a slot that holds it. */
function mainOf(word: number, page: bigint, pointerAt: StartCode['pointerAt']): bigint | null {
  const immediate = BigInt(word >> 20);
  const operation = word & 0xfffff;
  const registers = (A0 << 15) | (A0 << 7);
  if (operation === (registers | 0x13)) return page + immediate;
  if (operation === (registers | 0x3000 | 0x03)) return pointerAt(page + immediate);
  return null;
}

/** `auipc ra` with `jalr ra`. */
function farCall(code: Buffer, at: number, here: bigint): bigint {
  const upper = signed(code.readUInt32LE(at) >>> 12, 20) * 4096;
  const lower = at + 8 <= code.length ? code.readInt32LE(at + 4) >> 20 : 0;
  return here + BigInt(upper + lower);
}
