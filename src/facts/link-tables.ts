// supporting: what linking needs of a file is no fact of its own; it is kept beside the facts in an Extraction.
import { DF, DF_1, DT, EM, STB, STT } from '../elf/constants.ts';
import type { Elf, ElfSymbol, VersionNeed } from '../elf/model.ts';
import { relocationTypes } from '../elf/relocation-types.ts';

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

export function linkTables(elf: Elf): LinkTables {
  const { bits, byteOrder, machine } = elf.header;
  const flag = (tag: number, bit: number) => ((elf.dynamicValue(tag) ?? 0n) & BigInt(bit)) !== 0n;
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
      flag(DT.FLAGS, DF.BIND_NOW) ||
      flag(DT.FLAGS_1, DF_1.NOW),
    noDefaultDirectories: flag(DT.FLAGS_1, DF_1.NODEFLIB),
    versionNeeds: elf.versionNeeds,
    versionDefinitions: elf.versionDefinitions,
    imports: importsOf(elf),
    exports: exports.direct,
    indirectExports: exports.indirect,
  };
}

function importsOf(elf: Elf): Import[] {
  const wanted = (symbol: ElfSymbol) =>
    symbol.sectionIndex === 0 && symbol.binding !== STB.WEAK && symbol.name !== '';
  const undefinedSymbols = elf.dynamicSymbols.filter(wanted);
  if (elf.header.machine === EM.MIPS) return undefinedSymbols.map(mipsImport);
  const callsOnly = relocatedSymbols(elf);
  return undefinedSymbols
    .filter((symbol) => callsOnly.has(symbol.index))
    .map((symbol) => ({ name: symbol.name, callsOnly: callsOnly.get(symbol.index) ?? false }));
}

/** MIPS binds the global part of its GOT without relocations; a function with a value has a lazy stub there. */
function mipsImport(symbol: ElfSymbol): Import {
  return { name: symbol.name, callsOnly: symbol.type === STT.FUNC && symbol.value !== 0n };
}

/** Symbols named by a relocation, and whether all of those are JUMP_SLOT. */
function relocatedSymbols(elf: Elf): ReadonlyMap<number, boolean> {
  const jumpSlot = relocationTypes(elf.header.machine)?.jumpSlot;
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
