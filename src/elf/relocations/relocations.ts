import { MalformedElf } from '../../base/errors.ts';
import { EM } from '../constants.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { isLittleEndian, type Layout, readWord, viewOf } from '../reading/layout.ts';
import { type FillingBatch, type VisitBatch, withBatch } from './relocation-batch.ts';
import { relocationTypes } from './relocation-types.ts';

/** REL and RELA entries of one table. */
export interface RelocationTable {
  readonly bytes: Buffer;
  /** Whether entries carry an addend (RELA). */
  readonly addend: boolean;
}

/** Bytes of budget that one visited relocation costs. */
export const visitCost = 16;

export function entrySizeOf(layout: Layout, addend: boolean): number {
  return (layout.bits / 8) * (addend ? 3 : 2);
}

export function visitTable(
  { bytes, addend }: RelocationTable,
  layout: Layout,
  machine: number,
  budget: Budget,
  visit: VisitBatch,
): void {
  const size = entrySizeOf(layout, addend);
  const count = Math.floor(bytes.length / size);
  budget.spend(count * visitCost);
  const source: Source = { view: viewOf(bytes), layout, size, end: count * size };
  const wide = layout.bits === 64 ? wideFormat(layout, machine) : null;
  withBatch(visit, (batch) => {
    for (let at = 0; at < source.end; ) {
      at = wide === null ? decodeNarrow(source, at, batch) : decodeWide(source, at, wide, batch);
      batch.handTo(visit);
    }
  });
}

interface Source {
  readonly view: DataView;
  readonly layout: Layout;
  /** Of an entry. */
  readonly size: number;
  readonly end: number;
}

/** Fills a batch from `start` on. Returns where the next one begins. */
function decodeNarrow(source: Source, start: number, batch: FillingBatch): number {
  const { view, size } = source;
  const { places, types, symbols } = batch;
  const little = isLittleEndian(source.layout);
  const end = Math.min(source.end, start + places.length * size);
  let index = 0;
  for (let at = start; at < end; at += size, index += 1) {
    const information = view.getUint32(at + 4, little);
    places[index] = view.getUint32(at, little);
    types[index] = information & 0xff;
    symbols[index] = information >>> 8;
  }
  batch.count = index;
  return end;
}

/** The same of 64-bit files. */
function decodeWide(source: Source, start: number, wide: WideFormat, batch: FillingBatch): number {
  const { view, layout, size } = source;
  const { places, types, symbols } = batch;
  const { symbolAt, typeAt, isTypeLittle, typeMask } = wide;
  const little = isLittleEndian(layout);
  const [low, high] = little ? [0, 4] : [4, 0];
  const end = Math.min(source.end, start + places.length * size);
  let index = 0;
  for (let at = start; at < end; at += size, index += 1) {
    const upper = view.getUint32(at + high, little);
    if (upper >= 2 ** 21) batch.keepLarge(index, readWord(view, at, layout));
    places[index] = upper * 2 ** 32 + view.getUint32(at + low, little);
    types[index] = view.getUint32(at + typeAt, isTypeLittle) & typeMask;
    symbols[index] = view.getUint32(at + symbolAt, little);
  }
  batch.count = index;
  return end;
}

/** Where the entries of 64-bit files have what, as offsets of 32-bit words. */
interface WideFormat {
  readonly symbolAt: 8 | 12;
  readonly typeAt: 8 | 12;
  readonly isTypeLittle: boolean;
  readonly typeMask: number;
}

/**
 * r_info is the symbol above the type. The MIPS64 ABI replaces it by five fields in file order: a 32-bit symbol, a byte
 * that is not a symbol, and three types that apply one after the other. The first type, in the last byte, says what the
 * relocation is.
 * SPARC V9 keeps 24 bits of a second addend above the type.
 */
function wideFormat(layout: Layout, machine: number): WideFormat {
  const little = isLittleEndian(layout);
  if (machine === EM.MIPS) return { symbolAt: 8, typeAt: 12, isTypeLittle: false, typeMask: 0xff };
  const typeMask = machine === EM.SPARCV9 ? 0xff : -1;
  return little
    ? { symbolAt: 12, typeAt: 8, isTypeLittle: true, typeMask }
    : { symbolAt: 8, typeAt: 12, isTypeLittle: false, typeMask };
}

/**
 * The highest symbol index below `most` that the table names: numbers only, because it runs for files that no rule visits. Types
 * that need no symbol do not count: loaders do not look at theirs. Throws MalformedElf for one that needs a symbol beyond,
 * because a loader dies of it: the table was broken, and may have lost others.
 */
export function highestSymbol(
  { bytes, addend }: RelocationTable,
  layout: Layout,
  machine: number,
  most: number,
): number {
  const size = entrySizeOf(layout, addend);
  const view = viewOf(bytes);
  const little = isLittleEndian(layout);
  const wide = layout.bits === 64 ? wideFormat(layout, machine) : null;
  const { at, shift } = wide === null ? { at: 4, shift: 8 } : { at: wide.symbolAt, shift: 0 };
  const needsNone = symbolless(machine);
  let highest = 0;
  for (let start = 0; start + size <= view.byteLength; start += size) {
    const symbol = view.getUint32(start + at, little) >>> shift;
    if (symbol <= highest || needsNone(typeAt(view, start, wide, little))) continue;
    if (symbol >= most) {
      throw new MalformedElf(`a relocation names symbol ${symbol}, of which there are ${most}`);
    }
    highest = symbol;
  }
  return highest;
}

function typeAt(view: DataView, start: number, wide: WideFormat | null, little: boolean): number {
  if (wide === null) return view.getUint32(start + 4, little) & 0xff;
  return (view.getUint32(start + wide.typeAt, wide.isTypeLittle) & wide.typeMask) >>> 0;
}

/** MIPS has one type for relocations with and without a symbol. */
function symbolless(machine: number): (type: number) => boolean {
  const types = relocationTypes(machine);
  const relative = machine === EM.MIPS ? null : (types?.relative ?? null);
  return (type) => type === 0 || type === relative || type === types?.irelative;
}

/** A table whose size is not a whole number of entries is damaged: the next entry could begin anywhere. */
export function demandWholeEntries(length: number, size: number, title: string): void {
  if (length % size !== 0) {
    throw new MalformedElf(`${title} has ${length} bytes, expected a multiple of ${size}`);
  }
}
