import { MalformedElf } from '../../base/errors.ts';
import { DT } from '../constants.ts';
import type { AddressMap } from '../memory/address-map.ts';
import { once } from '../reading/compute-once.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { demandContent } from '../reading/demand-content.ts';
import { isLittleEndian, viewOf } from '../reading/layout.ts';
import type { DynamicEntry, FileHeader, SymbolVersion, VersionNeed } from '../records.ts';
import { visitRelativeRelocations } from '../relocations/relative-relocations.ts';
import type { VisitBatch } from '../relocations/relocation-batch.ts';
import { relocationTypes } from '../relocations/relocation-types.ts';
import { visitTable } from '../relocations/relocations.ts';
import type { StringTable } from '../symbols/string-table.ts';
import type { SymbolTable, VersionOf } from '../symbols/symbol-table.ts';
import {
  hiddenVersion,
  type IndexedDefinition,
  type IndexedNeed,
  readVersionDefinitions,
  readVersionNeeds,
  type VersionsByIndex,
  versionsByIndex,
  withoutIndexes,
} from '../symbols/symbol-versions.ts';
import { noSymbols, readSymbols, symbolSize, unversioned } from '../symbols/symbols.ts';
import { dynamicNames, stringsByTag } from './dynamic-names.ts';
import {
  type DynamicRelocations,
  dynamicRelocations,
  visitDynamicRelocations,
} from './dynamic-relocations.ts';
import { dynamicSymbolCounts, type SymbolCounts } from './dynamic-symbol-count.ts';
import { linkedTable } from './linked-table.ts';

/** Everything that PT_DYNAMIC leads to. */
export interface DynamicTables {
  value(tag: number): bigint | null;
  strings(tag: number): readonly string[];
  symbols(): SymbolTable;
  exportDamage(): string | null;
  versionNeeds(): readonly VersionNeed[];
  versionDefinitions(): readonly string[];
  visitRelocations(budget: Budget, visit: VisitBatch): void;
  visitSlots(budget: Budget, visit: VisitBatch): void;
  visitRelative(budget: Budget, visit: VisitBatch): void;
}

/** What each of the tables below is read with. */
interface Source {
  readonly header: FileHeader;
  readonly addresses: AddressMap;
  readonly budget: Budget;
  /** For what may have to be read twice. */
  readonly again: () => Budget;
  readonly value: (tag: number) => bigint | null;
  readonly names: () => StringTable;
}

export function dynamicTables(
  header: FileHeader,
  entries: readonly DynamicEntry[],
  addresses: AddressMap,
  budget: Budget,
  again: () => Budget,
): DynamicTables {
  const values = lastValues(entries);
  const value = (tag: number): bigint | null => values.get(tag) ?? null;
  const names = once(() => dynamicNames(value, addresses, budget));
  const source: Source = { header, addresses, budget, again, value, names };
  const relocations = once(() => dynamicRelocations(header, value, addresses));
  const needs = once(() => versionNeeds(source));
  const definitions = once(() => versionDefinitions(source));
  const versions = (): VersionsByIndex => versionsByIndex(needs(), definitions());
  const symbols = once(() => dynamicSymbols(source, relocations, versions));
  return {
    value,
    strings: stringsByTag(entries, names),
    symbols: () => symbols().symbols,
    exportDamage: () => symbols().exportDamage,
    versionNeeds: once(() => withoutIndexes(needs())),
    versionDefinitions: once(() =>
      definitions()
        .filter(({ isBase }) => !isBase)
        .map(({ name }) => name),
    ),
    visitRelocations: (own, visit) => visitDynamicRelocations(relocations(), header, own, visit),
    visitSlots(own, visit) {
      const slots = relocations().slots();
      if (slots !== null) visitTable(slots, header, header.machine, own, visit);
    },
    visitRelative(own, visit) {
      const { relative } = relocations();
      const type = relocationTypes(header.machine)?.relative ?? null;
      if (relative === null || type === null || value(DT.RELR) === null) return;
      visitRelativeRelocations(relative, header, type, own, visit);
    },
  };
}

function versionNeeds({ header, addresses, budget, value, names }: Source): readonly IndexedNeed[] {
  const address = value(DT.VERNEED);
  if (address === null) return [];
  const table = linkedTable(address, addresses, 'DT_VERNEED');
  return readVersionNeeds(table, header, names(), budget);
}

function versionDefinitions({
  header,
  addresses,
  budget,
  value,
  names,
}: Source): readonly IndexedDefinition[] {
  const address = value(DT.VERDEF);
  if (address === null) return [];
  const table = linkedTable(address, addresses, 'DT_VERDEF');
  return readVersionDefinitions(table, header, names(), budget);
}

interface DynamicSymbols {
  readonly symbols: SymbolTable;
  readonly exportDamage: string | null;
}

/** DT_SYMENT is not asked: loaders know the size of an entry. */
function dynamicSymbols(
  source: Source,
  relocations: () => DynamicRelocations,
  versions: () => VersionsByIndex,
): DynamicSymbols {
  const { header, addresses, value, again } = source;
  const table = value(DT.SYMTAB);
  if (table === null) return { symbols: noSymbols(), exportDamage: null };
  const counted = { header, addresses, value, budget: again() };
  const counts = dynamicSymbolCounts(counted, relocations(), table);
  return firstThatReads(counts, (count) => {
    const size = symbolSize[header.bits];
    const entries = addresses.read(table, count * size, 'DT_SYMTAB');
    // What follows a wiped table is none of its entries.
    demandContent(entries.subarray(size, Math.min(...counts.likely) * size), 'the symbol table');
    const versionOf = symbolVersions(header, count, value(DT.VERSYM), addresses, versions);
    return readSymbols(entries, header, source.names(), versionOf, again());
  });
}

function firstThatReads(
  { likely, whole, exportDamage }: SymbolCounts,
  read: (count: number) => SymbolTable,
): DynamicSymbols {
  let first: MalformedElf | null = null;
  for (const count of likely) {
    try {
      const symbols = read(count);
      const damage = first?.message ?? exportDamage;
      return { symbols, exportDamage: whole.includes(count) ? null : damage };
    } catch (error) {
      if (!(error instanceof MalformedElf)) throw error;
      first ??= error;
    }
  }
  throw first ?? new MalformedElf('the dynamic symbols cannot be read');
}

/** glibc (elf_get_dynamic_info) and musl (decode_vec) let the last of several entries win. */
function lastValues(entries: readonly DynamicEntry[]): ReadonlyMap<number, bigint> {
  return new Map(entries.map(({ tag, value }) => [tag, value]));
}

/**
 * DT_VERSYM: a version index for each symbol; 0 and 1 stand for local and unversioned ones, bit 15 for hidden. Read
 * when the first version is needed.
 */
function symbolVersions(
  header: FileHeader,
  count: number,
  address: bigint | null,
  addresses: AddressMap,
  versions: () => VersionsByIndex,
): VersionOf {
  if (address === null) return unversioned;
  const little = isLittleEndian(header);
  const tables = once(() => ({
    view: viewOf(addresses.read(address, count * 2, 'DT_VERSYM')),
    byIndex: versions(),
  }));
  let last = 0;
  let lastVersion: SymbolVersion | null = null;
  return (index) => {
    const { view, byIndex } = tables();
    const full = view.getUint16(index * 2, little);
    // Neighbours have the same one.
    if (full === last) return lastVersion;
    const version = full & ~hiddenVersion;
    const found = version < 2 ? null : byIndex.get(full);
    if (found === undefined) {
      throw new MalformedElf(
        `symbol ${index} has version ${version}, which nothing needs or defines`,
      );
    }
    last = full;
    lastVersion = found;
    return found;
  };
}
