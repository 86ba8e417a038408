import { SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import type { CallPatterns } from '../machine.ts';
import { machineOf } from '../machine-of.ts';
import { type CallSearch, searchCalls } from './call-search.ts';
import { functionSlots } from './function-slots.ts';
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
  const search: CallSearch = {
    straight: [...stubs.keys()],
    slots: [...slots.keys()],
    visit({ bytes, address, offset, start, end }, at, target) {
      const name = stubs.get(target) ?? slots.get(target);
      if (name === undefined || offset + at < start || offset + at >= end) return;
      // The jump of a stub is not a call of it.
      if (!isNamed && stubs.has(Number(address) + at)) return;
      found.push({ name, at: offset + at, fillsFrame: fillsFrame(calls, bytes, at, name) });
    },
  };
  searchCalls(elf, [{ search }]);
  return found.sort((a, b) => a.at - b.at);
}

function fillsFrame(calls: CallPatterns, code: Buffer, at: number, name: string): boolean {
  const filling = fillingOf(name);
  if (filling === null || calls.isOfFrame?.(code, at, filling.argument) !== true) return false;
  const size = filling.least === undefined ? null : calls.constantArgument(code, at, 2);
  return size === null || (filling.least != null && size >= filling.least);
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

interface Filling {
  /** Which argument leads to the buffer. */
  readonly argument: 0 | 1;
  /**
   * What the third argument means if it is a constant: from `least` on it is the size of a buffer and not a number;
   * null if any constant may be the copy of a structure. undefined if it is not a size.
   */
  readonly least?: number | null;
}

const writing =
  'strcpy strcat stpcpy strncpy strncat sprintf vsprintf snprintf vsnprintf gets fgets getcwd getwd';

const reading = 'read recv recvfrom pread pread64 readlink';

/** So little is a number or an address. */
const least = 17;

const fillings: ReadonlyMap<string, Filling> = new Map([
  ...writing.split(' ').map((name): [string, Filling] => [name, { argument: 0 }]),
  ...reading.split(' ').map((name): [string, Filling] => [name, { argument: 1, least }]),
  ['realpath', { argument: 1 }],
  // Compilers call it for structures that they pass by value, of which no array is made.
  ['memcpy', { argument: 0, least: null }],
]);

/** null where the function is not one of them. */
function fillingOf(name: string): Filling | null {
  return fillings.get(name) ?? null;
}
