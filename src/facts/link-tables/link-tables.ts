import { DF, DF_1, DT, EM } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { VersionNeed } from '../../elf/records.ts';
import { appletNames } from './applet-names.ts';
import { functionTables } from './function-tables.ts';
import type { ImportList } from './import-list.ts';
import { type LibraryTraits, libraryTraits } from './library-traits.ts';
import { exportedNames, importedNames, indirectUses } from './linked-names.ts';
import { type LoaderTexts, loaderTexts } from './loader-texts.ts';
import { allLoaderWrites } from './loader-writes.ts';
import type { NameList } from './name-list.ts';
import { relocationUses } from './relocation-uses.ts';
import { isUnprotectable } from './relro-range.ts';

/** Everything that a dynamic loader reads of one file, and what else decides a start. Small enough to be cached and sent between threads. */
export interface LinkTables {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** e_machine. */
  readonly machine: number;
  /** e_type. */
  readonly type: number;
  /** Has PT_DYNAMIC, without which no loader takes it for a library. */
  readonly hasDynamic: boolean;
  readonly interpreter: string | null;
  readonly needed: readonly string[];
  readonly soname: string | null;
  readonly rpath: string | null;
  readonly runpath: string | null;
  /** DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW. */
  readonly bindNow: boolean;
  /** DF_1_NODEFLIB: default directories are not searched. */
  readonly noDefaultDirectories: boolean;
  readonly versionNeeds: readonly VersionNeed[];
  readonly versionDefinitions: readonly string[];
  /** Symbols that a relocation uses and that another file has to define. Weak ones may be missing and are not here. */
  readonly imports: ImportList;
  /** Names of global and weak definitions, `name` or `name@version`. */
  readonly exports: NameList;
  /** The same for those that are not the default version of their name: only imports of that version find them. */
  readonly oldExports: NameList;
  /** The same of STT_GNU_IFUNC definitions, which musl does not resolve. */
  readonly indirectExports: NameList;
  /** Functions by which a process takes hold of a library that it opens: `PyInit_name`, `pam_sm_authenticate`. */
  readonly entryPoints: readonly string[];
  /** Definitions of STV_HIDDEN and STV_INTERNAL, which glibc passes over and musl does not. */
  readonly hiddenExports: NameList;
  /** Definitions of this file that its own relocations use by name, and that musl passes over: STT_GNU_IFUNC and old ones. */
  readonly indirectUses: readonly string[];
  /** Has IRELATIVE relocations, which musl refuses. */
  readonly hasIndirectRelocations: boolean;
  /** DT_FILTER and DT_AUXILIARY, which glibc loads before the file's own needs; the latter may be missing. */
  readonly filtees: readonly Filtee[];
  readonly traits: LibraryTraits;
  /** Types of all relocations, each once, in order. R_*_NONE is not among them. */
  readonly relocationTypes: readonly number[];
  /** A type in DT_JMPREL that glibc refuses where it binds at the first call; null: none, or none that is known of the machine. */
  readonly typeOfNoSlot: number | null;
  /** What DT_RELR holds: `initialisers` when addresses of functions that run at start are among it. */
  readonly relative: 'nothing' | 'addresses' | 'initialisers';
  /** Relocations are for memory that is mapped without the right to write. */
  readonly writesReadOnly: boolean;
  /** PT_GNU_RELRO reaches where nothing is mapped: loaders end such a program. */
  readonly isUnprotectable: boolean;
  /** DT_TEXTREL: musl acts on this spelling only. */
  readonly hasTextRelocationTag: boolean;
  /** null for a file that is not a loader. */
  readonly loader: LoaderTexts | null;
  /** What a BusyBox can be called as; null for any other file, and where its table is not found. */
  readonly applets: readonly string[] | null;
}

export interface Filtee {
  readonly name: string;
  readonly mayBeMissing: boolean;
}

export function linkTables(elf: Elf): LinkTables {
  const { bits, byteOrder, machine } = elf.header;
  const flag = (tag: number, bit: number) => ((elf.dynamicValue(tag) ?? 0n) & BigInt(bit)) !== 0n;
  const uses = relocationUses(elf);
  const exports = exportedNames(elf, uses);
  return {
    bits,
    byteOrder,
    machine,
    type: elf.header.type,
    hasDynamic: elf.dynamic !== null,
    interpreter: elf.interpreter,
    needed: elf.dynamicStrings(DT.NEEDED),
    soname: elf.dynamicStrings(DT.SONAME).at(-1) ?? null,
    rpath: elf.dynamicStrings(DT.RPATH).at(-1) ?? null,
    runpath: elf.dynamicStrings(DT.RUNPATH).at(-1) ?? null,
    bindNow:
      elf.dynamicValue(DT.BIND_NOW) !== null ||
      flag(DT.FLAGS, DF.BIND_NOW) ||
      flag(DT.FLAGS_1, DF_1.NOW),
    noDefaultDirectories: flag(DT.FLAGS_1, DF_1.NODEFLIB),
    versionNeeds: elf.versionNeeds,
    versionDefinitions: elf.versionDefinitions,
    imports: importedNames(elf, uses),
    exports: exports.direct,
    oldExports: exports.old,
    entryPoints: exports.entryPoints,
    indirectExports: exports.indirect,
    hiddenExports: exports.hidden,
    indirectUses: indirectUses(elf, uses),
    hasIndirectRelocations: uses.indirect,
    filtees: [
      ...elf.dynamicStrings(DT.FILTER).map((name) => ({ name, mayBeMissing: false })),
      ...elf.dynamicStrings(DT.AUXILIARY).map((name) => ({ name, mayBeMissing: true })),
    ],
    traits: libraryTraits(elf),
    relocationTypes: [...uses.types].sort((a, b) => a - b),
    typeOfNoSlot: typeOfNoSlot(elf),
    relative: relativeAddresses(elf),
    writesReadOnly: allLoaderWrites(elf).inReadOnly.count > 0,
    isUnprotectable: isUnprotectable(elf),
    hasTextRelocationTag: elf.dynamicValue(DT.TEXTREL) !== null,
    loader: loaderTexts(elf),
    applets: appletNames(elf),
  };
}

function relativeAddresses(elf: Elf): LinkTables['relative'] {
  const arrays = functionTables(elf).filter(({ tag }) => tag !== 'FINI_ARRAY');
  let found: LinkTables['relative'] = 'nothing';
  elf.visitRelative((batch) => {
    for (let index = 0; index < batch.count && found !== 'initialisers'; index += 1) {
      found = 'addresses';
      // A bigint for each would cost more than all the rest.
      const place = batch.places[index] ?? 0;
      const isExact = place < Number.MAX_SAFE_INTEGER;
      if (isExact && !arrays.some(({ start, end }) => place >= start && place < end)) continue;
      const offset = batch.offset(index);
      if (arrays.some(({ start, end }) => offset >= start && offset < end)) found = 'initialisers';
    }
  });
  return found;
}

/** sysdeps/MACHINE/dl-machine.h of glibc, elf_machine_lazy_rel: JUMP_SLOT, TLSDESC and IRELATIVE. */
const slotTypes: ReadonlyMap<number, readonly number[]> = new Map([
  [EM.X86_64, [7, 36, 37]],
  [EM.I386, [7, 41, 42]],
  [EM.AARCH64, [1026, 1031, 1032]],
]);

/** The first type in DT_JMPREL that is not a type of slots; R_*_NONE, which linkers leave where they resolve nothing, counts as one. */
function typeOfNoSlot(elf: Elf): number | null {
  const known = slotTypes.get(elf.header.machine);
  if (known === undefined) return null;
  let found: number | null = null;
  elf.visitSlots(({ count, types }) => {
    if (found === null)
      found = types.subarray(0, count).find((type) => !known.includes(type)) ?? null;
  });
  return found;
}
