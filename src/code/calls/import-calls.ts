import { SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { machineOf } from '../machine-of.ts';
import { type CallSearch, searchCalls } from './call-search.ts';
import { type CallSite, fillsFrame } from './filled-frames.ts';
import { functionSlots, slotTable } from './function-slots.ts';
import { importStubs } from './import-stubs.ts';

export interface ImportCall {
  readonly name: string;
  /** File offset of the instruction. */
  readonly at: number;
  /**
   * Whether a known function that fills a buffer is passed one in the caller's frame, judged by address and size; false
   * also if the code is not understood.
   */
  readonly fillsFrame: boolean;
}

/** By place, ascending; null where the calls of the file's machine are not understood. */
export const importCalls = perFile(findCalls);

function findCalls(elf: Elf): readonly ImportCall[] | null {
  const calls = machineOf(elf.header)?.calls ?? null;
  const slots = elf.dynamic === null ? new Map<number, string>() : importSlots(elf);
  if (calls === null || slots === null) return null;
  const stubs = slots.size === 0 ? namedFunctions(elf) : new Map<number, string>();
  if (slots.size + stubs.size === 0) return null;
  const isNamed = slots.size === 0;
  for (const { stub, slot } of isNamed ? [] : importStubs(elf)) {
    const name = slots.get(slot);
    if (name !== undefined) stubs.set(stub, name);
  }
  const found: ImportCall[] = [];
  const table = slotTable(elf);
  const search: CallSearch = {
    straight: [...stubs.keys()],
    slots: [...slots.keys()],
    visit({ bytes, address, offset, start, end }, at, target) {
      const name = stubs.get(target) ?? slots.get(target);
      if (name === undefined || offset + at < start || offset + at >= end) return;
      // The jump of a stub is not a call of it.
      if (!isNamed && stubs.has(Number(address) + at)) return;
      const call: CallSite = { elf, calls, code: bytes, address: Number(address), at, table };
      found.push({ name, at: offset + at, fillsFrame: fillsFrame(call, name) });
    },
  };
  searchCalls(elf, [{ search }]);
  return found.sort((a, b) => a.at - b.at);
}

/** A static program takes nothing from other files, but its symbols may name what it calls. */
function namedFunctions(elf: Elf): Map<number, string> {
  const names = new Map<number, string>();
  for (const { name, type, value, sectionIndex } of elf.staticSymbols) {
    if (type !== STT.FUNC || sectionIndex === SHN.UNDEF || name === '') continue;
    // Of `printf`, `_IO_printf` and `__printf` the one that programs call.
    const other = names.get(Number(value));
    if (other === undefined || underscores(name) < underscores(other))
      names.set(Number(value), name);
  }
  return names;
}

function underscores(name: string): number {
  return name.length - name.replace(/^_+/, '').length;
}

/** Addresses of GOT slots, with the functions that they hold. */
function importSlots(elf: Elf): ReadonlyMap<number, string> | null {
  const slots = functionSlots(elf);
  if (slots === null) return null;
  const table = elf.dynamicSymbolTable;
  const names = new Map<number, string>();
  for (const [index, place] of slots.places.entries()) {
    const symbol = slots.symbols[index] ?? 0;
    if (symbol >= table.length || table.sections[symbol] !== SHN.UNDEF) continue;
    const name = table.name(symbol);
    if (name !== '') names.set(place, name);
  }
  return names;
}
