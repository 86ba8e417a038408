import { MalformedElf } from '../errors.ts';
import type { Budget } from './budget.ts';
import { isLittleEndian, type Layout, readWord, viewOf, wordSize } from './layout.ts';
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
  let next: bigint | null = null;
  for (let at = 0; at + size <= view.byteLength; at += size) {
    const low = view.getUint32(little ? at : at + size - 4, little);
    if ((low & 1) === 0) {
      const offset = readWord(view, at, layout);
      budget.spend(visitCost);
      visit({ offset, type, symbol: 0 });
      next = offset + BigInt(size);
      continue;
    }
    if (next === null) throw new MalformedElf('DT_RELR begins with a bitmap, expected an address');
    budget.spend(layout.bits * visitCost);
    visitBits(low, 1, next, size, type, visit);
    if (size === 8)
      visitBits(view.getUint32(little ? at + 4 : at, little), 0, next + 248n, size, type, visit);
    next += stride;
  }
}

/** One relocation for each set bit of a 32-bit half from `first` up; that bit stands for the word at `base`. */
function visitBits(
  bits: number,
  first: number,
  base: bigint,
  size: number,
  type: number,
  visit: VisitRelocation,
): void {
  for (let bit = first; bit < 32; bit++) {
    if (((bits >>> bit) & 1) === 1) {
      visit({ offset: base + BigInt((bit - first) * size), type, symbol: 0 });
    }
  }
}
