// supporting: one pass over the code for the stubs of all functions that a file takes from others
import type { Elf } from '../elf/model.ts';
import { relocationTypes } from '../elf/relocation-types.ts';
import { LimitExceeded } from '../errors.ts';
import { codePieces } from './code-pieces.ts';
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
    stubs = findStubs(elf, calls, slotsOf(elf));
    perFile.set(elf, stubs);
  }
  if (stubs instanceof LimitExceeded) throw stubs;
  return stubs;
}

function slotsOf(elf: Elf): ReadonlySet<number> {
  const slots = new Set<number>();
  const types = relocationTypes(elf.header.machine);
  if (types === null || elf.dynamic === null) return slots;
  elf.visitRelocations((relocation) => {
    const { type } = relocation;
    if (relocation.symbol !== 0 && (type === types.jumpSlot || type === types.globDat))
      slots.add(relocation.place);
  });
  return slots;
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
