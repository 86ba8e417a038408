// supporting: one pass over the code for the stubs of all functions that a file takes from others
import type { Elf } from '../elf/model.ts';
import { LimitExceeded } from '../errors.ts';
import { codePieces } from './code-pieces.ts';
import { functionSlots } from './function-slots.ts';
import { intervalOf } from './interval.ts';
import type { CallPatterns } from './machine.ts';
import { mostSightings } from './sightings.ts';

/** Where a PLT stub may be called, and the GOT slot that it jumps through: addresses. */
export interface ImportStub {
  readonly stub: number;
  readonly slot: number;
}

const perFile = new WeakMap<Elf, readonly ImportStub[] | LimitExceeded>();

/**
 * Those of all slots that the loader fills with the address of a function, in the order of the code; one that lies where two pieces
 * of code overlap may be there twice. Throws LimitExceeded.
 */
export function importStubs(elf: Elf, calls: CallPatterns): readonly ImportStub[] {
  let stubs = perFile.get(elf);
  if (stubs === undefined) {
    const slots = elf.dynamic === null ? null : functionSlots(elf);
    stubs = findStubs(elf, calls, new Set(slots?.places));
    perFile.set(elf, stubs);
  }
  if (stubs instanceof LimitExceeded) throw stubs;
  return stubs;
}

function findStubs(
  elf: Elf,
  calls: CallPatterns,
  slots: ReadonlySet<number>,
): readonly ImportStub[] | LimitExceeded {
  const found: ImportStub[] = [];
  if (slots.size === 0) return found;
  const ofSlots = intervalOf(slots);
  for (const { bytes, address } of codePieces(elf, calls.reach)) {
    calls.visitStubs(bytes, Number(address), ofSlots, (stub, slot) => {
      if (slots.has(slot)) found.push({ stub, slot });
    });
    // Code that is nothing but stubs would take gigabytes.
    if (found.length > mostSightings)
      return new LimitExceeded(
        `the machine code of this ELF file has more than ${mostSightings} stubs of imported functions, the limit for one file`,
      );
  }
  return found;
}
