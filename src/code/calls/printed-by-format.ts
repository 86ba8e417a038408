import { SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { importedSymbols } from '../../elf/symbols/imported-symbols.ts';
import { machineOf } from '../machine-of.ts';
import type { CallQuestion } from './call-search.ts';
import { convertsByFormat } from './filled-frames.ts';
import { slotsOf, slotTable } from './function-slots.ts';
import { importStubs } from './import-stubs.ts';

/**
 * Which of `sprintf` and `snprintf`, among some names, are called with a constant format that a checked variant would have been called
 * for. `isOwn`: the call at a file offset counts. [] where the calls of the file's machine are not understood.
 */
export function printedByFormat(
  elf: Elf,
  names: readonly string[],
  isOwn: (at: number) => boolean,
): CallQuestion<readonly string[]> {
  const calls = machineOf(elf.header)?.calls ?? null;
  const printing = names.filter((name) => name === 'sprintf' || name === 'snprintf');
  const targets =
    calls?.addressArgument === undefined ? new Map<number, string>() : targetsOf(elf, printing);
  if (calls === null || targets.size === 0) return { search: null, answer: () => [] };
  const found = new Set<string>();
  const table = slotTable(elf);
  const addresses = [...targets.keys()];
  return {
    search: {
      straight: addresses,
      slots: addresses,
      visit({ bytes, address, offset, start, end }, at, target) {
        const name = targets.get(target);
        if (name === undefined || found.has(name) || !isOwn(offset + at)) return;
        if (offset + at < start || offset + at >= end) return;
        const call = { elf, calls, code: bytes, address: Number(address), at, table };
        if (convertsByFormat(call, name)) found.add(name);
      },
    },
    answer: () => printing.filter((name) => found.has(name)),
  };
}

/** Addresses by which they are called: slots and stubs, or the functions of a static program. */
function targetsOf(elf: Elf, names: readonly string[]): ReadonlyMap<number, string> {
  const targets = new Map<number, string>();
  if (names.length === 0) return targets;
  const imported = elf.dynamic === null ? new Map<string, number[]>() : importedSymbols(elf);
  for (const name of names) {
    for (const symbol of imported.get(name) ?? [])
      for (const slot of slotsOf(elf, symbol)) targets.set(slot, name);
  }
  if (targets.size === 0) {
    for (const { name, value, sectionIndex } of elf.staticSymbols)
      if (names.includes(name) && sectionIndex !== SHN.UNDEF) targets.set(Number(value), name);
    return targets;
  }
  for (const { stub, slot } of importStubs(elf)) {
    const name = targets.get(slot);
    if (name !== undefined) targets.set(stub, name);
  }
  return targets;
}
