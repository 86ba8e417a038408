import type { ExecutableRange } from '../executable-ranges.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { wordsOf } from '../words.ts';
import { powerpcStartup } from './powerpc-startup.ts';

type ByteOrder = 'little' | 'big';

/** `ld rt,-28688(r13)`: glibc and musl keep the guard in the thread control block, before what r13 points to. */
const LD_GUARD = 0xe80d8ff0;
/** `lwz rt,-28680(r2)`: the same in 32-bit code. */
const LWZ_GUARD = 0x80028ff8;
const anyTarget = 0xfc1fffff;

export function powerpc64(byteOrder: ByteOrder): Machine {
  return machine('ppc64', byteOrder, LD_GUARD);
}

export function powerpc32(byteOrder: ByteOrder): Machine {
  return { ...machine('ppc', byteOrder, LWZ_GUARD), startup: null };
}

function machine(name: string, byteOrder: ByteOrder, guardLoad: number): Machine {
  return {
    name,
    canaryProof: { stores: 0, checks: 0, sum: 1, guardedCalls: null },
    seesEveryCanary: true,
    largeFrame: null,
    scan: (range, sightings) => scan(range, sightings, byteOrder, guardLoad),
    landsAt: null,
    calls: null,
    guardedTraps: null,
    startup: (start) => powerpcStartup(start, byteOrder),
  };
}

/** Stores and checks load the guard alike, so both are counted as stores. */
function scan(
  { bytes, offset }: ExecutableRange,
  sightings: Sightings,
  byteOrder: ByteOrder,
  guardLoad: number,
): void {
  const words = wordsOf(bytes, byteOrder);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    if ((word & anyTarget) >>> 0 === guardLoad) sightings.canaryStores.push(offset + index * 4);
    else if (isStackAddress(word)) sightings.stackAddresses.push(offset + index * 4);
  }
}

/** `addi rd,r1,n`; r11 and r12 serve the helpers that save registers at -Os. */
function isStackAddress(word: number): boolean {
  const destination = (word >>> 21) & 31;
  const isAdd = (word & 0xfc1f0000) === 0x38010000;
  return isAdd && destination !== 1 && destination !== 11 && destination !== 12;
}
