import type { FrameRules } from '../frames/call-frame.ts';

/**
 * Functions, or parts of them that the compiler moved away, in columns: a browser has a million, and an object for each
 * would weigh more than its code.
 */
export interface FunctionTable {
  readonly length: number;
  /** File offsets of the first byte. */
  readonly starts: Float64Array;
  /** File offsets after the last byte. */
  readonly ends: Float64Array;
  /** As in FrameRules. */
  readonly frameSizes: Float64Array;
  readonly frameBases: Int32Array;
  readonly personalities: Float64Array;
}

export const noFunctions: FunctionTable = { ...columnsFor(0), length: 0 };

/** Gathers a table. */
export class FunctionList {
  #columns: ReturnType<typeof columnsFor>;
  #length = 0;

  constructor(expected = 0) {
    this.#columns = columnsFor(expected > 0 ? expected : 256);
  }

  add(start: number, end: number, { size, bases, personality }: FrameRules): void {
    const index = this.#length;
    if (index === this.#columns.starts.length) this.#columns = grown(this.#columns);
    const { starts, ends, frameSizes, frameBases, personalities } = this.#columns;
    starts[index] = start;
    ends[index] = end;
    frameSizes[index] = size;
    frameBases[index] = bases;
    personalities[index] = personality;
    this.#length += 1;
  }

  /** By start, and those of the same start in the order of their adding. */
  sorted(): FunctionTable {
    const { starts } = this.#columns;
    let index = 1;
    while (index < this.#length && (starts[index - 1] ?? 0) <= (starts[index] ?? 0)) index += 1;
    const table = { ...this.#columns, length: this.#length };
    return index >= this.#length ? cut(table) : pick(table, orderOf(starts, this.#length));
  }
}

/** Those of them that fulfil a condition: nearly always all but a few, or a few, so they are copied run by run. */
export function selectFunctions(
  table: FunctionTable,
  isWanted: (index: number) => boolean,
): FunctionTable {
  const runs: { readonly start: number; readonly end: number }[] = [];
  let count = 0;
  for (let index = 0; index < table.length; index += 1) {
    if (!isWanted(index)) continue;
    const start = index;
    do index += 1;
    while (index < table.length && isWanted(index));
    runs.push({ start, end: index });
    count += index - start;
  }
  if (count === table.length) return table;
  const columns = columnsFor(count);
  let to = 0;
  for (const { start, end } of runs) {
    columns.starts.set(table.starts.subarray(start, end), to);
    columns.ends.set(table.ends.subarray(start, end), to);
    columns.frameSizes.set(table.frameSizes.subarray(start, end), to);
    columns.frameBases.set(table.frameBases.subarray(start, end), to);
    columns.personalities.set(table.personalities.subarray(start, end), to);
    to += end - start;
  }
  return { ...columns, length: count };
}

/** Those at ascending indexes. */
export function functionsAt(table: FunctionTable, indexes: readonly number[]): FunctionTable {
  return indexes.length === table.length ? table : pick(table, Uint32Array.from(indexes));
}

/** Bytes of code in them. */
export function sizeOfFunctions({ length, starts, ends }: FunctionTable): number {
  let sum = 0;
  for (let index = 0; index < length; index += 1) sum += (ends[index] ?? 0) - (starts[index] ?? 0);
  return sum;
}

function columnsFor(length: number) {
  return {
    starts: new Float64Array(length),
    ends: new Float64Array(length),
    frameSizes: new Float64Array(length),
    frameBases: new Int32Array(length),
    personalities: new Float64Array(length),
  };
}

function grown(old: ReturnType<typeof columnsFor>) {
  const columns = columnsFor(old.starts.length * 2);
  columns.starts.set(old.starts);
  columns.ends.set(old.ends);
  columns.frameSizes.set(old.frameSizes);
  columns.frameBases.set(old.frameBases);
  columns.personalities.set(old.personalities);
  return columns;
}

function cut(table: FunctionTable): FunctionTable {
  const { length } = table;
  return {
    length,
    starts: table.starts.subarray(0, length),
    ends: table.ends.subarray(0, length),
    frameSizes: table.frameSizes.subarray(0, length),
    frameBases: table.frameBases.subarray(0, length),
    personalities: table.personalities.subarray(0, length),
  };
}

/** The indexes by ascending value. */
function orderOf(values: Float64Array, length: number): Uint32Array {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let index = 0; index < length; index += 1) {
    const value = values[index] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (most - least < 2 ** 32) return orderByDigits(values, length, least, most - least);
  const order = Uint32Array.from({ length }, (_, index) => index);
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

/** Of each digit, the least first: no table is in order, and this takes a tenth of the time of a sort that compares. */
const digitBits = 11;

function orderByDigits(
  values: Float64Array,
  length: number,
  least: number,
  range: number,
): Uint32Array {
  const keys = new Uint32Array(length);
  let order = new Uint32Array(length);
  let other = new Uint32Array(length);
  for (let index = 0; index < length; index += 1) {
    keys[index] = (values[index] ?? 0) - least;
    order[index] = index;
  }
  const places = new Uint32Array(1 << digitBits);
  for (let shift = 0; shift < 32 && range >= 2 ** shift; shift += digitBits) {
    placesOf(keys, shift, places);
    for (let at = 0; at < length; at += 1) {
      const index = order[at] ?? 0;
      const digit = ((keys[index] ?? 0) >>> shift) & (places.length - 1);
      const place = places[digit] ?? 0;
      places[digit] = place + 1;
      other[place] = index;
    }
    [order, other] = [other, order];
  }
  return order;
}

/** Where the first of each digit goes. */
function placesOf(keys: Uint32Array, shift: number, places: Uint32Array): void {
  places.fill(0);
  for (let index = 0; index < keys.length; index += 1) {
    const digit = ((keys[index] ?? 0) >>> shift) & (places.length - 1);
    places[digit] = (places[digit] ?? 0) + 1;
  }
  let next = 0;
  for (let digit = 0; digit < places.length; digit += 1) {
    const count = places[digit] ?? 0;
    places[digit] = next;
    next += count;
  }
}

function pick(table: FunctionTable, order: Uint32Array): FunctionTable {
  const { length } = order;
  const columns = columnsFor(length);
  for (let index = 0; index < length; index += 1) {
    const from = order[index] ?? 0;
    columns.starts[index] = table.starts[from] ?? 0;
    columns.ends[index] = table.ends[from] ?? 0;
    columns.frameSizes[index] = table.frameSizes[from] ?? 0;
    columns.frameBases[index] = table.frameBases[from] ?? 0;
    columns.personalities[index] = table.personalities[from] ?? 0;
  }
  return { ...columns, length };
}
