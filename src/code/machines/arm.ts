import type { Code } from '../code-pieces.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { halfwordsOf, wordsOf } from '../words.ts';
import {
  guardedCalleeA32,
  isCanaryCheckA32,
  isCanaryStoreA32,
  isStackAddressA32,
} from './arm-a32.ts';
import { armFailure } from './arm-failure.ts';
import { armStartup } from './arm-startup.ts';
import { canaryAccessT32, guardedCalleeT32, isStackAddressT32 } from './arm-t32.ts';
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
  calls: null,
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
