import { type ImportCall, importCalls } from '../../code/calls/import-calls.ts';
import { canaryInstructions } from '../../code/canaries/canary.ts';
import { sightingsOf } from '../../code/find-sightings.ts';
import { codeOffset } from '../../code/functions/code-address.ts';
import {
  type Coverage,
  countCoverage,
  countNonZero,
  countPerFunction,
} from '../../code/functions/coverage.ts';
import { foreignFunctions, placesOf } from '../../code/functions/foreign-functions.ts';
import {
  type FunctionTable,
  noFunctions,
  selectFunctions,
} from '../../code/functions/function-table.ts';
import { functionsOf } from '../../code/functions/functions.ts';
import { programSpans } from '../../code/functions/program-spans.ts';
import { isWithin } from '../../code/functions/span.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { type GoFunctions, goFunctions } from '../go/go-functions.ts';
import language from '../language.ts';
import linking from '../linking.ts';
import { fillsFirstArgument, isCalledByC, isOfRuntimeCgo } from './c-names.ts';
import { mayBeOfToolchain, ofGo, ofRust } from './toolchain-code.ts';

export interface CCode {
  readonly functions: FunctionTable;
  readonly coverage: Coverage;
  /** How many of the functions that need a canary may be of the toolchain, which builds them without. */
  readonly ofToolchain: number;
  /** Calls that fill an array in the frame of a function without a canary. */
  readonly unguardedFills: number;
  /** Calls of other files' functions in it; null where calls are not understood. */
  readonly calls: readonly ImportCall[] | null;
}

/** Of a file with code in a language that needs no canaries. */
export const cCode = perFile(findCode);

function findCode(elf: Elf): CCode {
  const canaries = canaryInstructions(elf) ?? [];
  const go = goFunctions(elf);
  const functions = go === null ? besideOthers(elf, canaries) : ofProgram(elf, besideGo(elf, go));
  const guarded = countPerFunction(functions, canaries);
  const { stackAddresses = [] } = sightingsOf(elf) ?? {};
  const calls = callsOfC(elf, functions, go);
  const fills = (calls ?? []).filter(
    ({ name, fillsFrame }) => fillsFrame && fillsFirstArgument(name),
  );
  const fillsOf = countPerFunction(functions, placesOf(fills));
  const inGuarded = fillsOf.reduce(
    (sum, count, index) => sum + (guarded[index] === 0 ? 0 : count),
    0,
  );
  return {
    functions,
    ofToolchain: toolchainFunctions(elf, go, functions, stackAddresses),
    coverage: countCoverage(guarded, countPerFunction(functions, stackAddresses)),
    unguardedFills: fills.length - inGuarded,
    calls,
  };
}

function toolchainFunctions(
  elf: Elf,
  go: GoFunctions | null,
  functions: FunctionTable,
  stackAddresses: readonly number[],
): number {
  if (linking(elf).how !== 'static') return 0;
  if (go !== null) return mayBeOfToolchain(elf, ofGo, functions, stackAddresses);
  const isRust = language(elf).some(
    ({ name, hardenedBy }) => name === 'rust' && hardenedBy === 'runtime',
  );
  return isRust ? mayBeOfToolchain(elf, ofRust, functions, stackAddresses) : 0;
}

/**
 * Functions of glibc's start code that take a stack address are before `__libc_start_main`, like the program. gcc made
 * them, so a few functions in its style show nothing about a static program.
 */
const startFunctions = 4;

function besideOthers(elf: Elf, canaries: readonly number[]): FunctionTable {
  const witnesses = { isOfC: isCalledByC, canaries };
  const all = ofProgram(elf, foreignFunctions(elf, { ...witnesses, byStyle: true }));
  if (linking(elf).how !== 'static') return all;
  const { stackAddresses = [] } = sightingsOf(elf) ?? {};
  const sure = ofProgram(elf, foreignFunctions(elf, { ...witnesses, byStyle: false }));
  const needing = (table: FunctionTable) => countNonZero(countPerFunction(table, stackAddresses));
  return needing(all) - needing(sure) > startFunctions ? all : sure;
}

/** Go's linker writes all Go code in one piece; what else is described came from C compilers. */
function besideGo(elf: Elf, { start, end }: GoFunctions): FunctionTable {
  const functions = functionsOf(elf);
  if (!functions.known) return noFunctions;
  const outside = selectFunctions(functions.table, (index) => {
    const at = functions.table.starts[index] ?? 0;
    return at < start || at >= end;
  });
  const owners = ownersIn(elf, outside);
  return selectFunctions(outside, (index) => owners[index] === 'program');
}

type Owner = 'program' | 'toolchain';

/**
 * Whose the C functions of a Go program are, by what they call. One that calls nothing belongs to the functions around it,
 * since a linker puts one object file behind the other; between the toolchain's and the program's it is the program's.
 */
function ownersIn(elf: Elf, table: FunctionTable): readonly Owner[] {
  const calls = importCalls(elf) ?? [];
  const all = countPerFunction(table, placesOf(calls));
  const own = countPerFunction(table, placesOf(calls.filter(({ name }) => !isOfRuntimeCgo(name))));
  const entry = codeOffset(elf, elf.header.entry);
  const owners = Array.from({ length: table.length }, (_, index): Owner | null => {
    if ((table.starts[index] ?? 0) === entry) return null;
    if (own[index] !== 0) return 'program';
    return all[index] !== 0 ? 'toolchain' : null;
  });
  const before = nearest(owners);
  const behind = nearest([...owners].reverse()).reverse();
  return owners.map((owner, index) => {
    if (owner !== null) return owner;
    const isAmong = before[index] === 'toolchain' && behind[index] !== 'program';
    // `_cgo_release_context` calls nothing, and is the first or last function of an object file of runtime/cgo.
    const isBeside = owners[index - 1] === 'toolchain' || owners[index + 1] === 'toolchain';
    return isAmong || isBeside || (table.starts[index] ?? 0) === entry ? 'toolchain' : 'program';
  });
}

/** The last known owner up to each. */
function nearest(owners: readonly (Owner | null)[]): (Owner | null)[] {
  let last: Owner | null = null;
  return owners.map((owner) => {
    last = owner ?? last;
    return last;
  });
}

/** Without the C library that a static program brings. */
function ofProgram(elf: Elf, functions: FunctionTable): FunctionTable {
  const spans = linking(elf).how === 'static' ? programSpans(elf)?.spans : undefined;
  if (spans === undefined) return functions;
  return selectFunctions(functions, (index) => isWithin(spans, functions.starts[index] ?? 0));
}

/** Calls in functions of C, and those that only C code makes wherever they are. */
function callsOfC(
  elf: Elf,
  functions: FunctionTable,
  go: GoFunctions | null,
): readonly ImportCall[] | null {
  const calls = importCalls(elf);
  if (calls === null) return null;
  const isStatic = linking(elf).how === 'static';
  const inC = new Set<number>();
  const { starts, ends, length } = functions;
  let index = 0;
  for (const { at } of calls) {
    while (index < length && (ends[index] ?? 0) <= at) index += 1;
    if (index < length && (starts[index] ?? 0) <= at) inC.add(at);
  }
  return calls.filter(
    ({ at, name }) =>
      inC.has(at) ||
      // In a static program the C library calls itself.
      (!isStatic && isCalledByC(name) && (go === null || !isOfRuntimeCgo(name))),
  );
}
