import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { sightingsOf } from '../find-sightings.ts';
import { countNonZero, countPerFunction, sumOf } from '../functions/coverage.ts';
import { executableRanges, isPureCode } from '../functions/executable-ranges.ts';
import { visitFunctionCode } from '../functions/function-code.ts';
import {
  type FunctionTable,
  functionsAt,
  noFunctions,
  selectFunctions,
  sizeOfFunctions,
} from '../functions/function-table.ts';
import { functionsOf } from '../functions/functions.ts';
import { programSpans } from '../functions/program-spans.ts';
import { isCovered, isWithin, type Span, sizeOf } from '../functions/span.ts';
import type { Machine } from '../machine.ts';
import { machineOf } from '../machine-of.ts';

/** How frames that could step over a guard page are made. */
export interface StackProbes {
  /** Bytes; larger frames have to be probed. */
  readonly limit: number;
  /** Functions with a larger frame: of the program, if libc can be separated from it. */
  readonly largeFrames: number;
  /** Those of them that touch the stack page by page. */
  readonly probed: number;
  /** The same frames, made at once, where no unwind information describes the function. */
  readonly undescribed: number;
  /** Probing instructions. */
  readonly probes: number;
  /** File offset of the first function with a large frame that is not probed. */
  readonly firstUnprobed: number | null;
  /** Frames that were not seen are not there: unwind information describes the code, or its instructions can be read. */
  readonly complete: boolean;
}

/** What the kernel leaves below a stack by default, and what compilers count with where no probe is known. */
const guardPage = 4096;

/** Of the described functions and the code around them, or of the functions in a table alone. */
export function stackProbes(elf: Elf, only?: FunctionTable): StackProbes {
  const machine = machineOf(elf.header);
  const limit = machine?.largeFrame ?? guardPage;
  const part = only === undefined ? (programSpans(elf)?.spans ?? null) : spansOf(only);
  const spans = part ?? executableSpans(elf);
  const functions = only ?? describedFunctions(elf, part);
  // All sightings lie in code.
  const isSeen = (offset: number) => part === null || isWithin(part, offset);
  const allocations = (sightingsOf(elf)?.largeAllocations ?? []).filter(isSeen);
  const probes = (sightingsOf(elf)?.stackProbes ?? []).filter(isSeen);
  const allocating = countPerFunction(functions, allocations);
  const hidden =
    allocations.length === 0 ? none : hiddenFrames(elf, machine, functions, allocating);
  const large = functionsAt(functions, largeOrHidden(functions, limit, hidden));
  const probesPerFunction = countPerFunction(large, probes);
  const canReadCode = machine !== null && machine.largeFrame !== null;
  return {
    limit,
    largeFrames: large.length,
    probed: countNonZero(probesPerFunction),
    undescribed: allocations.length - sumOf(allocating),
    probes: probes.length,
    firstUnprobed: large.starts[probesPerFunction.indexOf(0)] ?? null,
    complete: canReadCode
      ? isPureCode(elf) || isCovered(spans, functions)
      : describesFrames(spans, functions),
  };
}

const none: ReadonlySet<number> = new Set();

/** Indexes. Most files have none, and thousands of functions to look at. */
function largeOrHidden(
  { length, starts, frameSizes }: FunctionTable,
  limit: number,
  hidden: ReadonlySet<number>,
): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < length; index += 1) {
    if ((frameSizes[index] ?? 0) > limit || (hidden.size > 0 && hidden.has(starts[index] ?? 0)))
      found.push(index);
  }
  return found;
}

/** Those in a part of the code, or all. */
function describedFunctions(elf: Elf, part: readonly Span[] | null): FunctionTable {
  const functions = functionsOf(elf);
  if (!functions.known) return noFunctions;
  // They lie in executable ranges as it is.
  if (part === null && elf.header.type !== ET.REL) return functions.table;
  const spans = part ?? executableSpans(elf);
  const { starts } = functions.table;
  return selectFunctions(functions.table, (index) => isWithin(spans, starts[index] ?? 0));
}

/**
 * Offsets of the functions that make a large frame without unwind information for it. If their code cannot be read,
 * those that may hide one.
 */
function hiddenFrames(
  elf: Elf,
  machine: Machine | null,
  functions: FunctionTable,
  allocating: Uint32Array,
): ReadonlySet<number> {
  const limit = machine?.largeFrame ?? guardPage;
  const suspected: number[] = [];
  for (let index = 0; index < allocating.length; index += 1) {
    if (allocating[index] !== 0 && (functions.frameSizes[index] ?? 0) <= limit)
      suspected.push(index);
  }
  const suspects = functionsAt(functions, suspected);
  const { frameBases } = suspects;
  const hiding = selectFunctions(suspects, (index) => isHidden(frameBases[index] ?? 0, machine));
  const found = new Set(hiding.starts);
  const makesLargeFrame = machine?.makesLargeFrame;
  if (makesLargeFrame === undefined) return found;
  // Functions that lie in each other, as no compiler writes them, must not be read again and again.
  let left = 2 * sizeOf(executableSpans(elf));
  visitFunctionCode(elf, suspects, (code, start) => {
    left -= code.length;
    const makes = left < 0 ? null : makesLargeFrame(code);
    if (makes === true) found.add(start);
    else if (makes === false) found.delete(start);
  });
  return found;
}

/** Once the frame is addressed by a frame pointer, unwind information no longer shows how far the stack reaches. */
function isHidden(bases: number, machine: Machine | null): boolean {
  const register = machine?.framePointer ?? null;
  return register !== null && (bases & (1 << register)) !== 0;
}

/** Where code cannot be read, unwind information must describe most of it, and no frame pointer may hide a frame. */
function describesFrames(spans: readonly Span[], functions: FunctionTable): boolean {
  const isMost = sizeOfFunctions(functions) * 2 >= sizeOf(spans);
  return isMost && functions.frameBases.every((bases) => (bases & (bases - 1)) === 0);
}

function spansOf({ length, starts, ends }: FunctionTable): Span[] {
  return Array.from({ length }, (_, index) => ({
    start: starts[index] ?? 0,
    end: ends[index] ?? 0,
  }));
}

function executableSpans(elf: Elf): Span[] {
  return executableRanges(elf).map(({ offset, end }) => ({ start: offset, end }));
}
