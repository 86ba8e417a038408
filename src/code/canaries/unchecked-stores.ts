import type { Elf } from '../../elf/model.ts';
import { countPerFunction } from '../functions/coverage.ts';
import { visitFunctionCode } from '../functions/function-code.ts';
import { type FunctionTable, functionsAt } from '../functions/function-table.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';

/**
 * The sightings without canaries that a function stores and never compares, though it returns, or compares in vain: they protect nothing. In
 * functions that never return nothing compares them.
 */
export function withoutUnchecked(
  elf: Elf,
  { returnsUnchecked }: Machine,
  functions: FunctionTable,
  sightings: Sightings,
  idle: ReadonlySet<number>,
): Sightings {
  const { canaryStores, canaryChecks } = sightings;
  if (canaryStores.length === 0 || (returnsUnchecked === null && idle.size === 0)) return sightings;
  const stores = countPerFunction(functions, canaryStores);
  const checks = countPerFunction(functions, canaryChecks);
  const suspected: number[] = [];
  for (let index = 0; index < stores.length; index += 1) {
    if (stores[index] !== 0 && checks[index] === 0) suspected.push(index);
  }
  const suspects = functionsAt(functions, suspected);
  const unchecked: { readonly start: number; readonly end: number }[] = [];
  visitFunctionCode(elf, suspects, (code, start) => {
    const isUnchecked =
      returnsUnchecked === null
        ? hasWithin(idle, start, code.length)
        : returnsUnchecked(code, (at) => idle.has(start + at));
    if (isUnchecked) unchecked.push({ start, end: start + code.length });
  });
  if (unchecked.length === 0) return sightings;
  let next = 0;
  const isKept = (at: number) => {
    while (next < unchecked.length && (unchecked[next]?.end ?? 0) <= at) next += 1;
    return at < (unchecked[next]?.start ?? Number.POSITIVE_INFINITY);
  };
  return { ...sightings, canaryStores: canaryStores.filter(isKept) };
}

/** A function is looked at once, and has few instructions compared with a file full of idle checks. */
function hasWithin(idle: ReadonlySet<number>, start: number, length: number): boolean {
  for (let at = start; at < start + length; at += 1) if (idle.has(at)) return true;
  return false;
}
