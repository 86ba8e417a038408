import { SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import type { SymbolTable } from '../../elf/symbols/symbol-table.ts';
import { machineOf } from '../machine-of.ts';
import type { CallQuestion, CallSearch } from './call-search.ts';
import { functionSlots } from './function-slots.ts';
import { importStubs } from './import-stubs.ts';

/**
 * Calls of checked printf-like functions by the level that their flag argument gives away: it is the level minus
 * one. `unclear`: no constant near the call.
 */
export interface CallsByLevel {
  readonly 1: number;
  readonly 2: number;
  readonly 3: number;
  readonly unclear: number;
}

/** Position of the flag among the arguments of glibc's checked functions. */
const flagArgument: ReadonlyMap<string, number> = new Map([
  ...['printf', 'vprintf', 'wprintf', 'vwprintf'].map((name) => [`__${name}_chk`, 0] as const),
  ...['fprintf', 'vfprintf', 'sprintf', 'vsprintf', 'asprintf', 'vasprintf', 'dprintf', 'vdprintf']
    .concat(['syslog', 'vsyslog', 'fwprintf', 'vfwprintf', 'obstack_printf', 'obstack_vprintf'])
    .map((name) => [`__${name}_chk`, 1] as const),
  ...['snprintf', 'vsnprintf', 'swprintf', 'vswprintf'].map(
    (name) => [`__${name}_chk`, 2] as const,
  ),
]);

/** The end of a name is compared without a hash, which most names never need. */
function flagOf(name: string): number | undefined {
  return name.endsWith('_chk') ? flagArgument.get(name) : undefined;
}

/** null where the calls of the file's machine are not understood, or nothing that has a flag is called. */
export function fortifyLevels(elf: Elf): CallQuestion<CallsByLevel | null> {
  const calls = machineOf(elf.header)?.calls ?? null;
  const targets = calls === null ? null : flaggedTargets(elf);
  if (calls === null || targets === null) return { search: null, answer: () => null };
  const { slots, stubs, functions } = targets;
  const counts: Counts = { 1: 0, 2: 0, 3: 0, unclear: 0 };
  const search: CallSearch = {
    straight: [...stubs.keys(), ...functions.keys()],
    slots: [...slots.keys()],
    visit({ bytes, offset, start, end }, at, target) {
      const index = functions.get(target) ?? stubs.get(target) ?? slots.get(target);
      if (index === undefined || offset + at < start || offset + at >= end) return;
      const flag = calls.constantArgument(bytes, at, index);
      if (flag === 0 || flag === 1 || flag === 2) counts[levelOf(flag)] += 1;
      else counts.unclear += 1;
    },
  };
  return { search, answer: () => counts };
}

type Counts = { -readonly [Level in keyof CallsByLevel]: CallsByLevel[Level] };

/** Addresses that stand for a flagged function, with the position of its flag: GOT slots, and what may be called. */
interface Targets {
  readonly slots: ReadonlyMap<number, number>;
  /** PLT stubs that jump through the slots. */
  readonly stubs: ReadonlyMap<number, number>;
  /** The function itself. */
  readonly functions: ReadonlyMap<number, number>;
}

function flaggedTargets(elf: Elf): Targets | null {
  const slots = flaggedSlots(elf);
  const functions = ownFunctions(elf, slots.size);
  if (slots.size + functions.size === 0) return null;
  return { slots, stubs: flaggedStubs(elf, slots), functions };
}

/** PLT stubs that jump through the slots. */
function flaggedStubs(elf: Elf, slots: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const stubs = new Map<number, number>();
  for (const { stub, slot } of slots.size === 0 ? [] : importStubs(elf)) {
    const index = slots.get(slot);
    if (index !== undefined) stubs.set(stub, index);
  }
  return stubs;
}

function levelOf(flag: 0 | 1 | 2): 1 | 2 | 3 {
  return flag === 0 ? 1 : flag === 1 ? 2 : 3;
}

/** Where the loader brings some, `.symtab` is a second witness. */
function ownFunctions(elf: Elf, slots: number): ReadonlyMap<number, number> {
  if (slots === 0) return flaggedFunctions(elf);
  return optional(() => flaggedFunctions(elf)) ?? new Map();
}

function flaggedFunctions(elf: Elf): ReadonlyMap<number, number> {
  const functions = new Map<number, number>();
  for (const symbol of elf.staticSymbols) {
    const index = flagOf(symbol.name);
    if (index !== undefined && symbol.sectionIndex !== SHN.UNDEF)
      functions.set(Number(symbol.value), index);
  }
  return functions;
}

function flaggedSlots(elf: Elf): Map<number, number> {
  const slots = new Map<number, number>();
  if (elf.dynamic === null) return slots;
  const flagged = flaggedSymbols(elf);
  const all = flagged.size === 0 ? null : functionSlots(elf);
  if (all === null) return slots;
  const { places, symbols } = all;
  for (let index = 0; index < places.length; index += 1) {
    const argument = flagged.get(symbols[index] ?? 0);
    if (argument !== undefined) slots.set(places[index] ?? 0, argument);
  }
  return slots;
}

/** Indexes of dynamic symbols, with the position of their flag. */
function flaggedSymbols({ dynamicSymbolTable: table }: Elf): ReadonlyMap<number, number> {
  const flagged = new Map<number, number>();
  for (let index = 1; index < table.length; index += 1) {
    const argument = endsInK(table, index) ? flagOf(table.name(index)) : undefined;
    if (argument !== undefined) flagged.set(index, argument);
  }
  return flagged;
}

/** As `_chk` does, compared without a string. */
function endsInK({ nameBytes, nameEnds }: SymbolTable, index: number): boolean {
  return nameBytes[(nameEnds[index] ?? 0) - 1] === 0x6b;
}
