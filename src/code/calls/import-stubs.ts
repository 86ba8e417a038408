import { LimitExceeded } from '../../base/errors.ts';
import type { Elf } from '../../elf/model.ts';
import { hotSize } from '../../elf/reading/file-pieces.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { mostSightings } from '../find-sightings.ts';
import { codePieces } from '../functions/code-pieces.ts';
import type { CallPatterns } from '../machine.ts';
import { machineOf } from '../machine-of.ts';
import { functionSlots, slotTable } from './function-slots.ts';
import { intervalOf } from './interval.ts';

/** Where a PLT stub may be called, and the GOT slot that it jumps through: addresses. */
export interface ImportStub {
  readonly stub: number;
  readonly slot: number;
}

/**
 * Those of all slots that the loader fills with the address of a function, in the order of the code; one that lies where two pieces
 * of code overlap may be there twice. Throws LimitExceeded. [] where the calls of the file's machine are not understood.
 */
export const importStubs = perFile((elf): readonly ImportStub[] => {
  const calls = machineOf(elf.header)?.calls ?? null;
  const slots = new Set(elf.dynamic === null ? null : functionSlots(elf)?.places);
  return calls === null || slots.size === 0 ? [] : findStubs(elf, calls, slots);
});

function findStubs(
  elf: Elf,
  calls: CallPatterns,
  slots: ReadonlySet<number>,
): readonly ImportStub[] {
  const found: ImportStub[] = [];
  const ofSlots = intervalOf(slots);
  const table = slotTable(elf);
  for (const { bytes, address } of codePieces(elf, calls.reach, hotSize)) {
    calls.visitStubs(
      bytes,
      Number(address),
      ofSlots,
      (stub, slot) => {
        if (slots.has(slot)) found.push({ stub, slot });
      },
      table,
    );
    // Code that is nothing but stubs would take gigabytes.
    if (found.length > mostSightings)
      throw new LimitExceeded(
        `the machine code of this ELF file has more than ${mostSightings} stubs of imported functions, the limit for one file`,
      );
  }
  return found;
}
