import type { CanaryCode } from '../../code/canaries/canary.ts';
import { SHN, STB, STT, STV } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { ElfSymbol } from '../../elf/records.ts';
import language from '../language.ts';
import { thresholds } from '../weighing/thresholds.ts';
import type { Protection, ProtectionState } from './protection-state.ts';

/**
 * One object file is too small for a ratio, and many a file needs no canary. It is unprotected where a buffer must be, by
 * the width of a frame, or where so many functions take stack addresses that not all of them can be those of arguments.
 */
export function protectionOfObject(elf: Elf, code: CanaryCode): Protection {
  const { coverage } = code.whole;
  return { state: stateOf(elf, code), level: null, coverage };
}

function stateOf(elf: Elf, code: CanaryCode): ProtectionState {
  const { exact, size, whole, wideFrames, hidesFrames } = code;
  if (whole.found) return exact ? 'only-endless' : 'protected';
  if (size === 0 && isForLinkTime(elf)) return 'not-compiled';
  const needing = whole.coverage?.needing ?? 0;
  if (whole.stackAddresses === 0 || (whole.covered && needing === 0)) {
    return hidesFrames ? 'no-pattern' : 'nothing-to-protect';
  }
  if (isBeforeGuard(elf)) return 'libc';
  if (needing === 0) return 'no-pattern';
  if (wideFrames === 0 && needing < thresholds.canaries.manyOfObject) return 'few-functions';
  return isCompiled(elf) ? 'unprotected' : 'maybe-assembly';
}

/** gcc's `-flto` leaves no code, only its own representation of it. */
function isForLinkTime({ sections }: Elf): boolean {
  return sections.some(({ name }) => name.startsWith('.gnu.lto_'));
}

/** What glibc and musl run before they have set the guard up. */
const startFunctions: ReadonlySet<string> = new Set([
  '_start',
  '__libc_start_main',
  '__libc_setup_tls',
  '__tls_init_tp',
  '__tunables_init',
  '__init_libc',
  '__init_tls',
  '__libc_check_standard_fds',
]);

/**
 * Start files, and glibc's own loader, which is in every static program: glibc builds it without canaries, since it
 * runs before there is a guard (elf/Makefile, elide-stack-protector). Names of that form are the C library's alone, and
 * it hides them from programs.
 */
function isBeforeGuard(elf: Elf): boolean {
  return elf.staticSymbols.some(
    (symbol) =>
      isDefinedFunction(symbol) &&
      (startFunctions.has(symbol.name) ||
        (symbol.visibility === STV.HIDDEN && symbol.name.startsWith('_dl_'))),
  );
}

function isDefinedFunction({ type, binding, sectionIndex }: ElfSymbol): boolean {
  const isFunction = type === STT.FUNC || type === STT.NOTYPE;
  return isFunction && binding !== STB.LOCAL && sectionIndex !== SHN.UNDEF;
}

/** Sections that compilers make unasked: of strings, of code by how often it runs, of exceptions. */
const compilersSections =
  /^(\.rodata(\.\S+)?\.str\d+\.\d+|\.text\.(unlikely|startup|exit|hot)\b.*|\.gcc_except_table\b.*)$/;

/**
 * Assembly has no canaries and needs none of a compiler's flags. Assemblers leave neither `.comment` nor a language;
 * Debian removes it from static libraries, in which the names of sections show it.
 */
function isCompiled(elf: Elf): boolean {
  return (
    language(elf).some(({ hardenedBy }) => hardenedBy === 'flags') ||
    elf.sections.some(({ name }) => compilersSections.test(name))
  );
}
