import type { Code } from '../functions/code-pieces.ts';
import type { Machine, StartCode, Startup } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { signed, wordsOf } from '../words.ts';
import { mipsFrameAddresses } from './frame-pointers.ts';
import { mipsStackMoves } from './stack-moves.ts';

type ByteOrder = 'little' | 'big';

const LW = 0x23;
const LD = 0x37;
const BEQ = 4;
const BNE = 5;
const SP = 29;
const FP = 30;
const GP = 28;
const T9 = 25;
const lookBack = 8;
const lookAhead = 7;

/** A canary is compared with a word from memory like any other, so only many branches to one function are proof. */
export function mips(byteOrder: ByteOrder): Machine {
  return {
    name: 'mips',
    canaryProof: { stores: 1, checks: 1, sum: 2, guardedCalls: 3 },
    seesEveryCanary: false,
    framePointer: null,
    largeFrame: null,
    stackMoves: mipsStackMoves(byteOrder),
    frameAddresses: mipsFrameAddresses(byteOrder),
    reach: Number.POSITIVE_INFINITY,
    scan: (code, sightings) => scan(code, sightings, byteOrder),
    returnsUnchecked: null,
    failure: null,
    landsAt: null,
    calls: null,
    guardedTraps: null,
    startup: (start) => mipsStartup(start, byteOrder),
  };
}

const opcode = (word: number) => word >>> 26;
const rs = (word: number) => (word >>> 21) & 31;
const rt = (word: number) => (word >>> 16) & 31;
const rd = (word: number) => (word >>> 11) & 31;
const isLoad = (word: number) => opcode(word) === LW || opcode(word) === LD;

function scan({ bytes, offset }: Code, sightings: Sightings, byteOrder: ByteOrder): void {
  const words = wordsOf(bytes, byteOrder);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    const operation = opcode(word);
    if (operation === BEQ || operation === BNE) {
      const callee = guardedCallee(words, index);
      if (callee !== null) sightings.guardedCalls.push({ at: offset + index * 4, callee });
    } else if (operation === 0x09 || operation === 0x19) {
      // (d)addiu rt,sp,n; a frame pointer is a copy of the stack pointer.
      if (rs(word) === SP && rt(word) !== SP) sightings.stackAddresses.push(offset + index * 4);
    } else if (operation === 0 && isSumOfFrame(word)) {
      sightings.stackAddresses.push(offset + index * 4);
    }
  }
}

/** `(d)addu rd,sp,rt` or the same of `or`, but not the `move fp,sp` of a frame pointer. */
function isSumOfFrame(word: number): boolean {
  if ((rs(word) !== SP && rt(word) !== SP) || rd(word) === SP) return false;
  const operation = word & 0x7ff;
  const isSum = operation === 0x21 || operation === 0x2d;
  const isCopy = (isSum || operation === 0x25) && (rs(word) === 0 || rt(word) === 0);
  return isCopy ? rd(word) !== FP : isSum;
}

/** `l[wd] a,n(sp)`, `l[wd] b,0(g)`, `beq|bne a,b`, and, if they differ, a call, recognised by what it calls through. */
function guardedCallee(words: Uint32Array, index: number): number | null {
  const branch = words[index] ?? 0;
  if (rs(branch) === 0 || rt(branch) === 0 || !comparesFrameWithMemory(words, index)) return null;
  const differs = opcode(branch) === BEQ ? index + 1 : index + 1 + signed(branch, 16);
  for (let at = Math.max(0, differs); at < Math.min(differs + lookAhead, words.length); at += 1) {
    const word = words[at] ?? 0;
    // Through the GOT: the slot's distance from gp names the function.
    if (isLoad(word) && rt(word) === T9 && rs(word) === GP) return -(word & 0xffff) - 1;
    if (opcode(word) === 3) return word & 0x3ffffff;
    if (word >>> 16 === 0x0411) return at + 1 + signed(word, 16);
  }
  return null;
}

/** The delay slot of the branch before may hold one of the loads, so the branch's own word is looked at too. */
function comparesFrameWithMemory(words: Uint32Array, index: number): boolean {
  const branch = words[index] ?? 0;
  let fromFrame = false;
  let fromElsewhere = false;
  for (let before = Math.max(0, index - lookBack); before < index; before += 1) {
    const word = words[before] ?? 0;
    if (!isLoad(word) || (rt(word) !== rs(branch) && rt(word) !== rt(branch))) continue;
    if (rs(word) === SP || rs(word) === FP) fromFrame = true;
    else fromElsewhere = true;
  }
  return fromFrame && fromElsewhere;
}

const startCodeSize = 112;

/** `lui gp`, `addiu gp,gp`, `lw a0,n(gp)`, `lw t9,n(gp)`, as the upper half of the word. */
const LUI_GP = 0x3c1c;

const ADDIU_GP = 0x279c;

const LW_A0_GP = 0x8f84;

const LW_T9_GP = 0x8f99;

const BAL = 0x0411;

/** glibc's `__start` (o32) takes main and `__libc_start_main` out of the GOT, relative to where a `bal` found itself. */
function mipsStartup(start: StartCode, byteOrder: 'little' | 'big'): Startup | null {
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
