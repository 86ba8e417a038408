import type { StartCode, Startup } from '../machine.ts';
import { signed, wordsOf } from '../words.ts';
import { pageOf } from './aarch64-calls.ts';

const startCodeSize = 128;
const isCall = (word: number) => (word & 0xfc000000) >>> 0 === 0x94000000;
const isJump = (word: number) => (word & 0xfc000000) >>> 0 === 0x14000000;

/** glibc's `_start` calls `__libc_start_main`; musl's jumps to `_start_c`, which jumps there. */
export function aarch64Startup(start: StartCode): Startup | null {
  let address = start.entry;
  for (let hop = 0; hop < 2; hop += 1) {
    const words = wordsOf(start.codeAt(address, startCodeSize), 'little');
    const index = words.findIndex((word) => isCall(word) || isJump(word));
    if (index < 0) return null;
    const word = words[index] ?? 0;
    const target = address + BigInt((index + signed(word, 26)) * 4);
    if (isCall(word) || hop > 0) return { main: mainOf(start, words, address), libcStart: target };
    address = target;
  }
  return null;
}

/** The first argument: `adrp x0` with `add x0,x0` for its address, or with `ldr x0,[x0]` for a slot that holds it. */
function mainOf(start: StartCode, words: Uint32Array, address: bigint): bigint | null {
  const adrp = words.findIndex((word) => (word & 0x9f00001f) >>> 0 === 0x90000000);
  const page = adrp < 0 ? 0 : pageOf(words[adrp] ?? 0, Number(address) + adrp * 4);
  const second = words.slice(adrp + 1).find((word) => (word & 0x3ff) === 0) ?? 0;
  const immediate = (second >>> 10) & 0xfff;
  if (adrp < 0) return null;
  if ((second & 0xffc003ff) >>> 0 === 0x91000000)
    return behindJump(start, BigInt(page + immediate));
  if ((second & 0xffc003ff) >>> 0 === 0xf9400000)
    return start.pointerAt(BigInt(page + immediate * 8));
  return null;
}

/** crt1.o passes a wrapper, `nop; b main`, where `main` may be out of reach. */
function behindJump({ codeAt }: StartCode, address: bigint): bigint {
  const [first = 0, second = 0] = wordsOf(codeAt(address, 8), 'little');
  if (isJump(first)) return address + BigInt(signed(first, 26) * 4);
  return first === 0xd503201f && isJump(second)
    ? address + BigInt((signed(second, 26) + 1) * 4)
    : address;
}
