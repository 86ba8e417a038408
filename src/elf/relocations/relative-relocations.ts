import { MalformedElf } from '../../base/errors.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { isLittleEndian, type Layout, readWord, viewOf, wordSize } from '../reading/layout.ts';
import { type FillingBatch, type VisitBatch, withBatch } from './relocation-batch.ts';
import { visitCost } from './relocations.ts';

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
  visit: VisitBatch,
): void {
  withBatch(visit, (batch) => {
    const entry = new RelativeEntry(type, wordSize(layout), batch, visit);
    decode(viewOf(table), layout, budget, entry);
  });
}

function decode(view: DataView, layout: Layout, budget: Budget, entry: RelativeEntry): void {
  const size = wordSize(layout);
  const little = isLittleEndian(layout);
  const stride = BigInt((layout.bits - 1) * size);
  let next: bigint | null = null;
  for (let at = 0; at + size <= view.byteLength; at += size) {
    const low = view.getUint32(little ? at : at + size - 4, little);
    if ((low & 1) === 0) {
      const offset = readWord(view, at, layout);
      budget.spend(visitCost);
      entry.moveTo(offset);
      entry.add(0);
      next = offset + BigInt(size);
      continue;
    }
    if (next === null) throw new MalformedElf('DT_RELR begins with a bitmap, expected an address');
    budget.spend(layout.bits * visitCost);
    entry.moveTo(next);
    entry.addBits(low, 1);
    if (size === 8) {
      entry.moveTo(next + 248n);
      entry.addBits(view.getUint32(little ? at + 4 : at, little), 0);
    }
    next += stride;
  }
}

/** One for a whole table, which moves on. */
class RelativeEntry {
  readonly #type: number;
  readonly #size: number;
  readonly #batch: FillingBatch;
  readonly #visit: VisitBatch;
  #base = 0n;
  #basePlace = 0;

  constructor(type: number, size: number, batch: FillingBatch, visit: VisitBatch) {
    this.#type = type;
    this.#size = size;
    this.#batch = batch;
    this.#visit = visit;
  }

  moveTo(base: bigint): void {
    this.#base = base;
    this.#basePlace = Number(base);
  }

  /** So many bytes behind where it was moved to. */
  add(distance: number): void {
    const place = this.#basePlace + distance;
    // A bigint for each would cost more than all the rest.
    const offset = place >= 2 ** 53 ? this.#base + BigInt(distance) : 0n;
    this.#batch.add(offset, place, this.#type, 0, this.#visit);
  }

  /** One relocation for each set bit of a 32-bit half from `first` up; that bit stands for the word where it is. */
  addBits(bits: number, first: number): void {
    for (let bit = first; bit < 32; bit++) {
      if (((bits >>> bit) & 1) === 1) this.add((bit - first) * this.#size);
    }
  }
}
