/** Orders strings by their UTF-16 units, as `toSorted()` without an order does. Names of files are ordered by `compareNames`. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
