import type { Evidence } from '../../base/verdict.ts';
import { DT, EM, PT, SHN, STB } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import { bindingOf } from '../../elf/symbols/symbol-table.ts';
import { relocationUses, USE } from '../link-tables/relocation-uses.ts';
import { dynamicNames } from '../search/dynamic-names.ts';

/**
 * Modules of Syslinux (`.c32`) are linked as shared libraries, and its own loader loads them before there is a system
 * (com32/lib/sys/module of its source). Nothing but a need shows them: glibc loads `cpuid.c32`, which needs no library, as any other.
 */
const libraries: ReadonlySet<string> = new Set([
  'ldlinux.c32',
  'libcom32.c32',
  'libgpl.c32',
  'liblua.c32',
  'libmenu.c32',
  'libutil.c32',
]);

/** Data of Syslinux's core, which is not an ELF file. Every loader looks for data when it loads a library. */
export const dataOfCore: ReadonlySet<string> = new Set([
  'KernelName',
  'SysAppends',
  '__ctypes',
  '__ms_timer',
  '__syslinux_shuffler_size',
  'dev_ansicon_w',
  'dev_null_r',
  'dev_rawcon_r',
  'dev_stdcon_r',
  'dev_stdcon_w',
]);

const offered = dynamicNames([...dataOfCore]);

/** Data of Syslinux's core that the file offers to others. [] where its symbols cannot be read. */
export function dataOfCoreIn(elf: Elf): readonly string[] {
  return optional(() => offered.definedIn(elf)) ?? [];
}

/** What its linker script defines in each (com32/lib/i386/elf.ld): its loader runs what is between them. */
const bounds = ['__ctors_start', '__ctors_end', '__dtors_start', '__dtors_end'];

/** What its loader reads, and its name. A library of Linux that does anything has more: initialisers, versions, flags. */
const tags: ReadonlySet<number> = new Set([
  DT.NEEDED,
  DT.SONAME,
  DT.GNU_HASH,
  DT.STRTAB,
  DT.STRSZ,
  DT.SYMTAB,
  DT.SYMENT,
  DT.PLTGOT,
  DT.PLTREL,
  DT.PLTRELSZ,
  DT.JMPREL,
  ...[DT.REL, DT.RELSZ, DT.RELENT, DT.RELCOUNT],
  ...[DT.RELA, DT.RELASZ, DT.RELAENT, DT.RELACOUNT],
]);

const segments: ReadonlySet<number> = new Set([PT.LOAD, PT.DYNAMIC, PT.GNU_STACK]);

/**
 * A module that no process loads without a file or a symbol that only Syslinux has: all of its needs, or data that it imports.
 * null for every other file. What supplies them for a process could be in the same root: `bootCodeHere` looks for it.
 */
export function com32Evidence(elf: Elf): readonly Evidence[] | null {
  const { machine } = elf.header;
  if (machine !== EM.I386 && machine !== EM.X86_64) return null;
  if (elf.segments.some(({ type }) => !segments.has(type))) return null;
  const dynamic = optional(() => elf.dynamic);
  if (dynamic === null || dynamic.some(({ tag }) => tag !== 0 && !tags.has(tag))) return null;
  const needed = optional(() => elf.dynamicStrings(DT.NEEDED));
  if (needed === null || needed.some((name) => !libraries.has(name))) return null;
  const data = optional(() => symbolsShow(elf));
  if (data === null || (needed.length === 0 && data.length === 0)) return null;
  return [
    ...needed.map((saw) => ({ what: 'DT_NEEDED', saw })),
    ...data.map((saw) => ({ what: importedData, saw })),
    { what: 'symbol', saw: '__ctors_start' },
  ];
}

/** What an evidence is about that names one of `dataOfCore`. */
export const importedData = 'imported data of Syslinux';

/** Names of `dataOfCore` that the file imports as data; null where it is not linked by the script of Syslinux. */
function symbolsShow(elf: Elf): readonly string[] | null {
  const table = elf.dynamicSymbolTable;
  const uses = relocationUses(elf).symbols;
  const missing = new Set(bounds);
  const data: string[] = [];
  for (let index = 1; index < table.length; index += 1) {
    const name = table.name(index);
    if (table.sections[index] !== SHN.UNDEF) missing.delete(name);
    else if (bindingOf(table, index) === STB.GLOBAL && dataOfCore.has(name)) {
      const use = uses[index] ?? USE.none;
      if (use === USE.slot || use === USE.other) data.push(name);
    }
  }
  return missing.size === 0 ? data : null;
}
