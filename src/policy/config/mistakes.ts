import { amount } from '../../base/amount.ts';
import { UsageErrors } from '../../base/errors.ts';
import { type ConfigNode, type Position, positionText } from './config-node.ts';

/** One thing that is wrong, and where. */
export interface Mistake {
  readonly at: Position;
  /** A sentence without its full stop. */
  readonly message: string;
  /** That something is not there: a file that cannot be read to its end may have it. */
  readonly isLack?: true;
}

/** A file as far as it can be read. */
export interface ParsedConfig {
  /** Null where nothing is in it. */
  readonly node: ConfigNode | null;
  readonly mistakes: readonly Mistake[];
  /** The line from which on nothing is certain; Infinity where all of it is. */
  readonly certainBefore: number;
}

/** More than these help nobody. */
export const mostMistakes = 50;

/** A hostile file can have as many as it has words. */
const mostCounted = 1000;

/** Everything that is wrong with a configuration, sorted by place. The message has the first ones, one sentence each. */
export class ConfigMistakes extends UsageErrors {
  /** All of them. */
  readonly found: readonly Mistake[];

  constructor(found: readonly Mistake[]) {
    const sorted = byPlace(found);
    const shown = sorted
      .slice(0, mostMistakes)
      .map(({ at, message }) => `${positionText(at)}: ${message}`);
    const more = sorted.length - shown.length;
    super(more > 0 ? [...shown, moreText(more, sorted.length)] : shown);
    this.found = sorted;
  }
}

/** Mistakes of one place whose sentences stand without it. */
export class PlacedMistakes extends UsageErrors {
  readonly at: Position;

  constructor(at: Position, mistakes: readonly string[]) {
    super(mistakes);
    this.at = at;
  }
}

function moreText(more: number, all: number): string {
  return all <= mostCounted
    ? `and ${amount(more, 'more mistake')}`
    : `and at least ${amount(more, 'more mistake')}`;
}

/** Ends the reading of this value. What stands alongside it is read on, and all mistakes are reported together. */
export function refuse(at: Position, message: string): never {
  throw new ConfigMistakes([{ at, message }]);
}

/** Refuses a value for something that it lacks. */
export function refuseLack(at: Position, message: string): never {
  throw new ConfigMistakes([{ at, message, isLack: true }]);
}

/** Reads all of them before it complains of any. */
export function each<I, T>(items: Iterable<I>, read: (item: I) => T): T[] {
  const mistakes: Mistake[] = [];
  const values: T[] = [];
  let failed = false;
  for (const item of items) {
    try {
      values.push(read(item));
    } catch (error) {
      if (!(error instanceof ConfigMistakes)) throw error;
      failed = true;
      for (const mistake of error.found) mistakes.push(mistake);
      if (mistakes.length > mostCounted) break;
    }
  }
  if (failed) throw new ConfigMistakes(mistakes);
  return values;
}

/** Both are read before either is complained of. */
export function both<A, B>(first: () => A, second: () => B): readonly [A, B] {
  const found: { first?: A; second?: B } = {};
  each(
    [
      () => {
        found.first = first();
      },
      () => {
        found.second = second();
      },
    ],
    (read) => read(),
  );
  // Each is set, or each() has thrown; the values may be undefined themselves.
  return [found.first as A, found.second as B];
}

export type Attempt<T> =
  | { readonly value: T; readonly mistakes: null }
  | { readonly mistakes: readonly Mistake[] };

/** The value, or all that is wrong with it. */
export function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read(), mistakes: null };
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    return { mistakes: error.found };
  }
}

/** Files in the order in which they come, each by line and column. */
export function byPlace<T extends Pick<Mistake, 'at'>>(found: readonly T[]): readonly T[] {
  const order = new Map<string, number>();
  for (const { at } of found) {
    const file = 'name' in at ? at.name : at.file;
    if (!order.has(file)) order.set(file, order.size);
  }
  return found
    .map((each) => ({ each, place: placeOf(each.at, order) }))
    .toSorted((a, b) => compare(a.place, b.place))
    .map(({ each: one }) => one);
}

type Place = readonly [file: number, line: number, column: number];

function placeOf(at: Position, order: ReadonlyMap<string, number>): Place {
  if ('name' in at) return [order.get(at.name) ?? 0, 0, 0];
  return [order.get(at.file) ?? 0, at.line, at.column];
}

function compare([a, b, c]: Place, [x, y, z]: Place): number {
  return a - x || b - y || c - z;
}

export function twice(name: string, first: Position): string {
  const line = 'line' in first ? `; the first is in line ${first.line}` : '';
  return `${name.slice(0, 64)} is given twice${line}`;
}
