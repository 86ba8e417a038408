import type { Elf } from '../../elf/model.ts';
import { importedSymbols } from '../../elf/symbols/imported-symbols.ts';
import { type CallSearch, searchCalls } from '../calls/call-search.ts';
import { slotsOf } from '../calls/function-slots.ts';
import { importStubs } from '../calls/import-stubs.ts';
import { codePieces } from '../functions/code-pieces.ts';
import { machineOf } from '../machine-of.ts';

/** What the code does to report that a canary was overwritten. */
export interface GuardFailures {
  /** Calls of `__stack_chk_fail`, and stubs that are there for some. */
  readonly calls: number;
  /** File offsets of the branches that lead to such a call from a comparison, ascending: checks of a guard that lies anywhere. */
  readonly checks: readonly number[];
}

/**
 * A guard may lie in a variable (`-mstack-protector-guard=global`, FreeBSD) or in another place of the thread block. Then
 * the call that a comparison leads to shows the check. null where the calls of the file's machine are not understood.
 */
export function guardFailures(elf: Elf): GuardFailures | null {
  const calls = machineOf(elf.header)?.calls ?? null;
  if (calls?.comparedBranches === undefined) return null;
  const slots = failureSlots(elf);
  if (slots.size === 0) return { calls: 0, checks: [] };
  const { sites, stubs } = failureCalls(elf, slots);
  // A branch may lead straight to a stub, in place of a call.
  const targets = [...sites, ...stubs].sort((a, b) => a - b);
  const checks: number[] = [];
  if (targets.length > 0) {
    for (const { bytes, address, offset, start, end } of codePieces(elf, calls.reach)) {
      for (const at of calls.comparedBranches(bytes, Number(address), targets)) {
        if (offset + at >= start && offset + at < end) checks.push(offset + at);
      }
    }
  }
  return { calls: targets.length, checks };
}

/** Addresses of the GOT slots that hold the function's address. */
function failureSlots(elf: Elf): ReadonlySet<number> {
  const symbol = importOfFailure(elf);
  return new Set(symbol === null ? [] : slotsOf(elf, symbol));
}

/** Index of the dynamic symbol by which the file asks others for `__stack_chk_fail`; null where it does not. */
export function importOfFailure(elf: Elf): number | null {
  return importedSymbols(elf).get('__stack_chk_fail')?.[0] ?? null;
}

/** Addresses of the calls, and of the stubs that they go through. */
function failureCalls(elf: Elf, slots: ReadonlySet<number>) {
  const stubs = new Set<number>();
  for (const { stub, slot } of importStubs(elf)) if (slots.has(slot)) stubs.add(stub);
  const sites = new Set<number>();
  const search: CallSearch = {
    straight: [...stubs],
    slots: [...slots],
    visit({ address }, at, target) {
      // The stub itself jumps through the slot.
      const site = Number(address) + at;
      if ((stubs.has(target) || slots.has(target)) && !stubs.has(site)) sites.add(site);
    },
  };
  searchCalls(elf, [{ search }]);
  return { sites, stubs };
}
