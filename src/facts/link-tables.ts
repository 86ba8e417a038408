// supporting: what linking needs of a file is no fact of its own; it is kept beside the facts in an Extraction.
import { DT, machineRelocations, STB, STT } from '../elf/constants.ts';
import type { Elf, ElfSymbol, VersionNeed } from '../elf/model.ts';

/** Everything that a dynamic loader reads of one file, small enough to be cached and sent between threads. */
export interface LinkTables {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** e_machine. */
  readonly machine: number;
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
  /** Undefined symbols that a relocation uses and that are not weak: someone has to define them. */
  readonly imports: readonly Import[];
  /** Names of global and weak definitions, each followed by NUL. */
  readonly exports: string;
  /** The same of STT_GNU_IFUNC definitions, which musl does not resolve. */
  readonly indirectExports: string;
}

export interface Import {
  readonly name: string;
  /** Only function calls use it (JUMP_SLOT), so a lazy loader looks for it at the first call. */
  readonly callsOnly: boolean;
}

const DF_BIND_NOW = 0x8n;
const DF_1_NOW = 0x1n;
const DF_1_NODEFLIB = 0x800n;

export function linkTables(elf: Elf): LinkTables {
  const { bits, byteOrder, machine } = elf.header;
  const flags1 = elf.dynamicValue(DT.FLAGS_1) ?? 0n;
  const flags = elf.dynamicValue(DT.FLAGS) ?? 0n;
  const exports = exportedNames(elf);
  return {
    bits,
    byteOrder,
    machine,
    interpreter: elf.interpreter,
    needed: elf.dynamicStrings(DT.NEEDED),
    soname: elf.dynamicStrings(DT.SONAME)[0] ?? null,
    rpath: elf.dynamicStrings(DT.RPATH)[0] ?? null,
    runpath: elf.dynamicStrings(DT.RUNPATH)[0] ?? null,
    bindNow:
      elf.dynamicValue(DT.BIND_NOW) !== null ||
      (flags & DF_BIND_NOW) !== 0n ||
      (flags1 & DF_1_NOW) !== 0n,
    noDefaultDirectories: (flags1 & DF_1_NODEFLIB) !== 0n,
    versionNeeds: elf.versionNeeds,
    versionDefinitions: elf.versionDefinitions,
    imports: importsOf(elf),
    exports: exports.direct,
    indirectExports: exports.indirect,
  };
}

function importsOf(elf: Elf): Import[] {
  const callsOnly = relocatedSymbols(elf);
  const wanted = (symbol: ElfSymbol) =>
    symbol.sectionIndex === 0 && symbol.binding !== STB.WEAK && symbol.name !== '';
  return elf.dynamicSymbols
    .filter((symbol) => wanted(symbol) && callsOnly.has(symbol.index))
    .map((symbol) => ({ name: symbol.name, callsOnly: callsOnly.get(symbol.index) ?? false }));
}

/** Symbols named by a relocation, and whether all of those are JUMP_SLOT. */
function relocatedSymbols(elf: Elf): ReadonlyMap<number, boolean> {
  const jumpSlot = machineRelocations(elf.header.machine)?.jumpSlot ?? -1;
  const found = new Map<number, boolean>();
  elf.visitRelocations(({ symbol, type }) => {
    if (symbol === 0) return;
    found.set(symbol, type === jumpSlot && (found.get(symbol) ?? true));
  });
  return found;
}

function exportedNames(elf: Elf): { direct: string; indirect: string } {
  const direct: string[] = [];
  const indirect: string[] = [];
  for (const symbol of elf.dynamicSymbols) {
    const defined = symbol.sectionIndex !== 0 && symbol.binding !== STB.LOCAL && symbol.name !== '';
    if (!defined) continue;
    (symbol.type === STT.GNU_IFUNC ? indirect : direct).push(symbol.name, '\0');
  }
  return { direct: direct.join(''), indirect: indirect.join('') };
}
