import { ET, SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { perFile } from '../../elf/reading/per-file.ts';
import { sightingsOf } from '../find-sightings.ts';
import { mayTakeAddresses, withFrameAddresses } from '../frames/frame-addresses.ts';
import { countWideFrames } from '../frames/wide-frames.ts';
import { merged, outside } from '../functions/ascending.ts';
import { codeOffset } from '../functions/code-address.ts';
import { type Coverage, countPerFunction, coverageBut, sumOf } from '../functions/coverage.ts';
import { executableRanges, isPureCode } from '../functions/executable-ranges.ts';
import { type FunctionTable, noFunctions, selectFunctions } from '../functions/function-table.ts';
import { functionsOf } from '../functions/functions.ts';
import { type ProgramSpans, programSpans } from '../functions/program-spans.ts';
import { isCovered, isWithin, type Span, sizeOf } from '../functions/span.ts';
import type { CanaryProof, Machine } from '../machine.ts';
import { machineOf } from '../machine-of.ts';
import type { GuardedCall, Sightings } from '../sightings.ts';
import {
  comparisonsLikeChecks,
  guardFailures,
  importOfFailure,
  ownGuardFailures,
} from './guard-failures.ts';
import { guardReferences } from './guard-references.ts';
import { calledByChecks, failuresStop, idleCallees, idleChecks } from './idle-checks.ts';
import { withoutUnchecked } from './unchecked-stores.ts';

/** What the machine code of a file shows of stack canaries. */
export interface CanaryCode {
  /** Bytes of executable code. */
  readonly size: number;
  /** File offset of the first of them; null where there is none. */
  readonly codeAt: number | null;
  /** One canary instruction is proof, since on this machine it names the guard itself. */
  readonly exact: boolean;
  /** Every canary that a compiler makes on this machine is seen. */
  readonly seesEvery: boolean;
  /** No constants lie among the code, which could look like stack addresses. */
  readonly pure: boolean;
  readonly whole: CanaryExtent;
  /** The program without libc, if a static executable's start code shows the difference; else null. */
  readonly program: CanaryExtent | null;
  /** `main` itself was found and is part of `program`. */
  readonly programHasMain: boolean;
  /** Functions of an ET_REL file without canaries that take a stack address in a frame too wide for anything but buffers. */
  readonly wideFrames: number;
  /** Calls of `__stack_chk_fail` where no check was seen at all; null where its calls are not understood, or a check was seen. */
  readonly deadFailures: number | null;
  /** Stores of a canary that nothing compares before their functions return. */
  readonly uncheckedStores: number;
  /** Canaries are compared, and nothing comes of any comparison. */
  readonly onlyIdle: boolean;
  /** Comparisons of a canary that lead to something, as far as they can be distinguished from stores. */
  readonly checks: number;
  /** What they call is a function of the file itself that stops the program for certain. */
  readonly stops: boolean;
  /** Frame pointers are used as if to take addresses, in code that nothing divides into functions to be sure. */
  readonly hidesFrames: boolean;
}

export interface CanaryExtent {
  /** Enough canary instructions were seen to be no coincidence. */
  readonly found: boolean;
  /** Instructions that store or check a canary, or (in an ET_REL file) refer to what they need for it. */
  readonly instructions: number;
  /** File offset of the first of them. */
  readonly firstAt: number | null;
  /** Instructions that compute an address in a frame. */
  readonly stackAddresses: number;
  /** Of the functions that unwind information describes; null where it describes none. */
  readonly coverage: Coverage | null;
  /** Unwind information describes at least half of the code, so the coverage is that of the code. */
  readonly covered: boolean;
  /** Canary instructions outside described functions. */
  readonly undescribed: number;
  /** Stack addresses outside described functions. */
  readonly looseAddresses: number;
}

/** Start code passes the stack pointer on; that is not an array in a frame. */
const startCodeSize = 96;

/** null when no pattern is known for the file's machine. */
export function canaryCode(elf: Elf): CanaryCode | null {
  const machine = machineOf(elf.header);
  const seen = canarySightings(elf);
  if (machine === null || seen === null) return null;
  const described = describedFunctions(elf);
  const sightings = withFrameAddresses(elf, machine, described, seen);
  const entry = codeOffset(elf, elf.header.entry);
  const whole = executableRanges(elf).map(({ offset, end }) => ({ start: offset, end }));
  const program = programSpans(elf);
  const onlyIdle = isOnlyIdle(sightingsOf(elf) ?? seen, seen);
  // Checks that no path leads to have branches nevertheless.
  const failures = !onlyIdle && isUnseen(elf, machine, seen) ? guardFailures(elf) : null;
  const references =
    failures !== null && failures.checks.length > 0
      ? failures.checks
      : [...guardReferences(elf), ...ownChecks(elf, machine, described, seen, program)];
  const examine = (some: Sightings, table: FunctionTable, spans: readonly Span[]) =>
    extentOf(some, references, machine.canaryProof, table, entry, spans);
  const all = examine(sightings, described, whole);
  return {
    size: sizeOf(whole),
    codeAt: whole[0]?.start ?? null,
    exact: machine.canaryProof.sum === 1,
    seesEvery: machine.seesEveryCanary,
    pure: isPureCode(elf),
    // All that was seen or described lies in executable ranges.
    whole: all,
    program:
      program === null
        ? null
        : examine(
            sightingsWithin(sightings, program.spans),
            functionsWithin(described, program.spans),
            program.spans,
          ),
    programHasMain: program?.withMain ?? false,
    wideFrames: all.found ? 0 : countWideFrames(elf, machine, described, sightings.stackAddresses),
    deadFailures: failures !== null && failures.checks.length === 0 ? failures.calls : null,
    uncheckedStores: (sightingsOf(elf)?.canaryStores.length ?? 0) - seen.canaryStores.length,
    onlyIdle,
    checks: countChecks(seen, described),
    stops:
      importOfFailure(elf) === null && failuresStop(elf, machine, described, seen.canaryChecks),
    hidesFrames: all.stackAddresses === 0 && !all.covered && mayTakeAddresses(elf, machine),
  };
}

/**
 * Comparisons of a static program without any canary that look like checks of a guard that lies elsewhere. All code is searched for them;
 * 0 where symbols name what such checks call.
 */
export function likeChecks(elf: Elf): number {
  const machine = machineOf(elf.header);
  const seen = canarySightings(elf);
  if (elf.dynamic !== null || machine === null || seen === null) return 0;
  const isNameless = isUnseen(elf, machine, seen) && namedFailure(elf).length === 0;
  return isNameless ? comparisonsLikeChecks(elf) : 0;
}

/**
 * Checks of a guard that the program of a static executable keeps in a place of its own, while its C library's is where it is expected.
 * [] where the program itself has a canary that was seen.
 */
function ownChecks(
  elf: Elf,
  machine: Machine,
  functions: FunctionTable,
  { canaryStores, canaryChecks }: Sightings,
  program: ProgramSpans | null,
): readonly number[] {
  const isOwn = (at: number) => program === null || isWithin(program.spans, at);
  if (elf.header.type === ET.REL || elf.interpreter !== null) return [];
  if (importOfFailure(elf) !== null || canaryStores.some(isOwn)) return [];
  const failures =
    canaryChecks.length > 0
      ? calledByChecks(elf, machine, functions, canaryChecks)
      : namedFailure(elf);
  return ownGuardFailures(elf, failures).filter(isOwn);
}

/** File offset of `__stack_chk_fail` where `.symtab` has it. */
function namedFailure(elf: Elf): readonly number[] {
  const symbol = elf.staticSymbols.find(
    ({ name, sectionIndex }) => name === '__stack_chk_fail' && sectionIndex !== SHN.UNDEF,
  );
  const at = symbol === undefined ? null : codeOffset(elf, symbol.value);
  return at === null ? [] : [at];
}

/** Sightings of which all canaries are compared before a function returns, and lead to something where they differ. */
const canarySightings = perFile((elf): Sightings | null => {
  const machine = machineOf(elf.header);
  const all = sightingsOf(elf);
  if (machine === null || all === null) return null;
  const functions = describedFunctions(elf);
  const seen = withoutOtherCalls(elf, machine, functions, all);
  const idle = idleChecks(elf, machine, functions, seen);
  const checked = withoutIdle(seen, idle, idleCallees(elf, machine, functions, calleesOf(seen)));
  if (isOnlyIdle(seen, checked))
    return { ...checked, canaryStores: [], canaryChecks: [], guardedCalls: [] };
  return withoutUnchecked(elf, machine, functions, checked, idle);
});

/** Checks that are enough to know what all checks of a static program call. */
const enoughChecks = 8;

/**
 * In a static program everything calls the same `__stack_chk_fail`. Where checks show it, comparisons that lead to another function
 * are the program's own.
 */
function withoutOtherCalls(
  elf: Elf,
  machine: Machine,
  functions: FunctionTable,
  seen: Sightings,
): Sightings {
  const { canaryChecks, guardedCalls } = seen;
  if (elf.dynamic !== null || guardedCalls.length === 0 || canaryChecks.length < enoughChecks)
    return seen;
  const called = calledByChecks(elf, machine, functions, canaryChecks);
  if (called.length === 0) return seen;
  return { ...seen, guardedCalls: guardedCalls.filter(({ callee }) => called.includes(callee)) };
}

function calleesOf({ guardedCalls }: Sightings): readonly number[] {
  const [call] = commonCallee(guardedCalls);
  return guardedCalls.filter(({ at }) => at === call).map(({ callee }) => callee);
}

function withoutIdle(
  seen: Sightings,
  checks: ReadonlySet<number>,
  callees: ReadonlySet<number>,
): Sightings {
  if (checks.size + callees.size === 0) return seen;
  return {
    ...seen,
    canaryChecks: seen.canaryChecks.filter((at) => !checks.has(at)),
    guardedCalls: seen.guardedCalls.filter(({ callee }) => !callees.has(callee)),
  };
}

/**
 * Canaries are compared, and for half of them or more it is certain that nothing comes of it: all checks of a file call the same
 * function, so none that is stored protects anything.
 */
function isOnlyIdle(seen: Sightings, left: Sightings): boolean {
  const compared = (some: Sightings) =>
    seen.canaryChecks.length > 0 ? some.canaryChecks.length : some.guardedCalls.length;
  return compared(left) < compared(seen) && compared(left) * 2 <= compared(seen);
}

/** Where stores and checks look alike, a function that does so twice has both. */
function countChecks(
  { canaryStores, canaryChecks, guardedCalls }: Sightings,
  functions: FunctionTable,
): number {
  const seen = canaryChecks.length + commonCallee(guardedCalls).length;
  if (seen > 0) return seen;
  return countPerFunction(functions, canaryStores).reduce(
    (sum, stores) => sum + (stores > 1 ? 1 : 0),
    0,
  );
}

function describedFunctions(elf: Elf): FunctionTable {
  const functions = functionsOf(elf);
  return functions.known ? functions.table : noFunctions;
}

/** A linked file of a machine whose guard is known has no canary that uses it. */
function isUnseen(elf: Elf, { seesEveryCanary }: Machine, seen: Sightings): boolean {
  return (
    seesEveryCanary &&
    elf.header.type !== ET.REL &&
    seen.canaryStores.length + seen.canaryChecks.length === 0
  );
}

/** Of the sightings and functions in some spans. */
function extentOf(
  sightings: Sightings,
  references: readonly number[],
  proof: CanaryProof,
  functions: FunctionTable,
  entry: number | null,
  spans: readonly Span[],
): CanaryExtent {
  const { stores, checks, calls, canaries: seen } = canariesIn(sightings);
  const within = references.filter((at) => isWithin(spans, at));
  const canaries = merged(seen, within);
  const stackAddresses =
    entry === null
      ? sightings.stackAddresses
      : outside(sightings.stackAddresses, entry, entry + startCodeSize);
  return {
    found: within.length > 0 || isProof(stores.length, checks.length, calls.length, proof),
    instructions: canaries.length,
    firstAt: canaries[0] ?? null,
    stackAddresses: stackAddresses.length,
    ...coverageOf(functions, entry, spans, canaries, stackAddresses),
  };
}

/** File offsets of the instructions that store or check a canary, ascending; null when no pattern is known. */
export function canaryInstructions(elf: Elf): readonly number[] | null {
  const sightings = canarySightings(elf);
  return sightings === null ? null : canariesIn(sightings).canaries;
}

function canariesIn({ canaryStores: stores, canaryChecks: checks, guardedCalls }: Sightings) {
  const calls = commonCallee(guardedCalls);
  return { stores, checks, calls, canaries: merged(merged(stores, checks), calls) };
}

function sightingsWithin(sightings: Sightings, spans: readonly Span[]): Sightings {
  const within = (offset: number) => isWithin(spans, offset);
  return {
    ...sightings,
    canaryStores: sightings.canaryStores.filter(within),
    canaryChecks: sightings.canaryChecks.filter(within),
    guardedCalls: sightings.guardedCalls.filter(({ at }) => within(at)),
    stackAddresses: sightings.stackAddresses.filter(within),
  };
}

function functionsWithin(functions: FunctionTable, spans: readonly Span[]): FunctionTable {
  return selectFunctions(functions, (index) => isWithin(spans, functions.starts[index] ?? 0));
}

function isProof(stores: number, checks: number, calls: number, proof: CanaryProof): boolean {
  const accesses = stores >= proof.stores && checks >= proof.checks && stores + checks >= proof.sum;
  return accesses || (proof.guardedCalls !== null && calls >= proof.guardedCalls);
}

/** The sightings that call what most of them call: `__stack_chk_fail`, whatever its name was. */
function commonCallee(calls: readonly GuardedCall[]): number[] {
  const counts = new Map<number, number>();
  for (const { callee } of calls) counts.set(callee, (counts.get(callee) ?? 0) + 1);
  let common: number | null = null;
  for (const [callee, count] of counts) {
    if (common === null || count > (counts.get(common) ?? 0)) common = callee;
  }
  return calls.filter(({ callee }) => callee === common).map(({ at }) => at);
}

function coverageOf(
  described: FunctionTable,
  entry: number | null,
  spans: readonly Span[],
  canaries: readonly number[],
  stackAddresses: readonly number[],
): Pick<CanaryExtent, 'coverage' | 'covered' | 'undescribed' | 'looseAddresses'> {
  if (described.length === 0) {
    return {
      coverage: null,
      covered: false,
      undescribed: canaries.length,
      looseAddresses: stackAddresses.length,
    };
  }
  const guarded = countPerFunction(described, canaries);
  const taking = countPerFunction(described, stackAddresses);
  return {
    coverage: coverageBut(described, entry, { canaries, stackAddresses, guarded, taking }),
    covered: described.length >= 2 && isCovered(spans, described),
    undescribed: canaries.length - sumOf(guarded),
    looseAddresses: stackAddresses.length - sumOf(taking),
  };
}
