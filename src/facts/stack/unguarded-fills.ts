import { importCalls } from '../../code/calls/import-calls.ts';
import { canaryInstructions } from '../../code/canaries/canary.ts';
import { countPerFunction } from '../../code/functions/coverage.ts';
import { placesOf } from '../../code/functions/foreign-functions.ts';
import { functionsOf } from '../../code/functions/functions.ts';
import type { Elf } from '../../elf/model.ts';
import { fillsFirstArgument } from '../language/c-names.ts';

/**
 * Each of them proves that its flags were not set: every level of protection guards an array of characters that
 * `strcpy` and its kind write to. 0 if calls are not understood or no unwind information shows functions.
 */
export function unguardedFills(elf: Elf): number {
  const functions = functionsOf(elf);
  const fills = (importCalls(elf) ?? []).filter(
    ({ name, fillsFrame }) => fillsFrame && fillsFirstArgument(name),
  );
  if (!functions.known || fills.length === 0) return 0;
  const guarded = countPerFunction(functions.table, canaryInstructions(elf) ?? []);
  const filling = countPerFunction(functions.table, placesOf(fills));
  return filling.reduce(
    (sum, count, index) => sum + (count > 0 && guarded[index] === 0 ? 1 : 0),
    0,
  );
}

/**
 * The name of a function that something in a file without any canary hands a buffer of its own frame to; null where that is not
 * seen. With `-fstack-protector-strong` the function that makes the buffer has a canary: one is enough.
 */
export function filledFrame(elf: Elf): string | null {
  return importCalls(elf)?.find(({ fillsFrame }) => fillsFrame)?.name ?? null;
}
