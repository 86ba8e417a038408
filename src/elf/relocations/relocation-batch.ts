import type { Relocation } from '../records.ts';

/** Relocations that are decoded at a time. Most tables have fewer. */
const batchSize = 1024;

/**
 * Some relocations of one table in columns, one after the other: a library has a hundred thousand, and an object or a call for
 * each costs more than decoding it. Only valid during its visit.
 */
export interface RelocationBatch {
  readonly count: number;
  /** r_offset, exact below 2^53, and at least that above. */
  readonly places: Float64Array;
  readonly types: Uint32Array;
  /** Indexes in the symbol table, 0 when none. */
  readonly symbols: Uint32Array;
  /** r_offset of one of them, exact: to be asked where a place is not enough, as a bigint is an object. */
  offset(index: number): bigint;
}

export type VisitBatch = (batch: RelocationBatch) => void;

/** Filled by the decoder, and passed on each time it is full. */
export class FillingBatch implements RelocationBatch {
  count = 0;
  readonly places = new Float64Array(batchSize);
  readonly types = new Uint32Array(batchSize);
  readonly symbols = new Uint32Array(batchSize);
  /** Offsets that a place cannot hold: none but in forged files. */
  readonly #large = new Map<number, bigint>();

  offset(index: number): bigint {
    return this.#large.get(index) ?? BigInt(this.places[index] ?? 0);
  }

  /** For offsets that a place does not hold exactly: 2^53 and more. */
  keepLarge(index: number, offset: bigint): void {
    this.#large.set(index, offset);
  }

  /** For tables that are decoded one by one. */
  add(offset: bigint, place: number, type: number, symbol: number, visit: VisitBatch): void {
    if (this.count === batchSize) this.handTo(visit);
    if (place >= 2 ** 53) this.keepLarge(this.count, offset);
    this.places[this.count] = place;
    this.types[this.count] = type;
    this.symbols[this.count] = symbol;
    this.count += 1;
  }

  handTo(visit: VisitBatch): void {
    if (this.count > 0) visit(this);
    this.clear();
  }

  clear(): void {
    this.count = 0;
    if (this.#large.size > 0) this.#large.clear();
  }
}

/** Those that no visit fills. A visit may begin another one, so more than one can be in use. */
const free: FillingBatch[] = [];

/** Calls `decode` with an empty batch, and hands on what it leaves there. */
export function withBatch(visit: VisitBatch, decode: (batch: FillingBatch) => void): void {
  const batch = free.pop() ?? new FillingBatch();
  try {
    decode(batch);
    batch.handTo(visit);
  } finally {
    batch.clear();
    free.push(batch);
  }
}

/** For those who look at few relocations: one after the other, as an entry that moves on. */
export function oneByOne(visit: (relocation: Relocation) => void): VisitBatch {
  const entry = new BatchEntry();
  return (batch) => {
    entry.batch = batch;
    for (let index = 0; index < batch.count; index += 1) {
      entry.index = index;
      entry.type = batch.types[index] ?? 0;
      entry.symbol = batch.symbols[index] ?? 0;
      visit(entry);
    }
  };
}

const nothing: RelocationBatch = {
  count: 0,
  places: new Float64Array(),
  types: new Uint32Array(),
  symbols: new Uint32Array(),
  offset: () => 0n,
};

class BatchEntry implements Relocation {
  batch = nothing;
  index = 0;
  type = 0;
  symbol = 0;

  get offset(): bigint {
    return this.batch.offset(this.index);
  }

  get place(): number {
    return this.batch.places[this.index] ?? 0;
  }
}
