// supporting: the owner of a binary, for formats that name it
import type { Facts } from '../rule.ts';

/** Name of the package that owns the binary; null when none does, or when nobody could tell. */
export function packageName(facts: Facts): string | null {
  // A saved report of another version may lack the fact, whatever the type says.
  const owner: unknown = Object.entries(facts).find(([name]) => name === 'package')?.[1];
  return nameIn(member(owner, 'value'));
}

function nameIn(value: unknown): string | null {
  const name = member(value, 'name');
  return typeof name === 'string' ? name : null;
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
