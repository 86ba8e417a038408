import { SHN } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { relocationTypes } from '../elf/relocation-types.ts';
import { optional } from '../elf/witness.ts';
import { type CodePiece, codePieces } from './code-pieces.ts';
import { type Interval, intervalOf } from './interval.ts';
import type { CallPatterns } from './machine.ts';
import { machineOf } from './machine-of.ts';

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

/** The end of a name is told without a hash, which most names are never asked for. */
function flagOf(name: string): number | undefined {
  return name.endsWith('_chk') ? flagArgument.get(name) : undefined;
}

/**
 * null where the calls of the file's machine are not understood, or nothing that has a flag is called.
 *
 * @param pieceSize for tests, which look at small pieces
 */
export function fortifyLevels(elf: Elf, pieceSize?: number): CallsByLevel | null {
  const calls = machineOf(elf.header)?.calls ?? null;
  if (calls === null) return null;
  const slots = flaggedSlots(elf);
  const targets: Targets = { slots, stubs: new Map(), functions: ownFunctions(elf, slots.size) };
  if (targets.slots.size + targets.functions.size === 0) return null;
  return countCalls(() => codePieces(elf, calls.reach, pieceSize), calls, targets);
}

/** Addresses that stand for a flagged function, with the position of its flag: GOT slots, and what may be called. */
interface Targets {
  readonly slots: ReadonlyMap<number, number>;
  /** PLT stubs that jump through the slots, once they are found. */
  readonly stubs: Map<number, number>;
  /** The function itself. */
  readonly functions: ReadonlyMap<number, number>;
}

type Counts = { -readonly [Level in keyof CallsByLevel]: CallsByLevel[Level] };

const noCalls: CallsByLevel = { 1: 0, 2: 0, 3: 0, unclear: 0 };

/**
 * Linkers put stubs before the code that calls them. So calls are counted in the pass that looks for stubs, and again
 * only in the pieces, few and small, that come before the last one with a stub.
 */
function countCalls(
  pieces: () => Iterable<CodePiece>,
  calls: CallPatterns,
  targets: Targets,
): CallsByLevel {
  const counts = { ...noCalls };
  const ofSlots = intervalOf(targets.slots.keys());
  let complete = 0;
  let index = 0;
  for (const piece of pieces()) {
    if (addStubs(piece, calls, targets, ofSlots)) {
      complete = index;
      Object.assign(counts, noCalls);
    }
    countIn(piece, calls, targets, ofSlots, counts);
    index += 1;
  }
  index = 0;
  for (const piece of complete === 0 ? [] : pieces()) {
    if (index === complete) break;
    countIn(piece, calls, targets, ofSlots, counts);
    index += 1;
  }
  return counts;
}

/** Whether there are any that were not known. */
function addStubs(
  { bytes, address }: CodePiece,
  calls: CallPatterns,
  { slots, stubs }: Targets,
  ofSlots: Interval,
): boolean {
  if (slots.size === 0) return false;
  const known = stubs.size;
  calls.visitStubs(bytes, Number(address), ofSlots, (stub, slot) => {
    const index = slots.get(slot);
    if (index !== undefined) stubs.set(stub, index);
  });
  return stubs.size > known;
}

function countIn(
  { bytes, address, offset, start, end }: CodePiece,
  calls: CallPatterns,
  { slots, stubs, functions }: Targets,
  ofSlots: Interval,
  counts: Counts,
): void {
  // These lie close together, and most calls lead elsewhere.
  const straight = intervalOf([...stubs.keys(), ...functions.keys()]);
  calls.visitCalls(bytes, Number(address), { straight, slots: ofSlots }, (at, target) => {
    const index = functions.get(target) ?? stubs.get(target) ?? slots.get(target);
    if (index === undefined || offset + at < start || offset + at >= end) return;
    const flag = calls.constantArgument(bytes, at, index);
    if (flag === 0 || flag === 1 || flag === 2) counts[levelOf(flag)] += 1;
    else counts.unclear += 1;
  });
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
  const types = relocationTypes(elf.header.machine);
  if (types === null || elf.dynamic === null) return slots;
  const flagged = new Map<number, number>();
  for (const { index, name } of elf.dynamicSymbols) {
    const argument = flagOf(name);
    if (argument !== undefined) flagged.set(index, argument);
  }
  if (flagged.size === 0) return slots;
  elf.visitRelocations((relocation) => {
    const { symbol, type } = relocation;
    const argument = symbol === 0 ? undefined : flagged.get(symbol);
    const isSlot = type === types.jumpSlot || type === types.globDat;
    if (argument !== undefined && isSlot) slots.set(relocation.place, argument);
  });
  return slots;
}
