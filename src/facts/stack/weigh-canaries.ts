import { type CanaryCode, type CanaryExtent, likeChecks } from '../../code/canaries/canary.ts';
import { unsafeStackFunctions } from '../../code/canaries/unsafe-stack.ts';
import type { Coverage } from '../../code/functions/coverage.ts';
import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { hasRuntime, isOtherRuntime, mayBeOtherRuntime } from '../language/other-runtime.ts';
import { isVectorLibrary } from '../libc/vector-library.ts';
import libc, { type LibcName } from '../libc.ts';
import linking from '../linking.ts';
import { dynamicNames } from '../search/dynamic-names.ts';
import { undefinedNames } from '../search/symbol-names.ts';
import { thresholds } from '../weighing/thresholds.ts';
import { protectionBesideRuntime } from './c-protection.ts';
import { knownNames } from './known-names.ts';
import { protectionOfObject } from './object-protection.ts';
import type { Protection, ProtectionLevel, ProtectionState } from './protection-state.ts';
import { filledFrame, unguardedFills } from './unguarded-fills.ts';

const {
  leastCoverage,
  strongCoverage,
  allFunctions,
  enoughForPartial,
  enoughForLevel,
  leastLoose,
  enoughLoose,
  fewAddresses,
  fewFunctions,
} = thresholds.canaries;

/**
 * glibc's own start code, never protected, lies before `__libc_start_main` too. Measured with 2.36: on x86-64 it takes
 * 7 stack addresses in 3 functions, elsewhere 2 in 1.
 */
const startCode = { functions: 4, stackAddresses: 8 };
/** musl's `__init_libc` lies before it: 4 with 1.2 (it fills one array by its index), which no unwind information describes. */
const muslStartCode = { functions: 0, stackAddresses: 4 };
const noStartCode = { functions: 0, stackAddresses: 0 };
/** Functions with a canary in a libc.a built with `-fstack-protector-strong`: measured 394 (musl 1.2.3), 757 (glibc 2.36). */
const libcFunctions: Readonly<Partial<Record<LibcName, number>>> = { musl: 450, glibc: 900 };

export function judgeProtection(
  elf: Elf,
  imports: readonly string[],
  code: CanaryCode | null,
): Protection {
  const found = withSecondStack(elf, judgeCode(elf, imports, code));
  if (found.state === 'second-stack') return found;
  if (isOtherRuntime(elf) || mayBeOtherRuntime(elf))
    return protectionBesideRuntime(elf, code, found);
  if (found.state === 'partial' && hasRuntime(elf)) return { ...found, state: ofMixed(found) };
  if (found.state === 'unprotected' && isVectorLibrary(elf)) return { ...found, state: 'assembly' };
  return hasFew(elf, found, code) ? ofFew(elf, found, code) : found;
}

/** States in which nothing shows a canary. */
const withoutCanaries: readonly ProtectionState[] = [
  'unprotected',
  'few-functions',
  'few-addresses',
  'no-pattern',
  'maybe-assembly',
  'nothing-to-protect',
];

/** The pointer of SafeStack's second stack, a variable of each thread that its runtime defines. */
const unsafeStackPointer = '__safestack_unsafe_stack_ptr';
const secondStackNames = dynamicNames([unsafeStackPointer]);

/** What takes a stack address besides may be its runtime, which every program brings. */
function withSecondStack(elf: Elf, found: Protection): Protection {
  if (!withoutCanaries.includes(found.state) || !namesSecondStack(elf)) return found;
  const onSecondStack = unsafeStackFunctions(elf);
  if (onSecondStack === null) return found;
  const needing = onSecondStack.count + (found.coverage?.needing ?? 0);
  return onSecondStack.count >= leastCoverage * needing
    ? { ...found, state: 'second-stack', onSecondStack }
    : found;
}

function namesSecondStack(elf: Elf): boolean {
  return (
    undefinedNames(elf).has(unsafeStackPointer) || [...secondStackNames.definedIn(elf)].length > 0
  );
}

function hasFew(elf: Elf, found: Protection, code: CanaryCode | null): boolean {
  if (['few-functions', 'few-addresses', 'no-pattern'].includes(found.state)) return true;
  if (found.state !== 'unprotected') return false;
  return (found.coverage?.needing ?? 0) === fewFunctions || hasFewAddresses(elf, found, code);
}

/** One place is enough where what it does to the buffer is known. */
function ofFew(elf: Elf, found: Protection, code: CanaryCode | null): Protection {
  // In a static program the C library's own functions are among those that call it.
  const isTold = code?.whole.instructions === 0 && linking(elf).how !== 'static';
  const filledBy = isTold ? filledFrame(elf) : null;
  if (filledBy !== null) return { ...found, state: 'lone-buffer', filledBy };
  const isFew = found.state === 'unprotected' && hasFewAddresses(elf, found, code);
  return isFew ? { ...found, state: 'few-addresses' } : found;
}

function hasFewAddresses(elf: Elf, { coverage }: Protection, code: CanaryCode | null): boolean {
  if (coverage !== null && coverage.needing > 0) return false;
  return (code?.whole.looseAddresses ?? 0) <= fewLoose(elf);
}

/** Functions of C that fill a buffer which their caller makes, mostly in its frame. */
const fillingFunctions = knownNames(
  [
    'strcpy strcat stpcpy strncpy strncat sprintf vsprintf snprintf vsnprintf gets fgets getcwd readlink realpath',
    'sscanf fscanf scanf __isoc99_sscanf __isoc99_fscanf __isoc99_scanf __isoc23_sscanf __isoc23_fscanf __isoc23_scanf',
  ]
    .join(' ')
    .split(' '),
);

/** Who calls them keeps buffers, so that hardly an address is that of something else. */
function fewLoose(elf: Elf): number {
  return [...undefinedNames(elf)].some((name) => fillingFunctions.has(name)) ? 1 : fewAddresses;
}

/** Enough functions, or instructions outside of those that are described, to be sure that one of them needs a canary. */
function needsCanaries(elf: Elf, { coverage, looseAddresses }: CanaryExtent): boolean {
  return (coverage?.needing ?? 0) > fewFunctions || looseAddresses > fewLoose(elf);
}

/**
 * Unprotected functions may be the runtime's; protected ones must be C's, so a fair share of them shows that the flags
 * were set.
 */
function ofMixed({ coverage }: Protection): ProtectionState {
  if (coverage === null || coverage.needing === 0) return 'mixed';
  return coverage.needingProtected >= leastCoverage * coverage.needing ? 'protected' : 'mixed';
}

function judgeCode(elf: Elf, imports: readonly string[], code: CanaryCode | null): Protection {
  if (libc(elf).how === 'itself') return itself(code);
  if (linking(elf).how === 'static') return ofStatic(elf, libc(elf).name, code);
  if (imports.length > 0) return ofImporter(elf, imports, code);
  return code !== null && elf.header.type === ET.REL
    ? protectionOfObject(elf, code)
    : withoutImport(code);
}

/** A libc sets the guard up, so its first functions can never use one; musl distributions build all of it without. */
function itself(code: CanaryCode | null): Protection {
  return code?.whole.found === true ? judged('protected', code.whole) : bare('libc');
}

function ofImporter(elf: Elf, imports: readonly string[], code: CanaryCode | null): Protection {
  const isGuardAlone = imports.every((name) => name === '__stack_chk_guard');
  if (code === null) return bare(isGuardAlone ? 'unused-import' : 'protected');
  const { whole } = code;
  if (isGuardAlone && whole.found && code.checks > 0 && !code.stops)
    return judged('own-failure', whole);
  // Any code may read the guard; code that checks it imports the function that reports a difference.
  if (!code.seesEvery)
    return judged(isGuardAlone && !whole.found ? 'unused-import' : 'protected', whole);
  if (whole.instructions === 0) {
    return elf.header.type === ET.REL
      ? protectionOfObject(elf, code)
      : judged(withoutUse(elf, code), whole);
  }
  if (isIsolated(whole)) return judged('unprotected', whole);
  if (isOutnumbered(elf, whole)) return judged('outnumbered', whole);
  return judged(isLow(whole) || isSparse(code) ? 'partial' : 'protected', whole);
}

/**
 * `__stack_chk_fail` is imported, but no canary is seen. Calls that no comparison leads to check nothing, nor
 * do canaries that nothing compares; without either the guard may be used in a way that is not known.
 */
function withoutUse(elf: Elf, code: CanaryCode): ProtectionState {
  const { whole, deadFailures, uncheckedStores } = code;
  if (isNothingToProtect(whole)) return code.hidesFrames ? 'no-pattern' : 'nothing-to-protect';
  const isUseSeen = uncheckedStores > 0 || (deadFailures !== null && deadFailures > 0);
  if (!isUseSeen) return 'unused-import';
  if (!needsCanaries(elf, whole))
    return whole.coverage?.needing ? 'few-functions' : 'few-addresses';
  return 'unprotected';
}

/** Canaries are in a few functions that need none, and in none that does. */
function isIsolated({ coverage, covered, undescribed }: CanaryExtent): boolean {
  return (
    coverage !== null &&
    covered &&
    undescribed === 0 &&
    coverage.needing > fewFunctions &&
    coverage.needingProtected === 0 &&
    coverage.protected < coverage.needing
  );
}

/**
 * If the ratio does not decide, functions without a canary that surely need one do, if there are more of them than
 * functions with one: one protected object file, of use or not, must not pass for all.
 */
function isOutnumbered(elf: Elf, { coverage }: CanaryExtent): boolean {
  if (coverage === null || coverage.needing >= enoughForPartial) return false;
  const { needing, needingProtected } = coverage;
  return needingProtected * 2 < needing && unguardedFills(elf) > needingProtected;
}

/** Few of the functions that need a canary have one, or few of the instructions outside of described functions are near one. */
function isLow({ coverage, covered, undescribed, looseAddresses }: CanaryExtent): boolean {
  const needing = coverage?.needing ?? 0;
  if (looseAddresses >= enoughLoose && looseAddresses > 3 * needing) {
    return undescribed < leastLoose * looseAddresses;
  }
  return (
    covered &&
    needing >= enoughForPartial &&
    (coverage?.needingProtected ?? 0) < leastCoverage * needing
  );
}

/** Less than one canary instruction in 64 KiB of at least 256 KiB: for code in which functions cannot be found. */
function isSparse({ exact, size, whole }: CanaryCode): boolean {
  return exact && size > 256 * 1024 && whole.instructions * 64 * 1024 < size;
}

/** Sound without any symbol table: a file that is not static gets `__stack_chk_fail` from elsewhere or not at all. */
function withoutImport(code: CanaryCode | null): Protection {
  if (code === null) return bare('no-pattern');
  if (!code.exact || !code.whole.found) return withoutCanary(code, code.whole);
  if (!isEndless(code.whole)) return judged('unprotected', code.whole);
  if (code.checks === 0) return judged('only-endless', code.whole);
  return judged(code.stops ? 'protected' : 'own-failure', code.whole);
}

/** No function that needs a canary is left without one, so the others never return. */
function isEndless({ coverage, covered, looseAddresses, undescribed }: CanaryExtent): boolean {
  const isOutside = undescribed * 2 >= looseAddresses;
  if (coverage === null || !covered) return isOutside;
  return isOutside && coverage.needingProtected * 2 >= coverage.needing;
}

function withoutCanary(code: CanaryCode, extent: CanaryExtent): Protection {
  if (isNothingToProtect(extent)) {
    return judged(code.hidesFrames ? 'no-pattern' : 'nothing-to-protect', extent);
  }
  const isSure = code.pure || (extent.coverage !== null && extent.coverage.needing > 0);
  return judged(isSure ? 'unprotected' : 'no-pattern', extent);
}

function ofStatic(elf: Elf, name: LibcName, code: CanaryCode | null): Protection {
  if (code === null) return bare('no-pattern');
  const own = programExtent(name, code);
  if (code.whole.instructions === 0) {
    const extent = own ?? code.whole;
    const found = isMuslStartAlone(name, extent, code)
      ? judged('nothing-to-protect', extent)
      : withoutCanary(code, extent);
    // Its language then decides, whatever would be found: to look takes long, and such programs are large.
    const isOfRuntime = isOtherRuntime(elf) && found.state !== 'nothing-to-protect';
    const isSure = code.onlyIdle || isOfRuntime || (code.seesEvery && !mayHaveOwnGuard(elf, code));
    return isSure ? found : judged('no-pattern', code.whole);
  }
  const found = own === null ? null : ofProgram(name, own, code);
  if (found !== null && own !== null) return judged(found, own);
  return judged(moreThanLibc(name, code) ? 'protected' : 'inseparable', own ?? code.whole);
}

/** As many comparisons may be checks as there would be in a program that is protected. */
function mayHaveOwnGuard(elf: Elf, { whole }: CanaryCode): boolean {
  const needing = whole.coverage?.needing ?? 0;
  const least = leastCoverage * needing + leastLoose * whole.looseAddresses;
  return likeChecks(elf) >= Math.max(fewAddresses, least);
}

/** null when the program's part is too small to decide. */
function ofProgram(name: LibcName, own: CanaryExtent, code: CanaryCode): ProtectionState | null {
  const isSplit = own === code.program;
  if ((!isSplit || code.programHasMain) && isNothingToProtect(own)) return 'nothing-to-protect';
  const starting = isSplit ? startCodeOf(name) : noStartCode;
  if (isMuslStartAlone(name, own, code)) return 'nothing-to-protect';
  const { coverage, covered } = own;
  if (coverage === null || !covered) {
    if (own.found) return isSparse(code) ? 'partial' : 'protected';
    const needs = own.stackAddresses > starting.stackAddresses;
    return needs && own.instructions === 0 ? 'only-libc' : null;
  }
  const { needing, needingProtected } = coverage;
  if (own.instructions === 0 && own.looseAddresses > fewFunctions) return 'only-libc';
  if (needingProtected > 0 && needingProtected >= leastCoverage * needing) return 'protected';
  if (needing <= starting.functions) return null;
  return needingProtected === 0 ? 'only-libc' : 'partial';
}

/**
 * The program's functions are described and take no stack address, so those that are taken are musl's, whose functions are
 * not described.
 */
function isMuslStartAlone(name: LibcName, own: CanaryExtent, code: CanaryCode): boolean {
  if (name !== 'musl' || own !== code.program || !code.programHasMain) return false;
  const { coverage, found, stackAddresses } = own;
  const isDescribed = coverage !== null && coverage.functions > 0 && coverage.needing === 0;
  return isDescribed && !found && stackAddresses <= muslStartCode.stackAddresses;
}

function startCodeOf(name: LibcName) {
  if (name === 'musl') return muslStartCode;
  return name === 'glibc' ? startCode : noStartCode;
}

/**
 * The program without libc. musl is always built without unwind information, so every function that has it is the
 * program's (unless canaries outside show that the program has none either); else by the start code.
 */
function programExtent(name: LibcName, { whole, program }: CanaryCode): CanaryExtent | null {
  const { coverage, undescribed } = whole;
  const described =
    coverage !== null &&
    coverage.functions >= 3 &&
    coverage.needing >= 3 &&
    !(undescribed > 200 && coverage.functions < 50);
  // What lies outside of described functions is musl.
  return name === 'musl' && described ? { ...whole, covered: true, looseAddresses: 0 } : program;
}

/** Each protected function stores its canary and checks it. */
function moreThanLibc(name: LibcName, { whole }: CanaryCode): boolean {
  const most = libcFunctions[name];
  return most !== undefined && whole.instructions > 2 * most;
}

/** Code that no unwind information describes needs protection like any other. */
function isNothingToProtect(extent: CanaryExtent): boolean {
  const { stackAddresses, coverage, covered, looseAddresses } = extent;
  return stackAddresses === 0 || (covered && coverage?.needing === 0 && looseAddresses === 0);
}

function bare(state: ProtectionState): Protection {
  return { state, level: null, coverage: null };
}

function judged(state: ProtectionState, { coverage, covered }: CanaryExtent): Protection {
  return { state, level: covered && coverage !== null ? levelOf(coverage) : null, coverage };
}

function levelOf({
  functions,
  protected: guarded,
  needing,
  needingProtected,
}: Coverage): ProtectionLevel {
  if (needing < enoughForLevel) return null;
  const others = functions - needing;
  if (others >= enoughForLevel && guarded - needingProtected > allFunctions * others) return 'all';
  const ratio = needingProtected / needing;
  return ratio >= strongCoverage ? 'strong' : ratio >= leastCoverage ? 'plain' : 'little';
}
