import type { Elf } from '../elf/model.ts';
import { sightingsOf } from './find-sightings.ts';
import { codeOffset } from './functions/code-address.ts';
import type { CodePiece } from './functions/code-pieces.ts';
import { countNonZero, countPerFunction } from './functions/coverage.ts';
import { type FunctionTable, selectFunctions } from './functions/function-table.ts';
import { functionsOf } from './functions/functions.ts';
import { machineOf } from './machine-of.ts';

/** Instrumentation of control flow in the code, whether or not anything enforces it. */
export interface ControlFlowCode {
  /** Functions that unwind information describes, without the start code that crt1.o brings. */
  readonly functions: number;
  /** Functions that begin with an instruction at which indirect branches may land. */
  readonly landingPads: number;
  /** Those of them whose instruction does nothing else: `paciasp` of AArch64 signs, and is there without BTI too. */
  readonly bareLandingPads: number;
  /** Functions that sign their return address. */
  readonly signedReturns: number;
}

/** null if nothing is known about the machine, or functions cannot be found. */
export function controlFlowCode(elf: Elf): ControlFlowCode | null {
  const landsAt = machineOf(elf.header)?.landsAt ?? null;
  const functions = functionsOf(elf);
  if (landsAt === null || !functions.known) return null;
  const entry = codeOffset(elf, elf.header.entry);
  const landingPads = landingPadCounter(functions.table, entry, landsAt);
  const sightings = sightingsOf(elf, landingPads.countIn);
  if (sightings === null) return null;
  const { returnSignings } = sightings;
  return {
    functions: countBeside(functions.table, entry),
    landingPads: landingPads.sum(),
    bareLandingPads: landingPads.sum() - countSigningStarts(functions.table, entry, returnSignings),
    signedReturns: countSigned(functions.table, entry, returnSignings),
  };
}

/** How many do not begin at the entry point. */
function countBeside({ length, starts }: FunctionTable, entry: number | null): number {
  let count = 0;
  for (let index = 0; index < length; index += 1) if (starts[index] !== entry) count += 1;
  return count;
}

function countSigned(
  table: FunctionTable,
  entry: number | null,
  returnSignings: readonly number[],
): number {
  if (returnSignings.length === 0) return 0;
  const others = selectFunctions(table, (index) => table.starts[index] !== entry);
  return countNonZero(countPerFunction(others, returnSignings));
}

function countSigningStarts(
  { length, starts }: FunctionTable,
  entry: number | null,
  returnSignings: readonly number[],
): number {
  const signings = new Set(returnSignings);
  let count = 0;
  for (let index = 0; signings.size > 0 && index < length; index += 1) {
    const start = starts[index] ?? 0;
    if (start !== entry && signings.has(start)) count += 1;
  }
  return count;
}

/** Leaves out what begins at the entry point. Functions and pieces both ascend by file offset. The instructions have at most 4 bytes. */
function landingPadCounter(
  { length, starts }: FunctionTable,
  entry: number | null,
  landsAt: (bytes: Buffer, at: number) => boolean,
) {
  let count = 0;
  let index = 0;
  return {
    countIn(piece: CodePiece): void {
      for (; index < length; index += 1) {
        const start = starts[index] ?? 0;
        if (start >= piece.end) break;
        if (start === entry || start < piece.start) continue;
        if (landsAt(piece.bytes, start - piece.offset)) count += 1;
      }
    },
    sum: () => count,
  };
}
