import type { Facts } from '../../root/root-facts.ts';

/** Facts of a saved report as they were extracted: addresses are numbers again. */
export function reviveFacts(facts: Facts): Facts {
  // Every fact keeps its shape; only texts of addresses change.
  return revived(facts, '', 0) as Facts;
}

/** Names of members that hold addresses, offsets and sizes that may not fit a number. */
const addresses: ReadonlySet<string> = new Set([
  'address',
  'end',
  'first',
  'offset',
  'size',
  'start',
]);

/** Deeper than any fact is; a report may be anybody's. */
const deepest = 32;

function revived(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string')
    return addresses.has(name) && /^0x[0-9a-f]{1,16}$/.test(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => revived(item, '', depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, revived(item, key, depth + 1)]),
  );
}
