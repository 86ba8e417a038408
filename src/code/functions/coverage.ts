import { countBefore } from './ascending.ts';
import { type FunctionTable, selectFunctions } from './function-table.ts';

/** How many functions check a canary, and how many should: those that take the address of something on the stack. */
export interface Coverage {
  readonly functions: number;
  /** Functions with a canary. */
  readonly protected: number;
  /** Functions that `-fstack-protector-strong` protects. */
  readonly needing: number;
  /** Those of them with a canary. */
  readonly needingProtected: number;
}

/** For each function how many of the offsets lie in it. Both lists ascend, so one walk along both answers. */
export function countPerFunction(
  { length, starts, ends }: FunctionTable,
  offsets: readonly number[],
): Uint32Array {
  const counts = new Uint32Array(length);
  let index = 0;
  for (const offset of length === 0 ? [] : offsets) {
    while (index + 1 < length && (starts[index + 1] ?? 0) <= offset) index += 1;
    if ((starts[index] ?? 0) <= offset && offset < (ends[index] ?? 0))
      counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/**
 * Both arrays count sightings per function, as {@link countPerFunction} gives them.
 *
 * @param leftOut index of a function that does not count
 */
export function countCoverage(
  canaries: Uint32Array,
  stackAddresses: Uint32Array,
  leftOut = -1,
): Coverage {
  const functions = canaries.length - (leftOut < 0 ? 0 : 1);
  const total = { functions, protected: 0, needing: 0, needingProtected: 0 };
  for (let index = 0; index < canaries.length; index += 1) {
    if (index === leftOut) continue;
    const isProtected = canaries[index] !== 0;
    const needs = stackAddresses[index] !== 0;
    if (isProtected) total.protected += 1;
    if (needs) total.needing += 1;
    if (isProtected && needs) total.needingProtected += 1;
  }
  return total;
}

export function countNonZero(counts: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < counts.length; index += 1) if (counts[index] !== 0) total += 1;
  return total;
}

export function sumOf(counts: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < counts.length; index += 1) total += counts[index] ?? 0;
  return total;
}

/** Of all functions but those that hold an offset, which is that of the start code; `guarded` and `taking` count them all. */
export function coverageBut(
  functions: FunctionTable,
  offset: number | null,
  seen: {
    readonly canaries: readonly number[];
    readonly stackAddresses: readonly number[];
    readonly guarded: Uint32Array;
    readonly taking: Uint32Array;
  },
): Coverage {
  const { canaries, stackAddresses, guarded, taking } = seen;
  if (offset === null) return countCoverage(guarded, taking);
  const holder = holderOf(functions, offset);
  if (holder !== null) return countCoverage(guarded, taking, holder);
  // What lies in them may lie in others.
  const { starts, ends } = functions;
  const others = selectFunctions(
    functions,
    (index) => offset < (starts[index] ?? 0) || offset >= (ends[index] ?? 0),
  );
  return countCoverage(
    countPerFunction(others, canaries),
    countPerFunction(others, stackAddresses),
  );
}

/** Index of the only function that holds an offset, -1 for none; null where functions that lie before reach into it. */
function holderOf({ starts, ends }: FunctionTable, offset: number): number | null {
  const last = countBefore(starts, offset + 1) - 1;
  const start = starts[last] ?? 0;
  for (let index = 0; index < last; index += 1) if ((ends[index] ?? 0) > start) return null;
  return offset < (ends[last] ?? 0) ? last : -1;
}
