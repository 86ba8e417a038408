import { MalformedElf } from '../../base/errors.ts';
import { DT } from '../constants.ts';
import type { AddressMap } from '../memory/address-map.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { demandContent } from '../reading/demand-content.ts';
import { wordSize } from '../reading/layout.ts';
import { hex, narrow } from '../reading/narrow.ts';
import type { FileHeader } from '../records.ts';
import { demandPacked, visitPackedRelocations } from '../relocations/packed-relocations.ts';
import { visitRelativeRelocations } from '../relocations/relative-relocations.ts';
import type { VisitBatch } from '../relocations/relocation-batch.ts';
import { relocationTypes } from '../relocations/relocation-types.ts';
import {
  demandWholeEntries,
  entrySizeOf,
  type RelocationTable,
  visitTable,
} from '../relocations/relocations.ts';

/** The relocations that PT_DYNAMIC names: what could be read of them, and what could not. */
export interface DynamicRelocations {
  /** DT_REL, DT_RELA and DT_JMPREL, without any byte twice. */
  readonly tables: readonly RelocationTable[];
  /** DT_JMPREL: all of it. null: there is none. */
  readonly slots: () => RelocationTable | null;
  /** DT_RELR, or null. */
  readonly relative: Buffer | null;
  /** DT_ANDROID_REL and DT_ANDROID_RELA. */
  readonly packed: readonly Buffer[];
  /** Of the first table that could not be read. */
  readonly damage: MalformedElf | null;
}

type DynamicValue = (tag: number) => bigint | null;

interface AddressRange {
  readonly address: bigint;
  readonly size: number;
  readonly addend: boolean;
  readonly title: string;
}

/** Each table is read for itself: the imports that one names are known whatever the others are. */
export function dynamicRelocations(
  header: FileHeader,
  dynamicValue: DynamicValue,
  addresses: AddressMap,
): DynamicRelocations {
  const damages: MalformedElf[] = [];
  const attempt = <T>(read: () => T): T | null => tried(read, damages);
  const direct = [
    attempt(() => range(header, dynamicValue, relTags)),
    attempt(() => range(header, dynamicValue, relaTags)),
  ].filter((found) => found !== null);
  const slots = () => {
    const found = pltRange(header, dynamicValue);
    return found === null ? null : { range: found, ...readTable(found, addresses) };
  };
  const found = attempt(slots);
  const others = found === null ? [] : outside(found.range, direct);
  const tables = [...direct, ...others]
    .map((one) => attempt(() => readTable(one, addresses)))
    .filter((table) => table !== null);
  const relative = attempt(() => relativeTable(header, dynamicValue, addresses));
  const packed = packedTags
    .map((tags) => attempt(() => packedTable(dynamicValue, addresses, tags)))
    .filter((table) => table !== null);
  return { tables, slots, relative, packed, damage: damages[0] ?? null };
}

function tried<T>(read: () => T, damages: MalformedElf[]): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedElf)) throw error;
    damages.push(error);
    return null;
  }
}

function readTable({ address, size, addend, title }: AddressRange, addresses: AddressMap) {
  const bytes = addresses.read(address, size, title);
  demandContent(bytes, title);
  return { bytes, addend };
}

/** Throws what made any table unreadable before the first visit: a part of the relocations proves nothing of all. */
export function visitDynamicRelocations(
  { tables, relative, packed, damage }: DynamicRelocations,
  header: FileHeader,
  budget: Budget,
  visit: VisitBatch,
): void {
  if (damage !== null) throw damage;
  for (const table of tables) visitTable(table, header, header.machine, budget, visit);
  for (const table of packed) visitPackedRelocations(table, header, budget, visit);
  if (relative === null) return;
  const type = relocationTypes(header.machine)?.relative ?? null;
  if (type === null) {
    throw new MalformedElf(
      `DT_RELR in a file for machine ${header.machine}, whose relative relocation type is not known`,
    );
  }
  visitRelativeRelocations(relative, header, type, budget, visit);
}

interface TableTags {
  readonly address: number;
  readonly size: number;
  readonly entry: number;
  readonly addend: boolean;
  readonly title: string;
}

const relTags: TableTags = {
  address: DT.REL,
  size: DT.RELSZ,
  entry: DT.RELENT,
  addend: false,
  title: 'DT_REL',
};

const relaTags: TableTags = {
  address: DT.RELA,
  size: DT.RELASZ,
  entry: DT.RELAENT,
  addend: true,
  title: 'DT_RELA',
};

function range(
  header: FileHeader,
  dynamicValue: DynamicValue,
  { address: addressTag, size: sizeTag, entry, addend, title }: TableTags,
): AddressRange | null {
  const address = dynamicValue(addressTag);
  if (address === null) return null;
  const size = sizeOf(dynamicValue, sizeTag, title);
  if (size === 0) return null;
  demandEntrySize(dynamicValue(entry), entrySizeOf(header, addend), title);
  demandWholeEntries(size, entrySizeOf(header, addend), title);
  return { address, size, addend, title };
}

function pltRange(header: FileHeader, dynamicValue: DynamicValue): AddressRange | null {
  const address = dynamicValue(DT.JMPREL);
  if (address === null) return null;
  const size = sizeOf(dynamicValue, DT.PLTRELSZ, 'DT_JMPREL');
  if (size === 0) return null;
  const kind = dynamicValue(DT.PLTREL);
  if (kind !== BigInt(DT.REL) && kind !== BigInt(DT.RELA)) {
    throw new MalformedElf(`DT_PLTREL is ${kind}, expected 7 (DT_RELA) or 17 (DT_REL)`);
  }
  const addend = kind === BigInt(DT.RELA);
  demandWholeEntries(size, entrySizeOf(header, addend), 'DT_JMPREL');
  return { address, size, addend, title: 'DT_JMPREL' };
}

/** Some linkers count DT_JMPREL in DT_RELASZ too: the parts of `slots` that no other table of its kind holds. */
function outside(slots: AddressRange, others: readonly AddressRange[]): readonly AddressRange[] {
  const other = others.find(({ addend }) => addend === slots.addend);
  if (other === undefined) return [slots];
  const end = slots.address + BigInt(slots.size);
  const otherEnd = other.address + BigInt(other.size);
  if (end <= other.address || otherEnd <= slots.address) return [slots];
  const parts: AddressRange[] = [];
  if (slots.address < other.address) {
    parts.push({ ...slots, size: Number(other.address - slots.address) });
  }
  if (end > otherEnd) parts.push({ ...slots, address: otherEnd, size: Number(end - otherEnd) });
  return parts;
}

function relativeTable(
  header: FileHeader,
  dynamicValue: DynamicValue,
  addresses: AddressMap,
): Buffer | null {
  const address = dynamicValue(DT.RELR) ?? dynamicValue(DT.ANDROID_RELR);
  if (address === null) return null;
  const sizeTag = dynamicValue(DT.RELR) === null ? DT.ANDROID_RELRSZ : DT.RELRSZ;
  const size = sizeOf(dynamicValue, sizeTag, 'DT_RELR');
  demandWholeEntries(size, wordSize(header), 'DT_RELR');
  if (size === 0) return null;
  const table = addresses.read(address, size, 'DT_RELR');
  demandContent(table, 'DT_RELR');
  return table;
}

interface PackedTags {
  readonly address: number;
  readonly size: number;
  readonly title: string;
}

const packedTags: readonly PackedTags[] = [
  { address: DT.ANDROID_REL, size: DT.ANDROID_RELSZ, title: 'DT_ANDROID_REL' },
  { address: DT.ANDROID_RELA, size: DT.ANDROID_RELASZ, title: 'DT_ANDROID_RELA' },
];

function packedTable(
  dynamicValue: DynamicValue,
  addresses: AddressMap,
  { address: addressTag, size: sizeTag, title }: PackedTags,
): Buffer | null {
  const address = dynamicValue(addressTag);
  if (address === null) return null;
  const table = addresses.read(address, sizeOf(dynamicValue, sizeTag, title), title);
  demandPacked(table, title);
  return table;
}

function sizeOf(dynamicValue: DynamicValue, tag: number, title: string): number {
  const size = dynamicValue(tag);
  if (size === null) throw new MalformedElf(`${title} has no size (dynamic tag ${hex(tag)})`);
  return narrow(size, `the size of ${title}`);
}

function demandEntrySize(size: bigint | null, expected: number, title: string): void {
  if (size !== null && size !== BigInt(expected)) {
    throw new MalformedElf(`the entry size of ${title} is ${size}, expected ${expected}`);
  }
}
