import { MalformedElf } from '../errors.ts';
import type { Budget } from './budget.ts';
import { isLittleEndian, type Layout, readWord, viewOf, wordSize } from './layout.ts';
import type { Relocation } from './model.ts';
import { type VisitRelocation, visitCost } from './relocations.ts';

/**
 * DT_RELR (gABI, "Relative Relocation Table"): an even word is the address of one relocation; an odd word is a
 * bitmap of the words that follow the last address, 31 or 63 of them.
 *
 * @param type the machine's RELATIVE relocation type, which the table itself leaves out
 */
export function visitRelativeRelocations(
  table: Buffer,
  layout: Layout,
  type: number,
  budget: Budget,
  visit: VisitRelocation,
): void {
  const view = viewOf(table);
  const size = wordSize(layout);
  const little = isLittleEndian(layout);
  const stride = BigInt((layout.bits - 1) * size);
  const entry = new RelativeEntry(type);
  let next: bigint | null = null;
  for (let at = 0; at + size <= view.byteLength; at += size) {
    const low = view.getUint32(little ? at : at + size - 4, little);
    if ((low & 1) === 0) {
      const offset = readWord(view, at, layout);
      budget.spend(visitCost);
      entry.moveTo(offset);
      visit(entry);
      next = offset + BigInt(size);
      continue;
    }
    if (next === null) throw new MalformedElf('DT_RELR begins with a bitmap, expected an address');
    budget.spend(layout.bits * visitCost);
    entry.moveTo(next);
    visitBits(low, 1, entry, size, visit);
    if (size === 8) {
      entry.moveTo(next + 248n);
      visitBits(view.getUint32(little ? at + 4 : at, little), 0, entry, size, visit);
    }
    next += stride;
  }
}

/** One for a whole table, which moves on. */
class RelativeEntry implements Relocation {
  readonly type: number;
  readonly symbol = 0;
  /** Bytes from where it was moved to. */
  distance = 0;
  #base = 0n;
  #basePlace = 0;

  constructor(type: number) {
    this.type = type;
  }

  moveTo(base: bigint): void {
    this.distance = 0;
    this.#base = base;
    this.#basePlace = Number(base);
  }

  get offset(): bigint {
    return this.#base + BigInt(this.distance);
  }

  get place(): number {
    return this.#basePlace + this.distance;
  }
}

/** One relocation for each set bit of a 32-bit half from `first` up; that bit stands for the word where `entry` is. */
function visitBits(
  bits: number,
  first: number,
  entry: RelativeEntry,
  size: number,
  visit: VisitRelocation,
): void {
  for (let bit = first; bit < 32; bit++) {
    if (((bits >>> bit) & 1) === 1) {
      entry.distance = (bit - first) * size;
      visit(entry);
    }
  }
}
