import { encodeName } from '../../base/text.ts';
import { EM, SHN, STB, STT, STV } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { SymbolVersion } from '../../elf/records.ts';
import { bindingOf, type SymbolTable, typeOf } from '../../elf/symbols/symbol-table.ts';
import { demandExports } from '../search/symbol-names.ts';
import { type ImportList, ImportListWriter } from './import-list.ts';
import { type NameList, NameListWriter } from './name-list.ts';
import { EntryPoints, mayBeEntryPoint } from './plugin-functions.ts';
import { type RelocationUses, USE } from './relocation-uses.ts';

export function importedNames(elf: Elf, { symbols: uses, copies }: RelocationUses): ImportList {
  const isMips = elf.header.machine === EM.MIPS;
  const table = elf.dynamicSymbolTable;
  const imports = new ImportListWriter();
  for (let index = 1; index < table.length; index += 1) {
    const isCopy = copies[index] === 1;
    const isImport = table.sections[index] === SHN.UNDEF && bindingOf(table, index) === STB.GLOBAL;
    if (isUnnamed(table, index) || (!isCopy && !isImport)) continue;
    const use = isCopy ? USE.other : isMips ? mipsUse(table, index) : uses[index];
    if (use === USE.none) continue;
    const version = table.version(index)?.name ?? null;
    const [callsOnly, slotsOnly] = [use === USE.call, use !== USE.other];
    imports.add(table, index, { version, callsOnly, slotsOnly, isCopy });
  }
  return imports.list();
}

/** MIPS binds the global part of its GOT without relocations; a function with a value has a lazy stub there. */
function mipsUse(table: SymbolTable, index: number): number {
  const isStub = typeOf(table, index) === STT.FUNC && table.valued[index] === 1;
  return isStub ? USE.call : USE.other;
}

export interface ExportedNames {
  readonly direct: NameList;
  readonly old: NameList;
  readonly indirect: NameList;
  readonly hidden: NameList;
  readonly entryPoints: readonly string[];
}

export function exportedNames(elf: Elf, { copies }: RelocationUses): ExportedNames {
  demandExports(elf);
  const table = elf.dynamicSymbolTable;
  const writer = () => new NameListWriter();
  const lists = { direct: writer(), old: writer(), indirect: writer(), hidden: writer() };
  const entryPoints = new EntryPoints();
  const { length, sections, nameBytes, nameStarts, nameEnds } = table;
  let last: SymbolVersion | null = null;
  let versionText: Buffer = unversioned;
  for (let index = 1; index < length; index += 1) {
    if (sections[index] === SHN.UNDEF || copies[index] === 1 || !isDefined(table, index)) continue;
    const start = nameStarts[index] ?? 0;
    if (mayBeEntryPoint(table, index)) entryPoints.consider(table.name(index));
    const version = table.version(index);
    // Neighbours have the same one.
    if (version !== last) {
      last = version;
      versionText = version === null ? unversioned : encodeName(`@${version.name}`);
    }
    const list = lists[listOf(table, index, version)];
    list.write(nameBytes, start, nameEnds[index] ?? 0);
    list.write(versionText, 0, versionText.length);
    list.writeByte(0);
  }
  const { direct, old, indirect, hidden } = lists;
  return {
    direct: direct.list(),
    old: old.list(),
    indirect: indirect.list(),
    hidden: hidden.list(),
    entryPoints: entryPoints.found,
  };
}

const unversioned = Buffer.alloc(0);

/** Definitions of the file that its own relocations use, and that musl passes over. */
export function indirectUses(elf: Elf, { symbols: uses }: RelocationUses): readonly string[] {
  const table = elf.dynamicSymbolTable;
  const names: string[] = [];
  for (let index = 1; index < table.length; index += 1) {
    if (uses[index] !== USE.none && isPassedOver(table, index)) names.push(table.name(index));
  }
  return names;
}

function listOf(
  table: SymbolTable,
  index: number,
  version: SymbolVersion | null,
): 'direct' | 'old' | 'indirect' | 'hidden' {
  if (isIndirect(table, index)) return 'indirect';
  if (isHidden(table, index)) return 'hidden';
  return version?.isHidden ? 'old' : 'direct';
}

/** Both loaders pass over a symbol without a value (glibc: do_lookup_x, musl: find_sym2). */
function isDefined(table: SymbolTable, index: number): boolean {
  const section = table.sections[index];
  if (section === SHN.UNDEF || bindingOf(table, index) === STB.LOCAL || isUnnamed(table, index))
    return false;
  return table.valued[index] === 1 || typeOf(table, index) === STT.TLS || section === SHN.ABS;
}

function isPassedOver(table: SymbolTable, index: number): boolean {
  if (!isDefined(table, index)) return false;
  return isIndirect(table, index) || table.version(index)?.isHidden === true;
}

/** Of a definition. */
function isIndirect(table: SymbolTable, index: number): boolean {
  return typeOf(table, index) === STT.GNU_IFUNC;
}

/** dl_symbol_visibility_binds_local_p. */
function isHidden({ visibilities }: SymbolTable, index: number): boolean {
  const visibility = visibilities[index];
  return visibility === STV.HIDDEN || visibility === STV.INTERNAL;
}

function isUnnamed({ nameStarts, nameEnds }: SymbolTable, index: number): boolean {
  return nameStarts[index] === nameEnds[index];
}
