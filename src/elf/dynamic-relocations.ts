import { MalformedElf } from '../errors.ts';
import type { AddressMap } from './address-map.ts';
import type { Budget } from './budget.ts';
import { DT } from './constants.ts';
import { demandContent } from './demand-content.ts';
import { wordSize } from './layout.ts';
import type { FileHeader } from './model.ts';
import { hex, narrow } from './narrow.ts';
import { visitRelativeRelocations } from './relative-relocations.ts';
import { relocationTypes } from './relocation-types.ts';
import {
  demandWholeEntries,
  entrySizeOf,
  type RelocationTable,
  type VisitRelocation,
  visitTable,
} from './relocations.ts';

/** The relocations that PT_DYNAMIC names. */
export interface DynamicRelocations {
  /** DT_REL, DT_RELA and DT_JMPREL, without any byte twice. */
  readonly tables: readonly RelocationTable[];
  /** DT_RELR, or null. */
  readonly relative: Buffer | null;
}

type DynamicValue = (tag: number) => bigint | null;

interface AddressRange {
  readonly address: bigint;
  readonly size: number;
  readonly addend: boolean;
  readonly title: string;
}

export function dynamicRelocations(
  header: FileHeader,
  dynamicValue: DynamicValue,
  addresses: AddressMap,
): DynamicRelocations {
  refusePacked(dynamicValue);
  const ranges = [
    range(header, dynamicValue, DT.REL, DT.RELSZ, DT.RELENT, false, 'DT_REL'),
    range(header, dynamicValue, DT.RELA, DT.RELASZ, DT.RELAENT, true, 'DT_RELA'),
  ].filter((found) => found !== null);
  const slots = pltRange(header, dynamicValue);
  if (slots !== null) {
    readTable(slots, addresses);
    ranges.push(...outside(slots, ranges));
  }
  const tables = ranges.map((one) => readTable(one, addresses));
  return { tables, relative: relativeTable(header, dynamicValue, addresses) };
}

function readTable({ address, size, addend, title }: AddressRange, addresses: AddressMap) {
  const bytes = addresses.read(address, size, title);
  demandContent(bytes, title);
  return { bytes, addend };
}

export function visitDynamicRelocations(
  { tables, relative }: DynamicRelocations,
  header: FileHeader,
  budget: Budget,
  visit: VisitRelocation,
): void {
  for (const table of tables) visitTable(table, header, header.machine, budget, visit);
  if (relative === null) return;
  const type = relocationTypes(header.machine)?.relative ?? null;
  if (type === null) {
    throw new MalformedElf(
      `DT_RELR in a file for machine ${header.machine}, whose relative relocation type is not known`,
    );
  }
  visitRelativeRelocations(relative, header, type, budget, visit);
}

function range(
  header: FileHeader,
  dynamicValue: DynamicValue,
  addressTag: number,
  sizeTag: number,
  entryTag: number,
  addend: boolean,
  title: string,
): AddressRange | null {
  const address = dynamicValue(addressTag);
  if (address === null) return null;
  const size = sizeOf(dynamicValue, sizeTag, title);
  if (size === 0) return null;
  demandEntrySize(dynamicValue(entryTag), entrySizeOf(header, addend), title);
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
  return size === 0 ? null : addresses.read(address, size, 'DT_RELR');
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

/** Android's packed tables are a format of their own that no Linux loader outside Android reads. */
function refusePacked(dynamicValue: DynamicValue): void {
  for (const tag of [DT.ANDROID_REL, DT.ANDROID_RELA]) {
    if (dynamicValue(tag) !== null) {
      throw new MalformedElf(`packed Android relocations (dynamic tag ${hex(tag)}) cannot be read`);
    }
  }
}
