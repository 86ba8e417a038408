import type { Elf } from '../elf/model.ts';
import { countPerFunction } from './coverage.ts';
import { visitFunctionCode } from './function-code.ts';
import { type FunctionTable, selectFunctions } from './function-table.ts';
import type { Machine } from './machine.ts';
import type { Sightings } from './sightings.ts';

/**
 * The sightings without canaries that a function stores and never compares, though it returns: they protect nothing. In
 * functions that never return nothing compares them.
 */
export function withoutUnchecked(
  elf: Elf,
  { returnsUnchecked }: Machine,
  functions: FunctionTable,
  sightings: Sightings,
): Sightings {
  const { canaryStores, canaryChecks } = sightings;
  if (returnsUnchecked === null || canaryStores.length === 0) return sightings;
  const stores = countPerFunction(functions, canaryStores);
  const checks = countPerFunction(functions, canaryChecks);
  const suspects = selectFunctions(
    functions,
    (index) => (stores[index] ?? 0) > 0 && checks[index] === 0,
  );
  const unchecked: { readonly start: number; readonly end: number }[] = [];
  visitFunctionCode(elf, suspects, (code, start) => {
    if (returnsUnchecked(code)) unchecked.push({ start, end: start + code.length });
  });
  if (unchecked.length === 0) return sightings;
  let next = 0;
  const isKept = (at: number) => {
    while (next < unchecked.length && (unchecked[next]?.end ?? 0) <= at) next += 1;
    return at < (unchecked[next]?.start ?? Number.POSITIVE_INFINITY);
  };
  return { ...sightings, canaryStores: canaryStores.filter(isKept) };
}
