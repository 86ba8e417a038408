import { DT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { relocationTypes } from '../../elf/relocations/relocation-types.ts';

/** GOT slots that the loader fills with the address of a symbol, in columns. */
export interface FunctionSlots {
  /** Addresses of the slots. */
  readonly places: readonly number[];
  /** Index of the dynamic symbol that each is for. */
  readonly symbols: readonly number[];
}

/** Those of JUMP_SLOT and GLOB_DAT; null where the machine's relocation types are not known. */
export const functionSlots = perFile(findSlots);

/** Addresses of the slots of one symbol. */
export function slotsOf(elf: Elf, symbol: number): readonly number[] {
  const { places, symbols } = functionSlots(elf) ?? { places: [], symbols: [] };
  return places.filter((_, index) => symbols[index] === symbol);
}

/** The address that code counts its slots from where it may lie anywhere, without a table of the machine's own; null where there is none. */
export function slotTable(elf: Elf): number | null {
  const address = elf.dynamic === null ? null : elf.dynamicValue(DT.PLTGOT);
  return address === null ? null : Number(address);
}

function findSlots(elf: Elf): FunctionSlots | null {
  const known = relocationTypes(elf.header.machine);
  if (known === null) return null;
  const { jumpSlot, globDat } = known;
  const found = { places: [] as number[], symbols: [] as number[] };
  elf.visitBatches(({ count, places, types, symbols }) => {
    for (let index = 0; index < count; index += 1) {
      const type = types[index];
      const symbol = symbols[index] ?? 0;
      if (symbol === 0 || (type !== jumpSlot && type !== globDat)) continue;
      found.places.push(places[index] ?? 0);
      found.symbols.push(symbol);
    }
  });
  return found;
}
