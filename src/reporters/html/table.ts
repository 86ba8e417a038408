import { inScript } from './in-script.ts';

/** Values that are written once and named by their number. */
export interface Table {
  /** The value's number: a new one if it is not there yet. Values are the same when their JSON is. */
  add(value: unknown): number;
  /** JSON of each, by number. */
  entries(): Iterable<string>;
}

export function createTable(): Table {
  const numbers = new Map<string, number>();
  return {
    add(value) {
      const json = inScript(value);
      const found = numbers.get(json);
      if (found !== undefined) return found;
      numbers.set(json, numbers.size);
      return numbers.size - 1;
    },
    entries: () => numbers.keys(),
  };
}
