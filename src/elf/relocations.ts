import { MalformedElf } from '../errors.ts';
import type { Budget } from './budget.ts';
import { EM } from './constants.ts';
import { isLittleEndian, type Layout, readWord, viewOf } from './layout.ts';
import type { Relocation } from './model.ts';
import { relocationTypes } from './relocation-types.ts';

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
  const entry = new TableEntry(view, layout);
  for (let index = 0; index < count; index++) {
    entry.at = index * size;
    decode(entry, view);
    visit(entry);
  }
}

/** One for a whole table, which moves on. */
class TableEntry implements Relocation {
  at = 0;
  type = 0;
  symbol = 0;
  readonly little: boolean;
  readonly #view: DataView;
  readonly #layout: Layout;

  constructor(view: DataView, layout: Layout) {
    this.little = isLittleEndian(layout);
    this.#view = view;
    this.#layout = layout;
  }

  get offset(): bigint {
    return readWord(this.#view, this.at, this.#layout);
  }

  get place(): number {
    const first = this.#view.getUint32(this.at, this.little);
    if (this.#layout.bits === 32) return first;
    const second = this.#view.getUint32(this.at + 4, this.little);
    return this.little ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }
}

/**
 * The highest symbol index below `most` that the table names: numbers only, because it runs for files nobody visits. Types
 * that need no symbol do not count: loaders do not look at theirs. Throws MalformedElf for one that needs a symbol beyond,
 * because a loader dies of it: the table was broken, and may have lost others.
 */
export function highestSymbol(
  table: RelocationTable,
  layout: Layout,
  machine: number,
  most: number,
): number {
  const size = entrySizeOf(layout, table.addend);
  const view = viewOf(table.bytes);
  const { at, shift } = symbolField(layout, machine);
  const little = isLittleEndian(layout);
  const decode = decoderOf(layout, machine);
  const needsNone = symbolless(machine);
  const entry = new TableEntry(view, layout);
  let highest = 0;
  for (let start = 0; start + size <= view.byteLength; start += size) {
    const symbol = view.getUint32(start + at, little) >>> shift;
    if (symbol <= highest) continue;
    entry.at = start;
    decode(entry, view);
    if (needsNone(entry.type)) continue;
    if (symbol >= most) {
      throw new MalformedElf(`a relocation names symbol ${symbol}, of which there are ${most}`);
    }
    highest = symbol;
  }
  return highest;
}

/** MIPS has one type for relocations with and without a symbol. */
function symbolless(machine: number): (type: number) => boolean {
  const types = relocationTypes(machine);
  const relative = machine === EM.MIPS ? null : (types?.relative ?? null);
  return (type) => type === 0 || type === relative || type === types?.irelative;
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

/** Sets type and symbol. */
type Decode = (entry: TableEntry, view: DataView) => void;

function decoderOf(layout: Layout, machine: number): Decode {
  if (layout.bits === 32) return entry32;
  if (machine === EM.MIPS) return mips64;
  return machine === EM.SPARCV9 ? sparc64 : entry64;
}

const entry32: Decode = (entry, view) => {
  const information = view.getUint32(entry.at + 4, entry.little);
  entry.type = information & 0xff;
  entry.symbol = information >>> 8;
};

const entry64: Decode = (entry, view) => {
  const { at, little } = entry;
  entry.type = view.getUint32(at + (little ? 8 : 12), little);
  entry.symbol = view.getUint32(at + (little ? 12 : 8), little);
};

/**
 * The MIPS64 ABI replaces r_info by five fields in file order: a 32-bit symbol, a byte that is no symbol, and three
 * types that apply one after the other. The first type, in the last byte, says what the relocation is.
 */
const mips64: Decode = (entry, view) => {
  entry.type = view.getUint8(entry.at + 15);
  entry.symbol = view.getUint32(entry.at + 8, entry.little);
};

/** SPARC V9 keeps 24 bits of a second addend above the type. */
const sparc64: Decode = (entry, view) => {
  entry64(entry, view);
  entry.type &= 0xff;
};

/** A table whose size is no whole number of entries is damaged: nobody knows where the next entry would be. */
export function demandWholeEntries(length: number, size: number, title: string): void {
  if (length % size !== 0) {
    throw new MalformedElf(`${title} has ${length} bytes, expected a multiple of ${size}`);
  }
}
