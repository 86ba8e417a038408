import { MalformedElf } from '../errors.ts';
import type { Budget } from './budget.ts';
import { EM } from './constants.ts';
import { isLittleEndian, type Layout, viewOf } from './layout.ts';
import type { Relocation } from './model.ts';

/** REL and RELA entries of one table. */
export interface RelocationTable {
  readonly bytes: Buffer;
  /** Whether entries carry an addend (RELA). */
  readonly addend: boolean;
}

export type VisitRelocation = (relocation: Relocation) => void;

/** Bytes of budget that one visited relocation costs. */
export const visitCost = 16;

export function entrySizeOf(layout: Layout, addend: boolean): number {
  return (layout.bits / 8) * (addend ? 3 : 2);
}

export function visitTable(
  table: RelocationTable,
  layout: Layout,
  machine: number,
  budget: Budget,
  visit: VisitRelocation,
): void {
  const size = entrySizeOf(layout, table.addend);
  const view = viewOf(table.bytes);
  const count = Math.floor(view.byteLength / size);
  budget.spend(count * visitCost);
  const decode = decoderOf(layout, machine);
  const little = isLittleEndian(layout);
  for (let index = 0; index < count; index++) visit(decode(view, index * size, little));
}

/** The highest symbol index that the table names: numbers only, because it runs for files nobody visits. */
export function highestSymbol(table: RelocationTable, layout: Layout, machine: number): number {
  const size = entrySizeOf(layout, table.addend);
  const view = viewOf(table.bytes);
  const { at, shift } = symbolField(layout, machine);
  const little = isLittleEndian(layout);
  let highest = 0;
  for (let start = 0; start + size <= view.byteLength; start += size) {
    const symbol = view.getUint32(start + at, little) >>> shift;
    if (symbol > highest) highest = symbol;
  }
  return highest;
}

/** Which 32-bit half of an entry holds the symbol index. */
function symbolField(
  layout: Layout,
  machine: number,
): { readonly at: number; readonly shift: number } {
  if (layout.bits === 32) return { at: 4, shift: 8 };
  // MIPS64 stores the symbol first whatever the byte order (see mips64).
  return { at: isLittleEndian(layout) && machine !== EM.MIPS ? 12 : 8, shift: 0 };
}

type Decode = (view: DataView, at: number, little: boolean) => Relocation;

function decoderOf(layout: Layout, machine: number): Decode {
  if (layout.bits === 32) return entry32;
  if (machine === EM.MIPS) return mips64;
  return machine === EM.SPARCV9 ? sparc64 : entry64;
}

const entry32: Decode = (view, at, little) => {
  const information = view.getUint32(at + 4, little);
  return {
    offset: BigInt(view.getUint32(at, little)),
    type: information & 0xff,
    symbol: information >>> 8,
  };
};

const entry64: Decode = (view, at, little) => ({
  offset: view.getBigUint64(at, little),
  type: view.getUint32(at + (little ? 8 : 12), little),
  symbol: view.getUint32(at + (little ? 12 : 8), little),
});

/**
 * The MIPS64 ABI replaces r_info by five fields in file order: a 32-bit symbol, a byte that is no symbol, and three
 * types that apply one after the other. The first type, in the last byte, says what the relocation is.
 */
const mips64: Decode = (view, at, little) => ({
  offset: view.getBigUint64(at, little),
  type: view.getUint8(at + 15),
  symbol: view.getUint32(at + 8, little),
});

/** SPARC V9 keeps 24 bits of a second addend above the type. */
const sparc64: Decode = (view, at, little) => {
  const relocation = entry64(view, at, little);
  return { ...relocation, type: relocation.type & 0xff };
};

/** A table whose size is no whole number of entries is damaged: nobody knows where the next entry would be. */
export function demandWholeEntries(length: number, size: number, title: string): void {
  if (length % size !== 0) {
    throw new MalformedElf(`${title} has ${length} bytes, expected a multiple of ${size}`);
  }
}
