// supporting: what linking needs of a file is no fact of its own; it is kept beside the facts in an Extraction.
import { DF, DF_1, DT, EM, STB, STT, STV } from '../elf/constants.ts';
import type { Elf, ElfSymbol, VersionNeed } from '../elf/model.ts';
import { relocationTypes } from '../elf/relocation-types.ts';
import { entryPointsAmong } from './entry-points.ts';
import { type Import, type ImportList, importList } from './import-list.ts';
import { type LibraryTraits, libraryTraits } from './library-traits.ts';
import { type LoaderTexts, loaderTexts } from './loader-texts.ts';
import { allLoaderWrites } from './loader-writes.ts';
import { type NameList, nameList } from './name-list.ts';
import { typeOfNoSlot } from './slot-types.ts';
import { demandExports } from './symbol-names.ts';

/** Everything that a dynamic loader reads of one file, small enough to be cached and sent between threads. */
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
  /** The same of those that are not the default version of their name: found by those alone who ask for the version. */
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
  /** DT_TEXTREL: musl acts on this spelling only. */
  readonly hasTextRelocationTag: boolean;
  /** null for a file that is no loader. */
  readonly loader: LoaderTexts | null;
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
    imports: importList(importsOf(elf, uses)),
    exports: exports.direct,
    oldExports: exports.old,
    entryPoints: exports.entryPoints,
    indirectExports: exports.indirect,
    hiddenExports: exports.hidden,
    indirectUses: elf.dynamicSymbols
      .filter((symbol) => uses.symbols.has(symbol.index) && isPassedOver(symbol))
      .map(({ name }) => name),
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
    hasTextRelocationTag: elf.dynamicValue(DT.TEXTREL) !== null,
    loader: loaderTexts(elf),
  };
}

function importsOf(elf: Elf, { symbols, copies }: RelocationUses): Import[] {
  const isMips = elf.header.machine === EM.MIPS;
  const imports: Import[] = [];
  for (const symbol of elf.dynamicSymbols) {
    const { name, index } = symbol;
    const isCopy = copies.has(index);
    const isImport = symbol.sectionIndex === 0 && symbol.binding === STB.GLOBAL;
    if (name === '' || (!isCopy && !isImport)) continue;
    const use = isCopy ? 'other' : isMips ? mipsUse(symbol) : symbols.get(index);
    if (use === undefined) continue;
    const [callsOnly, slotsOnly] = [use === 'call', use !== 'other'];
    imports.push({ name, version: symbol.version?.name ?? null, callsOnly, slotsOnly, isCopy });
  }
  return imports;
}

/** MIPS binds the global part of its GOT without relocations; a function with a value has a lazy stub there. */
function mipsUse(symbol: ElfSymbol): Use {
  return symbol.type === STT.FUNC && symbol.value !== 0n ? 'call' : 'other';
}

/** How relocations use a symbol: JUMP_SLOT alone, GLOB_DAT too, or in any other way. */
type Use = 'call' | 'slot' | 'other';

const strictness = { call: 0, slot: 1, other: 2 } as const;

interface RelocationUses {
  /** Symbols named by a relocation. */
  readonly symbols: ReadonlyMap<number, Use>;
  readonly copies: ReadonlySet<number>;
  readonly indirect: boolean;
  readonly types: ReadonlySet<number>;
}

function relocationUses(elf: Elf): RelocationUses {
  const types = relocationTypes(elf.header.machine);
  const symbols = new Map<number, Use>();
  const copies = new Set<number>();
  const used = new Set<number>();
  let indirect = false;
  let last = 0;
  elf.visitRelocations(({ symbol, type }) => {
    // Those of one type follow each other.
    if (type !== last && type !== 0) used.add(type);
    last = type;
    if (type === types?.irelative) indirect = true;
    if (symbol === 0) return;
    const use = type === types?.jumpSlot ? 'call' : type === types?.globDat ? 'slot' : 'other';
    const before = symbols.get(symbol);
    if (before === undefined || strictness[use] > strictness[before]) symbols.set(symbol, use);
    if (type === types?.copy) copies.add(symbol);
  });
  return { symbols, copies, indirect, types: used };
}

function exportedNames(elf: Elf, { copies }: RelocationUses) {
  demandExports(elf);
  const lists = { direct: [], old: [], indirect: [], hidden: [] } as Record<
    'direct' | 'old' | 'indirect' | 'hidden',
    string[]
  >;
  const names: string[] = [];
  for (const symbol of elf.dynamicSymbols) {
    if (!isDefined(symbol) || copies.has(symbol.index)) continue;
    names.push(symbol.name);
    const { version } = symbol;
    const name = version === null ? symbol.name : `${symbol.name}@${version.name}`;
    lists[listOf(symbol, version)].push(name);
  }
  const { direct, old, indirect, hidden } = lists;
  return {
    direct: nameList(direct),
    old: nameList(old),
    indirect: nameList(indirect),
    hidden: nameList(hidden),
    entryPoints: entryPointsAmong(names),
  };
}

function listOf(
  symbol: ElfSymbol,
  version: ElfSymbol['version'],
): 'direct' | 'old' | 'indirect' | 'hidden' {
  if (isIndirect(symbol)) return 'indirect';
  if (isHidden(symbol)) return 'hidden';
  return version?.isHidden ? 'old' : 'direct';
}

/** The gABI's arrays of functions that a loader calls. */
const initialiserArrays = [
  [DT.PREINIT_ARRAY, DT.PREINIT_ARRAYSZ],
  [DT.INIT_ARRAY, DT.INIT_ARRAYSZ],
] as const;

function relativeAddresses(elf: Elf): LinkTables['relative'] {
  const arrays = initialiserArrays.flatMap(([start, size]) => {
    const from = elf.dynamicValue(start);
    const length = elf.dynamicValue(size);
    return from === null || length === null ? [] : [{ from, to: from + length }];
  });
  let found: LinkTables['relative'] = 'nothing';
  elf.visitRelative((relocation) => {
    if (found === 'initialisers') return;
    found = 'addresses';
    // A bigint for each would cost more than all the rest.
    const { place } = relocation;
    const isExact = place < Number.MAX_SAFE_INTEGER;
    if (isExact && !arrays.some(({ from, to }) => place >= from && place < to)) return;
    const { offset } = relocation;
    if (arrays.some(({ from, to }) => offset >= from && offset < to)) found = 'initialisers';
  });
  return found;
}

const SHN_ABS = 0xfff1;

/** Both loaders pass over a symbol without a value (glibc: do_lookup_x, musl: find_sym2). */
function isDefined(symbol: ElfSymbol): boolean {
  const { name, sectionIndex } = symbol;
  if (sectionIndex === 0 || symbol.binding === STB.LOCAL || name === '') return false;
  return symbol.hasValue || symbol.type === STT.TLS || sectionIndex === SHN_ABS;
}

function isPassedOver(symbol: ElfSymbol): boolean {
  return isIndirect(symbol) || (isDefined(symbol) && symbol.version?.isHidden === true);
}

function isIndirect(symbol: ElfSymbol): boolean {
  return symbol.type === STT.GNU_IFUNC && isDefined(symbol);
}

/** dl_symbol_visibility_binds_local_p. */
function isHidden({ visibility }: ElfSymbol): boolean {
  return visibility === STV.HIDDEN || visibility === STV.INTERNAL;
}
