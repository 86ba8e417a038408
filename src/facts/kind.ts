import { DF_1, DT, ET } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { MalformedElf } from '../errors.ts';
import type { Evidence } from '../verdict.ts';
import { debugObjectEvidence, debugOnlyEvidence } from './debug-only.ts';
import { factExtractor } from './fact-extractor.ts';
import { kernelEvidence } from './kernel-evidence.ts';

/** What an ELF file is for. Decided before anything else is judged. */
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
  | 'core'
  | 'debug-only';

export interface Kind {
  readonly kind: BinaryKind;
  readonly evidence: readonly Evidence[];
}

/** By headers and dynamic tags alone: a file's name proves nothing, and section headers may be forged. */
export default factExtractor('tables', (elf): Kind => {
  const { type } = elf.header;
  if (type === ET.REL) return relocatable(elf);
  if (type === ET.CORE) return kindOf('core', typeIs('ET_CORE'));
  if (type !== ET.EXEC && type !== ET.DYN) {
    throw new MalformedElf(
      `e_type is 0x${type.toString(16)} at 0x10, expected ET_REL, ET_EXEC, ET_DYN or ET_CORE`,
    );
  }
  const debugOnly = debugOnlyEvidence(elf);
  if (debugOnly !== null) return kindOf('debug-only', debugOnly);
  const kernel = kernelEvidence(elf);
  if (kernel !== null)
    return kindOf('kernel', typeIs(type === ET.EXEC ? 'ET_EXEC' : 'ET_DYN'), kernel);
  return type === ET.EXEC ? fixedAddress(elf) : movable(elf);
});

function relocatable(elf: Elf): Kind {
  const module = elf.sections.find(
    ({ name }) => name === '.modinfo' || name === '.gnu.linkonce.this_module',
  );
  const debug = module === undefined ? debugObjectEvidence(elf) : null;
  if (debug !== null) return kindOf('debug-only', typeIs('ET_REL'), debug);
  if (module === undefined) return kindOf('object', typeIs('ET_REL'));
  return kindOf('kernel-module', typeIs('ET_REL'), { what: 'section', saw: module.name });
}

function fixedAddress(elf: Elf): Kind {
  if (elf.interpreter !== null) return kindOf('executable', typeIs('ET_EXEC'), interpreterIs(elf));
  const [needed] = elf.dynamicStrings(DT.NEEDED);
  if (needed !== undefined) {
    return kindOf('executable', typeIs('ET_EXEC'), { what: 'DT_NEEDED', saw: needed });
  }
  return kindOf('static-executable', typeIs('ET_EXEC'), interpreterIs(elf));
}

/** ET_DYN is a program, a library, or both; each test rests on what only one kind of link writes. */
function movable(elf: Elf): Kind {
  const pieFlag = ((elf.dynamicValue(DT.FLAGS_1) ?? 0n) & BigInt(DF_1.PIE)) !== 0n;
  const [soname] = elf.dynamicStrings(DT.SONAME);
  const evidence = [typeIs('ET_DYN'), interpreterIs(elf), sonameIs(soname)];
  if (pieFlag) {
    const kind = elf.interpreter === null ? 'static-pie' : 'executable';
    return kindOf(kind, ...evidence, { what: 'DT_FLAGS_1', saw: 'PIE' });
  }
  if (elf.interpreter !== null) {
    return kindOf(soname === undefined ? 'executable' : 'executable-library', ...evidence);
  }
  const entry = { what: 'e_entry', saw: `0x${elf.header.entry.toString(16)}`, offset: 0x18n };
  if (elf.header.entry === 0n) return kindOf('shared-library', ...evidence, entry);
  if (isLoader(elf, soname)) return kindOf('loader', ...evidence, entry);
  if (soname === undefined && isLinkedAsProgram(elf))
    return kindOf('static-pie', ...evidence, entry);
  return kindOf('shared-library', ...evidence);
}

/**
 * Linkers write DT_DEBUG (MIPS: DT_MIPS_RLD_MAP) into programs only, for debuggers to find the link map in. An entry
 * point proves nothing: old linkers give libraries the start of .text. Without PT_DYNAMIC nothing could load a library.
 */
function isLinkedAsProgram(elf: Elf): boolean {
  if (elf.dynamic === null) return true;
  return [DT.DEBUG, DT.MIPS_RLD_MAP, DT.MIPS_RLD_MAP_REL].some(
    (tag) => elf.dynamicValue(tag) !== null,
  );
}

/** Alpine's loader is musl itself (`libc.musl-x86_64.so.1`); musl built from its own makefile has no SONAME at all. */
const loaderNames =
  /^(ld-linux|ld-musl|ld64\.so|ld\.so|libc\.musl-|ld-uClibc|ld-elf\.so|ld-android|linker)/;

/** Names for debuggers and for start files that a dynamic loader exports: glibc, musl. */
const loaderSymbols = new Set(['_rtld_global', '_dl_debug_addr']);

function isLoader(elf: Elf, soname: string | undefined): boolean {
  if (soname !== undefined) return loaderNames.test(soname);
  if (elf.dynamic === null || elf.dynamicStrings(DT.NEEDED).length > 0) return false;
  return elf.dynamicSymbols.some(
    ({ name, sectionIndex }) => sectionIndex !== 0 && loaderSymbols.has(name),
  );
}

function kindOf(kind: BinaryKind, ...evidence: Evidence[]): Kind {
  return { kind, evidence };
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
