import type { Code } from '../functions/code-pieces.ts';
import type { Machine, StartCode, Startup } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { halfwordsOf, signed, wordsOf } from '../words.ts';
import {
  guardedCalleeA32,
  isCanaryCheckA32,
  isCanaryStoreA32,
  isStackAddressA32,
} from './arm-a32.ts';
import { armCalls } from './arm-calls.ts';
import { armFailure } from './arm-failure.ts';
import { callTarget, canaryAccessT32, guardedCalleeT32, isStackAddressT32 } from './arm-t32.ts';
import { armFrameAddresses } from './frame-pointers.ts';
import { armStackMoves } from './stack-moves.ts';

/** gcc's check has no form that T32 and A32 share, so two stores are proof as well. */
export const arm: Machine = {
  name: 'arm',
  canaryProof: { stores: 1, checks: 0, sum: 2, guardedCalls: 3 },
  seesEveryCanary: false,
  framePointer: null,
  largeFrame: null,
  stackMoves: armStackMoves,
  frameAddresses: armFrameAddresses,
  reach: Number.POSITIVE_INFINITY,
  scan,
  returnsUnchecked: null,
  failure: armFailure,
  landsAt: null,
  calls: armCalls,
  guardedTraps: null,
  startup: armStartup,
};

/** A file may mix both instruction sets and does not say where, so all code is read as either. */
function scan(range: Code, sightings: Sightings): void {
  const found: Sightings = { ...sightings, canaryStores: [], canaryChecks: [], stackAddresses: [] };
  scanA32(range, found);
  scanT32(range, found);
  for (const list of ['canaryStores', 'canaryChecks', 'stackAddresses'] as const) {
    for (const at of found[list].sort((a, b) => a - b)) sightings[list].push(at);
  }
}

function scanA32({ bytes, offset }: Code, sightings: Sightings): void {
  const words = wordsOf(bytes, 'little');
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    // Nearly all A32 instructions are unconditional: their top four bits are 14.
    if (word >>> 28 !== 0xe) continue;
    const at = offset + index * 4;
    if (isCanaryStoreA32(words, index)) sightings.canaryStores.push(at);
    else if (isCanaryCheckA32(words, index)) sightings.canaryChecks.push(at);
    else if (isStackAddressA32(word, words[index - 1] ?? 0)) sightings.stackAddresses.push(at);
    const callee = guardedCalleeA32(words, index);
    if (callee !== null) sightings.guardedCalls.push({ at, callee: offset + callee });
  }
}

function scanT32({ bytes, offset }: Code, sightings: Sightings): void {
  const halfwords = halfwordsOf(bytes, 'little');
  for (let index = 0; index < halfwords.length; index += 1) {
    const half = halfwords[index] ?? 0;
    const at = offset + index * 2;
    if (half === 0xf04f) {
      const access = canaryAccessT32(halfwords, index);
      if (access === 'store') sightings.canaryStores.push(at);
      else if (access === 'check') sightings.canaryChecks.push(at);
    } else if ((half & 0xffc0) === 0x4280) {
      const callee = guardedCalleeT32(halfwords, index);
      if (callee !== null) sightings.guardedCalls.push({ at, callee: offset + callee });
    } else if (isStackAddressT32(half, halfwords, index)) {
      sightings.stackAddresses.push(at);
    }
  }
}

const startCodeSize = 96;

/** The first call of glibc's `_start`, in T32 where bit 0 of the entry point is set. `main` is in a table behind it. */
function armStartup({ entry, codeAt }: StartCode): Startup | null {
  const isT32 = (entry & 1n) === 1n;
  const address = entry & ~1n;
  const code = codeAt(address, startCodeSize);
  const offset = isT32 ? firstCallT32(code) : firstCallA32(code);
  return offset === null ? null : { main: null, libcStart: address + BigInt(offset) };
}

function firstCallT32(code: Buffer): number | null {
  const halfwords = halfwordsOf(code, 'little');
  for (let index = 0; index + 1 < halfwords.length; index += 1) {
    const target = callTarget(halfwords, index);
    if (target !== null) return target;
    // The first halves of 32-bit instructions begin with 11101, 11110 or 11111.
    if ((halfwords[index] ?? 0) >>> 11 >= 0x1d) index += 1;
  }
  return null;
}

function firstCallA32(code: Buffer): number | null {
  const words = wordsOf(code, 'little');
  const index = words.findIndex((word) => word >>> 24 === 0xeb);
  return index < 0 ? null : (index + 2 + signed(words[index] ?? 0, 24)) * 4;
}
