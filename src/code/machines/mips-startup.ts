import type { StartCode, Startup } from '../machine.ts';
import { signed, wordsOf } from '../words.ts';

const startCodeSize = 112;
/** `lui gp`, `addiu gp,gp`, `lw a0,n(gp)`, `lw t9,n(gp)`, as the upper half of the word. */
const LUI_GP = 0x3c1c;
const ADDIU_GP = 0x279c;
const LW_A0_GP = 0x8f84;
const LW_T9_GP = 0x8f99;
const BAL = 0x0411;

/** glibc's `__start` (o32) takes main and `__libc_start_main` out of the GOT, relative to where a `bal` found itself. */
export function mipsStartup(start: StartCode, byteOrder: 'little' | 'big'): Startup | null {
  let gp: bigint | null = null;
  let from: bigint | null = null;
  let main: bigint | null = null;
  const words = wordsOf(start.codeAt(start.entry, startCodeSize), byteOrder);
  for (const [index, word] of words.entries()) {
    const upper = word >>> 16;
    const immediate = BigInt(signed(word, 16));
    // The return address lies behind the delay slot.
    if (upper === BAL && from === null) from = start.entry + BigInt(index * 4 + 8);
    else if (upper === LUI_GP && from !== null) gp = from + immediate * 65536n;
    else if (upper === ADDIU_GP && gp !== null) gp += immediate;
    else if (upper === LW_A0_GP && gp !== null) main = start.pointerAt(gp + immediate);
    else if (upper === LW_T9_GP && gp !== null) {
      const libcStart = start.pointerAt(gp + immediate);
      return libcStart === null ? null : { main, libcStart };
    }
  }
  return null;
}
