import { MalformedElf } from '../base/errors.ts';
import type { Evidence } from '../base/verdict.ts';
import { DF_1, DT, ET, SHN, STB } from '../elf/constants.ts';
import { fileTypeName } from '../elf/headers/names.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { bindingOf } from '../elf/symbols/symbol-table.ts';
import { factExtractor } from './fact-extractor.ts';
import { com32Evidence } from './file/com32.ts';
import { debugObjectEvidence, debugOnlyEvidence } from './file/debug-only.ts';
import {
  doomedProgram,
  type Freestanding,
  firmwareByMachine,
  firmwareObject,
  freestandingProgram,
} from './file/freestanding.ts';
import { grubEvidence } from './file/grub-code.ts';
import { kernelEvidence } from './file/kernel-evidence.ts';
import { systemOfLoader } from './libc/other-loaders.ts';

/** What a file is for. Decided before anything else is judged. */
export type BinaryKind =
  | 'executable'
  | 'static-executable'
  | 'static-pie'
  | 'shared-library'
  | 'executable-library'
  | 'loader'
  | 'object'
  | 'kernel-module'
  | 'kernel'
  | 'firmware'
  | 'boot-code'
  /** A text that says how a kernel was built; no ELF file is one. */
  | 'kernel-config'
  | 'core'
  | 'debug-only';

export interface Kind {
  readonly kind: BinaryKind;
  readonly evidence: readonly Evidence[];
  /** Why the file may be a program of another kind: rules that do not apply to this one are then undecided. Absent mostly. */
  readonly doubt?: string;
}

/** By headers and dynamic tags alone: a file's name proves nothing, and section headers may be forged. */
export default factExtractor('headers', (elf): Kind => {
  const { type } = elf.header;
  if (type === ET.REL) return relocatable(elf);
  if (type === ET.CORE) return kindOf('core', typeIs('ET_CORE'));
  if (type !== ET.EXEC && type !== ET.DYN) {
    throw new MalformedElf(
      `e_type is 0x${type.toString(16)} at 0x10, expected ET_REL, ET_EXEC, ET_DYN or ET_CORE`,
    );
  }
  const debugOnly = debugOnlyEvidence(elf);
  if (debugOnly !== null) return kindOf('debug-only', debugOnly, nothingAtEntry(elf));
  const kernel = kernelEvidence(elf);
  if (kernel !== null)
    return kindOf('kernel', typeIs(type === ET.EXEC ? 'ET_EXEC' : 'ET_DYN'), kernel);
  const firmware = firmwareByMachine(elf);
  if (firmware !== null) return withType(elf, firmware);
  const module = type === ET.DYN ? com32Evidence(elf) : null;
  if (module !== null) return kindOf('boot-code', typeIs('ET_DYN'), ...module);
  const program = type === ET.EXEC ? fixedAddress(elf) : movable(elf);
  const boot = program.kind === 'executable' ? bootCodeWithLoader(elf) : null;
  if (boot !== null) return withType(elf, boot);
  if (program.kind !== 'static-executable' && program.kind !== 'static-pie') return program;
  // A loader of a C library calls Linux where it is not seen too, whatever a flag makes of its kind.
  if (isLoader(elf)) return program;
  const freestanding = freestandingProgram(elf);
  return freestanding === null ? program : withType(elf, freestanding);
});

/**
 * Linkers name a loader in position-independent boot code too. It has nothing to do there but to jump to the entry point: no library is
 * needed, nothing runs before, and it is not a library: it offers nothing, or has the flag of programs, with which glibc loads none as a library.
 */
function bootCodeWithLoader(elf: Elf): Freestanding | null {
  const { interpreter } = elf;
  if (interpreter === null || systemOfLoader(interpreter) !== 'Linux') return null;
  return optional(() => isStartedAlone(elf)) === true ? doomedProgram(elf) : null;
}

/** Throws MalformedElf where that cannot be read. */
function isStartedAlone(elf: Elf): boolean {
  const runsBefore = [DT.INIT, DT.INIT_ARRAY, DT.PREINIT_ARRAY];
  if (!needsNothing(elf) || runsBefore.some((tag) => elf.dynamicValue(tag) !== null)) return false;
  return !takesSymbols(elf) && (hasPieFlag(elf) || !offersAnything(elf));
}

function withType({ header: { type } }: Elf, { evidence, ...found }: Freestanding): Kind {
  return { ...found, evidence: [typeIs(fileTypeName(type)), ...evidence] };
}

function relocatable(elf: Elf): Kind {
  const module = elf.sections.find(
    ({ name }) => name === '.modinfo' || name === '.gnu.linkonce.this_module',
  );
  const debug = module === undefined ? debugObjectEvidence(elf) : null;
  if (debug !== null) return kindOf('debug-only', typeIs('ET_REL'), debug);
  if (module === undefined) return unlinked(elf);
  return kindOf('kernel-module', typeIs('ET_REL'), { what: 'section', saw: module.name });
}

function unlinked(elf: Elf): Kind {
  const grub = grubEvidence(elf);
  if (grub !== null) return kindOf('boot-code', typeIs('ET_REL'), grub);
  const firmware = firmwareByMachine(elf) ?? firmwareObject(elf);
  return firmware === null ? kindOf('object', typeIs('ET_REL')) : withType(elf, firmware);
}

function fixedAddress(elf: Elf): Kind {
  if (elf.interpreter !== null) return kindOf('executable', typeIs('ET_EXEC'), interpreterIs(elf));
  if (!needsNothing(elf)) {
    const needed = nameOf(elf, DT.NEEDED) ?? 'not readable';
    return kindOf('executable', typeIs('ET_EXEC'), { what: 'DT_NEEDED', saw: needed });
  }
  return kindOf('static-executable', typeIs('ET_EXEC'), interpreterIs(elf));
}

/**
 * ET_DYN is a program, a library, or both. A library is one by what others can take from it: a DT_SONAME alone changes
 * nothing about how a file is started. An entry point proves nothing: old linkers give libraries the start of .text.
 */
function movable(elf: Elf): Kind {
  const pieFlag = hasPieFlag(elf);
  const soname = nameOf(elf, DT.SONAME);
  const evidence = [typeIs('ET_DYN'), interpreterIs(elf), sonameIs(soname)];
  if (pieFlag) {
    return kindOf(programKind(elf), ...evidence, { what: 'DT_FLAGS_1', saw: 'PIE' });
  }
  if (elf.interpreter !== null) {
    const isLibrary = soname !== undefined && !isLinkedAsProgram(elf) && offersAnything(elf);
    return kindOf(isLibrary ? 'executable-library' : 'executable', ...evidence);
  }
  const entry = { what: 'e_entry', saw: `0x${elf.header.entry.toString(16)}`, offset: 0x18n };
  // Without PT_DYNAMIC nothing could load a library.
  if (elf.header.entry === 0n && elf.dynamic !== null)
    return kindOf('shared-library', ...evidence, entry);
  if (isLinkedAsProgram(elf)) return kindOf(programKind(elf), ...evidence, entry);
  if (isLoader(elf)) return kindOf('loader', ...evidence, entry);
  // Linux would start it, and it has no other use.
  const starts = elf.fileOffset(elf.header.entry, 1) !== null && needsNothing(elf);
  if (starts && !offersAnything(elf)) return kindOf('static-pie', ...evidence, entry);
  return kindOf('shared-library', ...evidence);
}

/** Where a segment lies over the program headers, the kernel starts the file anyway, and no loader finds the flag. */
function hasPieFlag(elf: Elf): boolean {
  const read = () => elf.dynamicValue(DT.FLAGS_1);
  const isHidden = elf.interpreter !== null && elf.loaderSegments !== elf.segments;
  const flags = isHidden ? optional(read) : read();
  return ((flags ?? 0n) & BigInt(DF_1.PIE)) !== 0n;
}

/**
 * What needs libraries or symbols of others is static in no case: `ld.so FILE` loads them for a file that names no loader, and musl
 * loads a library whatever DF_1_PIE says of it.
 */
function programKind(elf: Elf): BinaryKind {
  const isStatic = elf.interpreter === null && needsNothing(elf) && !takesSymbols(elf);
  return isStatic ? 'static-pie' : 'executable';
}

/**
 * Linkers write DT_DEBUG (MIPS: DT_MIPS_RLD_MAP) into programs only, for debuggers to find the link map in. Without
 * PT_DYNAMIC nothing could load a library.
 */
function isLinkedAsProgram(elf: Elf): boolean {
  if (elf.dynamic === null) return true;
  return [DT.DEBUG, DT.MIPS_RLD_MAP, DT.MIPS_RLD_MAP_REL].some(
    (tag) => elf.dynamicValue(tag) !== null,
  );
}

/**
 * What a dynamic loader defines for debuggers, start files and its libc, whatever it is called: glibc; musl and uClibc;
 * bionic; FreeBSD.
 */
const loaderSymbols = new Set([
  '_rtld_global',
  '_dl_debug_addr',
  'rtld_db_dlactivity',
  'r_debug_state',
]);

function isLoader(elf: Elf): boolean {
  return needsNothing(elf) && isDefined(elf, (name) => loaderSymbols.has(name));
}

/** Linkers define these in every file. */
const ofLinkers =
  /^(_init|_fini|_?_?edata|_end|__end__|_?_?bss_(start|end)(__)?|_bss_end__|__data_start)$/;

function offersAnything(elf: Elf): boolean {
  return isDefined(elf, (name) => name !== '' && !ofLinkers.test(name));
}

/** Symbols that cannot be read show nothing. */
function isDefined(elf: Elf, isWanted: (name: string) => boolean): boolean {
  const table = optional(() => elf.dynamicSymbolTable);
  if (table === null) return false;
  const { length, sections } = table;
  for (let index = 1; index < length; index += 1) {
    const section = sections[index];
    if (section === SHN.UNDEF || section === SHN.ABS) continue;
    if (bindingOf(table, index) !== STB.LOCAL && isWanted(table.name(index))) return true;
  }
  return false;
}

/** Symbols that have to be defined by another file. Those of a static program are weak, if there are any. */
function takesSymbols(elf: Elf): boolean {
  const table = optional(() => elf.dynamicSymbolTable);
  if (table === null) return false;
  for (let index = 1; index < table.length; index += 1) {
    const isMissing = table.sections[index] === SHN.UNDEF && bindingOf(table, index) === STB.GLOBAL;
    if (isMissing && table.name(index) !== '') return true;
  }
  return false;
}

function needsNothing(elf: Elf): boolean {
  return elf.dynamicValue(DT.NEEDED) === null;
}

/** The last of a tag, as loaders take it; undefined where there is none, or none that can be read. */
function nameOf(elf: Elf, tag: number): string | undefined {
  return optional(() => elf.dynamicStrings(tag).at(-1) ?? null) ?? undefined;
}

function kindOf(kind: BinaryKind, ...evidence: Evidence[]): Kind {
  return { kind, evidence };
}

function nothingAtEntry({ header }: Elf): Evidence {
  const saw = `0x${header.entry.toString(16)}, where no code of the file is`;
  return { what: 'e_entry', saw, offset: 0x18n };
}

function typeIs(saw: string): Evidence {
  return { what: 'e_type', saw, offset: 0x10n };
}

function interpreterIs(elf: Elf): Evidence {
  return { what: 'PT_INTERP', saw: elf.interpreter ?? 'none' };
}

function sonameIs(soname: string | undefined): Evidence {
  return { what: 'DT_SONAME', saw: soname ?? 'none' };
}
