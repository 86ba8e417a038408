import { MalformedElf } from '../errors.ts';
import type { AddressMap } from './address-map.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { DT } from './constants.ts';
import {
  type DynamicRelocations,
  dynamicRelocations,
  visitDynamicRelocations,
} from './dynamic-relocations.ts';
import { dynamicSymbolCount } from './dynamic-symbol-count.ts';
import { isLittleEndian, viewOf } from './layout.ts';
import type { DynamicEntry, ElfSymbol, FileHeader, VersionNeed } from './model.ts';
import { hex, narrow } from './narrow.ts';
import { once } from './once.ts';
import type { VisitRelocation } from './relocations.ts';
import { type StringTable, stringTable } from './string-table.ts';
import { readSymbols, symbolSize, unversioned, type VersionOf } from './symbols.ts';
import {
  type IndexedDefinition,
  type IndexedNeed,
  readVersionDefinitions,
  readVersionNeeds,
  type VersionsByIndex,
  versionsByIndex,
  withoutIndexes,
} from './versions.ts';

/** Everything that PT_DYNAMIC leads to. */
export interface DynamicTables {
  value(tag: number): bigint | null;
  strings(tag: number): readonly string[];
  symbols(): readonly ElfSymbol[];
  versionNeeds(): readonly VersionNeed[];
  versionDefinitions(): readonly string[];
  visitRelocations(budget: Budget, visit: VisitRelocation): void;
}

/** What each of the tables below is read with. */
interface Source {
  readonly header: FileHeader;
  readonly addresses: AddressMap;
  readonly budget: Budget;
  readonly value: (tag: number) => bigint | null;
  readonly names: () => StringTable;
}

export function dynamicTables(
  header: FileHeader,
  entries: readonly DynamicEntry[],
  addresses: AddressMap,
  budget: Budget,
): DynamicTables {
  const values = firstValues(entries);
  const value = (tag: number): bigint | null => values.get(tag) ?? null;
  const names = once(() => dynamicNames(value, addresses, budget));
  const source: Source = { header, addresses, budget, value, names };
  const relocations = once(() => dynamicRelocations(header, value, addresses));
  const needs = once(() => versionNeeds(source));
  const definitions = once(() => versionDefinitions(source));
  const versions = (): VersionsByIndex => versionsByIndex(needs(), definitions());
  return {
    value,
    strings: stringsByTag(entries, names),
    symbols: once(() => dynamicSymbols(source, relocations, versions)),
    versionNeeds: once(() => withoutIndexes(needs())),
    versionDefinitions: once(() =>
      definitions()
        .filter(({ isBase }) => !isBase)
        .map(({ name }) => name),
    ),
    visitRelocations: (own, visit) => visitDynamicRelocations(relocations(), header, own, visit),
  };
}

function versionNeeds({ header, addresses, budget, value, names }: Source): readonly IndexedNeed[] {
  const table = linkedTable(value(DT.VERNEED), addresses, 'DT_VERNEED');
  return table === null ? [] : readVersionNeeds(table, header, names(), budget);
}

function versionDefinitions({
  header,
  addresses,
  budget,
  value,
  names,
}: Source): readonly IndexedDefinition[] {
  const table = linkedTable(value(DT.VERDEF), addresses, 'DT_VERDEF');
  return table === null ? [] : readVersionDefinitions(table, header, names(), budget);
}

function dynamicSymbols(
  { header, addresses, budget, value, names }: Source,
  relocations: () => DynamicRelocations,
  versions: () => VersionsByIndex,
): readonly ElfSymbol[] {
  const address = value(DT.SYMTAB);
  if (address === null) return [];
  demandSymbolSize(value(DT.SYMENT), symbolSize[header.bits]);
  const count = dynamicSymbolCount(header, value, addresses, relocations);
  const table = addresses.read(address, count * symbolSize[header.bits], 'DT_SYMTAB');
  const versionOf = symbolVersions(header, count, value(DT.VERSYM), addresses, versions);
  return readSymbols(table, header, names(), versionOf, budget);
}

/** Decoded once a tag: facts ask for the same names again and again. */
function stringsByTag(
  entries: readonly DynamicEntry[],
  names: () => StringTable,
): (tag: number) => readonly string[] {
  const known = new Map<number, readonly string[]>();
  return (tag) => {
    const strings =
      known.get(tag) ??
      entries.filter((entry) => entry.tag === tag).map((entry) => nameAt(names(), entry));
    known.set(tag, strings);
    return strings;
  };
}

function firstValues(entries: readonly DynamicEntry[]): ReadonlyMap<number, bigint> {
  const values = new Map<number, bigint>();
  for (const { tag, value } of entries) if (!values.has(tag)) values.set(tag, value);
  return values;
}

function dynamicNames(
  value: (tag: number) => bigint | null,
  addresses: AddressMap,
  budget: Budget,
): StringTable {
  const address = value(DT.STRTAB);
  const size = value(DT.STRSZ);
  if (address === null || size === null) {
    throw new MalformedElf(`${address === null ? 'DT_STRTAB' : 'DT_STRSZ'} is missing`);
  }
  const table = addresses.read(address, narrow(size, 'DT_STRSZ'), 'DT_STRTAB');
  return stringTable(table, budget, 'DT_STRTAB');
}

function nameAt(names: StringTable, { value }: DynamicEntry): string {
  return names.at(narrow(value, 'a name offset in the dynamic section'));
}

function demandSymbolSize(size: bigint | null, expected: number): void {
  if (size !== null && size !== BigInt(expected)) {
    throw new MalformedElf(`DT_SYMENT is ${size}, expected ${expected}`);
  }
}

/** A table of linked records says nothing about its length: everything up to the end of its segment. */
function linkedTable(address: bigint | null, addresses: AddressMap, title: string): Bytes | null {
  if (address === null) return null;
  const found = addresses.bytesFrom(address);
  if (found === null) {
    throw new MalformedElf(
      `${title}: address ${hex(address)} is not in the file bytes of a PT_LOAD segment`,
    );
  }
  return found;
}

/** DT_VERSYM: a version index for each symbol; 0 and 1 stand for local and unversioned ones, bit 15 for hidden. */
function symbolVersions(
  header: FileHeader,
  count: number,
  address: bigint | null,
  addresses: AddressMap,
  versions: () => VersionsByIndex,
): VersionOf {
  if (address === null) return unversioned;
  const view = viewOf(addresses.read(address, count * 2, 'DT_VERSYM'));
  const little = isLittleEndian(header);
  const byIndex = versions();
  return (index) => {
    const version = view.getUint16(index * 2, little) & 0x7fff;
    if (version < 2) return null;
    const found = byIndex.get(version);
    if (found === undefined) {
      throw new MalformedElf(
        `symbol ${index} has version ${version}, which nothing needs or defines`,
      );
    }
    return found;
  };
}
