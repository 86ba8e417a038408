import type { Code } from '../functions/code-pieces.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { signed, wordsOf } from '../words.ts';
import { loongarchFrameAddresses } from './frame-pointers.ts';
import { loongarchStackMoves } from './stack-moves.ts';

const SP = 3;
const FP = 22;
const BEQ = 0x16;
const BNE = 0x17;
const BL = 0x15;
/** `st.d fp,sp,n` */
const ST_FP = 0x29c00076;
const lookBack = 6;

/** A canary is compared with a word from memory like any other, so only many branches to one function are proof. */
export const loongarch64: Machine = {
  name: 'loongarch64',
  canaryProof: { stores: 1, checks: 1, sum: 2, guardedCalls: 3 },
  seesEveryCanary: false,
  framePointer: null,
  largeFrame: null,
  stackMoves: loongarchStackMoves,
  frameAddresses: loongarchFrameAddresses,
  reach: Number.POSITIVE_INFINITY,
  scan,
  returnsUnchecked: null,
  failure: null,
  landsAt: null,
  calls: null,
  guardedTraps: null,
  startup: null,
};

const rd = (word: number) => word & 31;
const rj = (word: number) => (word >>> 5) & 31;
const isFrame = (register: number) => register === SP || register === FP;

function scan({ bytes, offset }: Code, sightings: Sightings): void {
  const words = wordsOf(bytes, 'little');
  /** Where fp was saved last, above all arrays: a frame pointer is set up to point above that. */
  let savedAt = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    const opcode = word >>> 26;
    if ((word & 0xffc003ff) >>> 0 === ST_FP) savedAt = signed(word >>> 10, 12);
    if (opcode === BEQ || opcode === BNE) {
      const callee = guardedCallee(words, index);
      if (callee !== null) {
        sightings.guardedCalls.push({ at: offset + index * 4, callee: offset + callee * 4 });
      }
    } else if (isStackAddress(word, savedAt)) {
      sightings.stackAddresses.push(offset + index * 4);
    }
  }
}

/** `addi.d rd,sp,n` and `add.d rd,sp,rk`. */
function isStackAddress(word: number, savedAt: number): boolean {
  if (rd(word) === SP) return false;
  if (word >>> 22 === 0x0b)
    return rj(word) === SP && (rd(word) !== FP || signed(word >>> 10, 12) < savedAt);
  return word >>> 15 === 0x21 && (rj(word) === SP || ((word >>> 10) & 31) === SP);
}

/** `ld.d a,sp,n`, `ld.d|ldptr.d b,g,0`, `beq|bne a,b`, and where they differ `bl`. */
function guardedCallee(words: Uint32Array, index: number): number | null {
  const branch = words[index] ?? 0;
  if (!comparesFrameWithMemory(words, index)) return null;
  const differs = branch >>> 26 === BEQ ? index + 1 : index + signed(branch >>> 10, 16);
  const call = words[differs] ?? 0;
  if (call >>> 26 !== BL) return null;
  return differs + signed(((call >>> 10) & 0xffff) | ((call & 0x3ff) << 16), 26);
}

function comparesFrameWithMemory(words: Uint32Array, index: number): boolean {
  const branch = words[index] ?? 0;
  let fromFrame = false;
  let fromElsewhere = false;
  for (let before = Math.max(0, index - lookBack); before < index; before += 1) {
    const word = words[before] ?? 0;
    const isPlain = (word & 0xffc00000) >>> 0 === 0x28c00000;
    const isPointer = (word & 0xff000000) >>> 0 === 0x26000000;
    if ((!isPlain && !isPointer) || (rd(word) !== rj(branch) && rd(word) !== rd(branch))) continue;
    const displacement = (word >>> 10) & (isPlain ? 0xfff : 0x3fff);
    if (isFrame(rj(word))) fromFrame = true;
    else if (displacement === 0) fromElsewhere = true;
  }
  return fromFrame && fromElsewhere;
}
