import { SHN } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { relocationTypes } from '../elf/relocation-types.ts';
import { codePieces } from './code-pieces.ts';
import { intervalOf } from './interval.ts';
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

/** null where the calls of the file's machine are not understood, or nothing that has a flag is called. */
export function fortifyLevels(elf: Elf): CallsByLevel | null {
  const calls = machineOf(elf.header)?.calls ?? null;
  if (calls === null) return null;
  const targets = flaggedTargets(elf, calls);
  if (targets.size === 0) return null;
  const counts = { 1: 0, 2: 0, 3: 0, unclear: 0 };
  // Targets lie close together, and most calls lead elsewhere.
  const interval = intervalOf(targets.keys());
  for (const { bytes, address, offset, start, end } of codePieces(elf, calls.reach)) {
    calls.visitCalls(bytes, Number(address), interval, (at, target) => {
      const index = targets.get(target);
      if (index === undefined || offset + at < start || offset + at >= end) return;
      const flag = calls.constantArgument(bytes, at, index);
      if (flag === 0 || flag === 1 || flag === 2) counts[levelOf(flag)] += 1;
      else counts.unclear += 1;
    });
  }
  return counts;
}

function levelOf(flag: 0 | 1 | 2): 1 | 2 | 3 {
  return flag === 0 ? 1 : flag === 1 ? 2 : 3;
}

/** Addresses that stand for a flagged function: GOT slots, the PLT stubs that jump through them, the function itself. */
function flaggedTargets(elf: Elf, calls: CallPatterns): ReadonlyMap<number, number> {
  const targets = flaggedSlots(elf);
  const slots = intervalOf(targets.keys());
  for (const { bytes, address } of targets.size === 0 ? [] : codePieces(elf, calls.reach)) {
    calls.visitStubs(bytes, Number(address), slots, (stub, slot) => {
      const index = targets.get(slot);
      if (index !== undefined) targets.set(stub, index);
    });
  }
  for (const { name, value, sectionIndex } of elf.staticSymbols) {
    const index = flagArgument.get(name);
    if (index !== undefined && sectionIndex !== SHN.UNDEF) targets.set(Number(value), index);
  }
  return targets;
}

function flaggedSlots(elf: Elf): Map<number, number> {
  const slots = new Map<number, number>();
  const types = relocationTypes(elf.header.machine);
  if (types === null || elf.dynamic === null) return slots;
  const flagged = new Map<number, number>();
  for (const { index, name } of elf.dynamicSymbols) {
    const argument = flagArgument.get(name);
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
