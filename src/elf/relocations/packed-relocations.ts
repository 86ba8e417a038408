import { MalformedElf } from '../../base/errors.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import type { Layout } from '../reading/layout.ts';
import { type FillingBatch, type VisitBatch, withBatch } from './relocation-batch.ts';
import { visitCost } from './relocations.ts';
import { SignedNumbers } from './signed-numbers.ts';

/**
 * Relocations as lld packs them for Android (`--pack-dyn-relocs=android`, DT_ANDROID_REL and DT_ANDROID_RELA): behind the
 * letters APS2 come signed LEB128 numbers. The first two are the number of relocations and where offsets begin; then
 * follow groups, each with its size, flags, and what its members share (bionic, linker_reloc_iterators.h).
 */
const magic = Buffer.from('APS2');

const byInfo = 1;
const byOffset = 2;
const byAddend = 4;
const hasAddend = 8;

/** Whether the letters are there: a linker that is not Android's never looks. */
export function demandPacked(table: Buffer, title: string): void {
  if (table.length > magic.length && table.subarray(0, magic.length).equals(magic)) return;
  throw new MalformedElf(`${title} does not begin with APS2`);
}

/** A group says in two bytes that it has a million members, so they are paid for before they are visited. */
export function visitPackedRelocations(
  table: Buffer,
  layout: Layout,
  budget: Budget,
  visit: VisitBatch,
): void {
  withBatch(visit, (batch) => decode(table, budget, new PackedEntry(layout, batch, visit)));
}

function decode(table: Buffer, budget: Budget, entry: PackedEntry): void {
  const numbers = new SignedNumbers(table, magic.length);
  let left = numbers.count('the number of packed relocations');
  entry.moveBy(numbers.next());
  while (left > 0) {
    const size = numbers.count('the size of a group of packed relocations');
    if (size === 0 || size > left) {
      throw new MalformedElf(`a group of ${size} packed relocations, of which ${left} are left`);
    }
    budget.spend(size * visitCost);
    visitGroup(numbers, size, entry);
    left -= size;
  }
}

function visitGroup(numbers: SignedNumbers, size: number, entry: PackedEntry): void {
  const flags = Number(numbers.next());
  const distance = (flags & byOffset) === 0 ? null : numbers.next();
  if ((flags & byInfo) !== 0) entry.say(numbers.next());
  const addends = flags & (hasAddend | byAddend);
  if (addends === (hasAddend | byAddend)) numbers.next();
  for (let index = 0; index < size; index++) {
    entry.moveBy(distance ?? numbers.next());
    if ((flags & byInfo) === 0) entry.say(numbers.next());
    if (addends === hasAddend) numbers.next();
    entry.add();
  }
}

/** One for a whole table, which moves on. */
class PackedEntry {
  #type = 0;
  #symbol = 0;
  #offset = 0n;
  readonly #bits: 32 | 64;
  readonly #batch: FillingBatch;
  readonly #visit: VisitBatch;

  constructor({ bits }: Layout, batch: FillingBatch, visit: VisitBatch) {
    this.#bits = bits;
    this.#batch = batch;
    this.#visit = visit;
  }

  moveBy(distance: bigint): void {
    this.#offset = BigInt.asUintN(this.#bits, this.#offset + distance);
  }

  /** r_info. No machine of Android divides it in a way of its own. */
  say(information: bigint): void {
    const half = this.#bits === 64 ? 32 : 8;
    this.#type = Number(BigInt.asUintN(half, information));
    this.#symbol = Number(BigInt.asUintN(this.#bits - half, information >> BigInt(half)));
  }

  add(): void {
    const offset = this.#offset;
    this.#batch.add(offset, Number(offset), this.#type, this.#symbol, this.#visit);
  }
}
