/** Addresses, both inclusive. */
export interface Interval {
  readonly least: number;
  readonly most: number;
}

/** The smallest that holds all of them; of none, the one that holds nothing. */
export function intervalOf(addresses: Iterable<number>): Interval {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const address of addresses) {
    least = Math.min(least, address);
    most = Math.max(most, address);
  }
  return { least, most };
}

export function isIn({ least, most }: Interval, address: number): boolean {
  return address >= least && address <= most;
}
