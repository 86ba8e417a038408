import { canaryInstructions } from '../../src/code/canaries/canary.ts';
import { countPerFunction } from '../../src/code/functions/coverage.ts';
import { executableRanges } from '../../src/code/functions/executable-ranges.ts';
import { noFunctions } from '../../src/code/functions/function-table.ts';
import { functionsOf } from '../../src/code/functions/functions.ts';
import type { Span } from '../../src/code/functions/span.ts';
import type { Elf } from '../../src/elf/model.ts';

/**
 * Addresses of the functions in which hullcheck sees canaries, in a stripped program. Functions that no unwind
 * information describes, as musl's own, begin where the unstripped twin says: hullcheck then knows of the canary, but
 * not of the function.
 */
export function foundFunctions(elf: Elf, starts: readonly bigint[]): Set<bigint> {
  const canaries = canaryInstructions(elf) ?? [];
  const functions = functionsOf(elf);
  const table = functions.known ? functions.table : noFunctions;
  const counts = countPerFunction(table, canaries);
  const described = [...table.starts].map((start, index) => ({
    start,
    end: table.ends[index] ?? start,
  }));
  const guarded = described.filter((_, index) => counts[index] !== 0);
  const outside = canaries.filter((at) => !described.some((range) => holds(range, at)));
  return new Set([
    ...guarded.map(({ start }) => addressOf(elf, start)),
    ...outside.map((at) => startBefore(starts, addressOf(elf, at))),
  ]);
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset < end;
}

function addressOf(elf: Elf, offset: number): bigint {
  const range = executableRanges(elf).find((each) => each.offset <= offset && offset < each.end);
  if (range === undefined) throw new Error(`no executable range holds offset ${offset}`);
  return range.address + BigInt(offset - range.offset);
}

function startBefore(starts: readonly bigint[], address: bigint): bigint {
  return starts.findLast((start) => start <= address) ?? address;
}
