import { EM, ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { type RelocationTypes, relocationTypes } from '../../elf/relocations/relocation-types.ts';
import { importedSymbols } from '../../elf/symbols/imported-symbols.ts';
import { machineOf } from '../machine-of.ts';
import type { CallQuestion, CallSearch } from './call-search.ts';
import { importStubs } from './import-stubs.ts';
import { calledInObject } from './object-calls.ts';

/** `certain`: those that relocations alone prove, before the pass. */
export interface CalledNames extends CallQuestion<readonly string[]> {
  readonly certain: readonly string[];
}

/**
 * Which of the named undefined functions the code of a file calls that is not static. An address that is only stored or
 * passed on (`print = fprintf;`) is not a call, and compilers never replace it by a checked variant. A JUMP_SLOT alone
 * proves a call; otherwise the code is searched for the call. Returns all names if relocations do not show it.
 */
export function calledImports(elf: Elf, names: readonly string[]): CalledNames {
  if (elf.header.type === ET.REL) return answered(calledInObject(elf, names));
  const types = relocationTypes(elf.header.machine);
  // MIPS calls through its GOT, which has no relocations.
  if (types === null || elf.dynamic === null || elf.header.machine === EM.MIPS)
    return answered(names);
  const uses = usesOf(elf, names, types);
  const isUnderstood = (machineOf(elf.header)?.calls ?? null) !== null;
  const unclear = isUnderstood ? uses.filter(isUnclear) : [];
  const seen = unclear.length === 0 ? null : searchFor(elf, unclear);
  const isCertain = (use: Use) => !isUnclear(use) && use.jumpSlots.size > 0;
  const isCalled = (use: Use) =>
    isCertain(use) || (isUnclear(use) && (seen?.called.has(use.name) ?? false));
  const namesOf = (holds: (use: Use) => boolean) =>
    names.filter((name) => uses.some((use) => use.name === name && holds(use)));
  return { search: seen, certain: namesOf(isCertain), answer: () => namesOf(isCalled) };
}

function answered(names: readonly string[]): CalledNames {
  return { search: null, certain: names, answer: () => names };
}

interface Use {
  readonly name: string;
  /** A program at a fixed address gives the address of its PLT stub away as that of the function; else 0. */
  readonly stub: number;
  readonly jumpSlots: Set<number>;
  /** GOT slots for its address: code loads it to call it (`-fno-plt`, x86's `.plt.got`) or to pass it on. */
  readonly addressSlots: Set<number>;
  /** Its address is in the data. */
  stored: boolean;
}

function usesOf(elf: Elf, names: readonly string[], types: RelocationTypes): readonly Use[] {
  const uses = new Map<number, Use>();
  for (const name of names) {
    for (const index of importedSymbols(elf).get(name) ?? []) {
      const slots = { jumpSlots: new Set<number>(), addressSlots: new Set<number>() };
      const stub = Number(elf.dynamicSymbolTable.value(index));
      uses.set(index, { name, stub, ...slots, stored: false });
    }
  }
  elf.visitBatches((batch) => {
    for (let index = 0; index < batch.count; index += 1) {
      const symbol = batch.symbols[index] ?? 0;
      const use = symbol === 0 ? undefined : uses.get(symbol);
      if (use === undefined) continue;
      const type = batch.types[index];
      const place = batch.places[index] ?? 0;
      if (type === types.jumpSlot) use.jumpSlots.add(place);
      else if (type === types.globDat) use.addressSlots.add(place);
      else use.stored = true;
    }
  });
  return [...uses.values()];
}

/** GNU ld makes a PLT stub and its slot for AArch64 even where only the address is used. */
function isUnclear({ stub, addressSlots, stored }: Use): boolean {
  return stub !== 0 || addressSlots.size > 0 || stored;
}

/** Calls of the functions, and the names of those that were met. */
function searchFor(
  elf: Elf,
  uses: readonly Use[],
): CallSearch & { readonly called: ReadonlySet<string> } {
  const called = new Set<string>();
  // Where a call may lead: PLT stubs, and GOT slots that it goes through.
  const targets = new Map<number, string>();
  const straight = uses.map(({ stub }) => stub).filter((stub) => stub !== 0);
  for (const { name, stub, addressSlots } of uses) {
    for (const slot of addressSlots) targets.set(slot, name);
    if (stub !== 0) targets.set(stub, name);
  }
  for (const { stub, slot } of importStubs(elf)) {
    for (const { name, jumpSlots, addressSlots } of uses) {
      if (jumpSlots.has(slot)) {
        targets.set(stub, name);
        straight.push(stub);
      }
      // A stub that is there for calls alone, or a call at the end of a function.
      if (addressSlots.has(slot)) called.add(name);
    }
  }
  return {
    called,
    straight,
    slots: uses.flatMap(({ addressSlots }) => [...addressSlots]),
    visit(_piece, _at, target) {
      const name = targets.get(target);
      if (name !== undefined) called.add(name);
    },
  };
}
