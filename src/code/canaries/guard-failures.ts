import type { Elf } from '../../elf/model.ts';
import { importedSymbols } from '../../elf/symbols/imported-symbols.ts';
import { type CallSearch, searchCalls } from '../calls/call-search.ts';
import { slotsOf } from '../calls/function-slots.ts';
import { importStubs } from '../calls/import-stubs.ts';
import { codePieces } from '../functions/code-pieces.ts';
import { executableRanges } from '../functions/executable-ranges.ts';
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
  if (machineOf(elf.header)?.calls?.comparedBranches === undefined) return null;
  const slots = failureSlots(elf);
  return slots.size === 0 ? { calls: 0, checks: [] } : checksBefore(elf, [], slots);
}

/**
 * The same of a static program, whose C library keeps its guard where it is known, and whose own code may keep one elsewhere. `functions`
 * are file offsets of what reports that a canary was overwritten.
 */
export function ownGuardFailures(elf: Elf, functions: readonly number[]): readonly number[] {
  const isKnown = machineOf(elf.header)?.calls?.comparedBranches !== undefined;
  const ranges = executableRanges(elf);
  const addresses = functions.flatMap((at) => {
    const range = ranges.find(({ offset, end }) => offset <= at && at < end);
    return range === undefined ? [] : [Number(range.address) + at - range.offset];
  });
  return isKnown && addresses.length > 0 ? checksBefore(elf, addresses, new Set()).checks : [];
}

/**
 * Comparisons of a static program without symbols that lead to calls of one function, as checks of a guard do that lies in a variable: of the
 * function that most of them call. It has no name there, so they do not prove canaries, and many of them are a reason to deny none.
 */
export function comparisonsLikeChecks(elf: Elf): number {
  const calls = machineOf(elf.header)?.calls ?? null;
  if (calls?.comparedCalls === undefined) return 0;
  const counts = new Map<number, number>();
  for (const { bytes, address } of codePieces(elf, calls.reach)) {
    for (const target of calls.comparedCalls(bytes, Number(address)))
      counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most;
}

function checksBefore(
  elf: Elf,
  functions: readonly number[],
  slots: ReadonlySet<number>,
): GuardFailures {
  const calls = machineOf(elf.header)?.calls ?? null;
  const { sites, stubs } = failureCalls(elf, functions, slots);
  // A branch may lead straight to a stub, in place of a call.
  const targets = [...sites, ...stubs].sort((a, b) => a - b);
  const checks: number[] = [];
  if (targets.length > 0 && calls?.comparedBranches !== undefined) {
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

/** Addresses of the calls, and of the functions or stubs that they lead to. */
function failureCalls(elf: Elf, functions: readonly number[], slots: ReadonlySet<number>) {
  const stubs = new Set<number>(functions);
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
