import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { hotSize } from '../../elf/reading/file-pieces.ts';
import { importCalls } from '../calls/import-calls.ts';
import { countBefore } from '../functions/ascending.ts';
import { executableRanges } from '../functions/executable-ranges.ts';
import { visitFunctionCode } from '../functions/function-code.ts';
import { type FunctionTable, selectFunctions } from '../functions/function-table.ts';
import type { FailureLooks, IsLive, Machine, ReadCode } from '../machine.ts';
import type { Sightings } from '../sightings.ts';
import { mostOfFunction, unreachedChecks } from './unreached-checks.ts';

/** A function that is called may jump on to another one, which may do so too. */
const mostJumps = 4;

/**
 * File offsets of the checks that come to nothing: no path leads to them, or where the canary differs nothing is called, or a
 * function that returns at once.
 */
export function idleChecks(
  elf: Elf,
  { failure }: Machine,
  functions: FunctionTable,
  { canaryStores: stores, canaryChecks: checks }: Sightings,
): ReadonlySet<number> {
  if (failure === null || elf.header.type === ET.REL) return new Set();
  const read = codeReader(elf, functions);
  const leadsTo = checkFollower(elf, failure, functions, read);
  const alive = new Map<number, boolean>();
  const isLive = (target: number | null) => {
    if (target === null) return true;
    let lives = alive.get(target);
    if (lives === undefined) {
      lives = !returnsAtOnce(failure, read, target);
      alive.set(target, lives);
    }
    return lives;
  };
  const idle = new Set(checks.filter((check) => !leadsTo(check, isLive)));
  if (failure.paths === undefined) return idle;
  for (const check of unreachedChecks(failure.paths, functions, read, { stores, checks }))
    idle.add(check);
  return idle;
}

/** The functions among those that are called where canaries differ which return at once, by file offset. */
export function idleCallees(
  elf: Elf,
  { failure }: Machine,
  functions: FunctionTable,
  callees: readonly number[],
): ReadonlySet<number> {
  if (failure === null || elf.header.type === ET.REL || callees.length === 0) return new Set();
  const read = codeReader(elf, functions);
  return new Set([...new Set(callees)].filter((callee) => returnsAtOnce(failure, read, callee)));
}

/** A function that stops the program calls one of these last. */
const stopping: ReadonlySet<string> = new Set([
  'abort',
  '_exit',
  '_Exit',
  'exit',
  '__fortify_fail',
]);
/** Checks of a file that are asked what they call. */
const mostAsked = 64;

/** File offsets of what checks call where canaries differ: of the functions that some of them name, the most frequent one. */
export function calledByChecks(
  elf: Elf,
  { failure }: Machine,
  functions: FunctionTable,
  checks: readonly number[],
): readonly number[] {
  if (failure === null) return [];
  const leadsTo = checkFollower(elf, failure, functions, codeReader(elf, functions));
  const counts = new Map<number, number>();
  for (const check of checks.slice(0, mostAsked)) {
    leadsTo(check, (target) => {
      if (target !== null) counts.set(target, (counts.get(target) ?? 0) + 1);
      return true;
    });
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first === undefined ? [] : [first[0]];
}

/** A program has one function for it, and a stub or two. */
const mostFailures = 4;

/**
 * Whether each function that checks call is described, has no way back and ends in a call that does not return. Of a file that
 * brings its own `__stack_chk_fail`.
 */
export function failuresStop(
  elf: Elf,
  { failure }: Machine,
  functions: FunctionTable,
  checks: readonly number[],
): boolean {
  if (failure === null || checks.length === 0 || elf.dynamic === null) return false;
  const leadsTo = checkFollower(elf, failure, functions, codeReader(elf, functions));
  const targets = new Set<number | null>();
  for (const check of checks) {
    leadsTo(check, (target) => targets.add(target) !== undefined);
    if (targets.size > mostFailures) return false;
  }
  const table = selectFunctions(functions, (index) => targets.has(functions.starts[index] ?? 0));
  const ends = new Set<number>();
  for (const { at, name } of importCalls(elf) ?? []) if (stopping.has(name)) ends.add(at);
  let stop = 0;
  visitFunctionCode(elf, table, (code, start) => {
    // A call has four to six bytes.
    const isLast = [4, 5, 6].some((length) => ends.has(start + code.length - length));
    if (isLast && !failure.mayReturn(code)) stop += 1;
  });
  return stop > 0 && stop === targets.size;
}

function returnsAtOnce(
  { returnsAtOnce: look }: FailureLooks,
  read: ReadCode,
  start: number,
): boolean {
  let at = start;
  for (let jumps = 0; jumps < mostJumps; jumps += 1) {
    const found = look(read, at);
    if (typeof found === 'boolean') return found;
    at = found;
  }
  return false;
}

/** `leadsTo` of ascending checks: most are decided without it. */
function checkFollower(
  elf: Elf,
  failure: FailureLooks,
  functions: FunctionTable,
  read: ReadCode,
): (check: number, isLive: IsLive) => boolean {
  const usual = usualCalls(elf, failure, functions);
  return (check, isLive) => {
    const call = usual(check);
    return call === null ? failure.leadsTo(read, check, isLive) : isLive(call);
  };
}

/** What checks call at once, where they and the call lie in one described function. Code and functions are gone along once. */
function usualCalls(
  elf: Elf,
  { callsAtOnce }: FailureLooks,
  { length, starts, ends }: FunctionTable,
): (check: number) => number | null {
  if (callsAtOnce === undefined) return () => null;
  const ranges = executableRanges(elf);
  let range = 0;
  let index = 0;
  let piece: Buffer = Buffer.alloc(0);
  let pieceAt = 0;
  return (check) => {
    while (range + 1 < ranges.length && (ranges[range]?.end ?? 0) <= check) range += 1;
    while (index + 1 < length && (starts[index + 1] ?? 0) <= check) index += 1;
    const rangeEnd = ranges[range]?.end ?? 0;
    const end = Math.min(rangeEnd, ends[index] ?? 0);
    if (!((starts[index] ?? Number.POSITIVE_INFINITY) <= check && check < end)) return null;
    if (Math.min(end, check + mostOfFunction) > pieceAt + piece.length) {
      piece = elf.bytes.glance(check, Math.min(rangeEnd - check, hotSize));
      pieceAt = check;
    }
    const call = callsAtOnce(piece, check - pieceAt, Math.min(end - pieceAt, piece.length));
    return call === null ? null : call + pieceAt;
  };
}

/**
 * Reads code by file offset, as far as it lies in one range and one function: branches in a segment lead as far in the file as
 * in memory, and what lies behind a function is not its own. Checks follow each other, and mostly lead to what is near.
 */
function codeReader(elf: Elf, { starts, ends }: FunctionTable): ReadCode {
  const ranges = executableRanges(elf);
  const nothing = Buffer.alloc(0);
  let range = ranges[0];
  let index = 0;
  return (offset, length) => {
    if (range === undefined || offset < range.offset || offset >= range.end)
      range = ranges.find((one) => one.offset <= offset && offset < one.end);
    if (range === undefined) return nothing;
    // The last one that begins before.
    if (
      !((starts[index] ?? 0) <= offset) ||
      (starts[index + 1] ?? Number.POSITIVE_INFINITY) <= offset
    )
      index = Math.max(0, countBefore(starts, offset + 1) - 1);
    const end = ends[index] ?? 0;
    const isIn = (starts[index] ?? Number.POSITIVE_INFINITY) <= offset && offset < end;
    const most = isIn ? Math.min(range.end, end) : range.end;
    // By blocks that stay: a call of the system for a few bytes costs more than looking at them.
    return elf.bytes.read(offset, Math.min(length, most - offset));
  };
}
