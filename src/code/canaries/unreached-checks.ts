import { countBefore } from '../functions/ascending.ts';
import type { FunctionTable } from '../functions/function-table.ts';
import type { PathLooks, ReadCode } from '../machine.ts';

/** Functions are longer hardly ever, and those that are longer are not followed. */
export const mostOfFunction = 64 * 1024;

/** Of code that paths leave a function for, in one file: to look for ways back costs time. */
const mostOutside = 16 * 1024 * 1024;

/**
 * How many checks of a file are looked at first. Compilers make none that no path leads to: all are looked at where one of these is
 * such a check. Verdicts hang on shares of functions, so a few that are missed change none.
 */
const mostAtFirst = 16;

interface Canaries {
  readonly stores: readonly number[];
  readonly checks: readonly number[];
}

/**
 * File offsets of the checks that are reached neither from the start of their function nor from where it stores its canary. All
 * lists ascend. A function that catches exceptions is not followed, nor one that stores no canary: it may be a part of another one,
 * which leads to anywhere in it.
 */
export function unreachedChecks(
  paths: PathLooks,
  functions: FunctionTable,
  read: ReadCode,
  { stores, checks }: Canaries,
): readonly number[] {
  const follow = pathFollower(paths, functions, read, stores);
  const step = Math.ceil(checks.length / mostAtFirst);
  const first = follow(step < 2 ? checks : checks.filter((_, index) => index % step === 0));
  return step < 2 || first.length === 0 ? first : follow(checks);
}

function pathFollower(
  paths: PathLooks,
  functions: FunctionTable,
  read: ReadCode,
  stores: readonly number[],
): (checks: readonly number[]) => readonly number[] {
  const { starts, ends, personalities } = functions;
  let looked = 0;
  const functionAt = (at: number) => {
    const index = countBefore(starts.subarray(0, functions.length), at + 1) - 1;
    return index >= 0 && at < (ends[index] ?? 0) ? index : null;
  };
  const mayLeadBack = (target: number, start: number, end: number) => {
    const index = functionAt(target);
    const from = index === null ? target : (starts[index] ?? 0);
    const code = read(from, mostOfFunction);
    looked += code.length;
    return looked > mostOutside || paths.jumpsInto(code, start - from, end - from);
  };
  const unreachedOf = (index: number, checks: readonly number[]): readonly number[] => {
    const start = starts[index] ?? 0;
    const end = ends[index] ?? 0;
    const roots = within(stores, start, end);
    if (personalities[index] !== 0 || end - start > mostOfFunction || roots.length === 0) return [];
    const code = read(start, end - start);
    const wanted = checks.map((check) => check - start);
    if (!wanted.some((check) => paths.mayBeSkipped(code, check))) return [];
    const found = paths.follow(code, [...roots.map((root) => root - start), 0], wanted);
    if (found === null || found.unreached.length === 0) return [];
    if (found.outside.some((target) => mayLeadBack(start + target, start, end))) return [];
    return found.unreached.map((at) => start + at);
  };
  return (checks) => {
    const unreached: number[] = [];
    for (let next = 0; next < checks.length; ) {
      const first = next;
      const index = functionAt(checks[first] ?? 0);
      next += 1;
      if (index === null) continue;
      while ((checks[next] ?? Number.POSITIVE_INFINITY) < (ends[index] ?? 0)) next += 1;
      unreached.push(...unreachedOf(index, checks.slice(first, next)));
    }
    return unreached;
  };
}

function within(ascending: readonly number[], start: number, end: number): readonly number[] {
  return ascending.slice(countBefore(ascending, start), countBefore(ascending, end));
}
