// supporting: the owner of a binary, for formats that name it
import type { Facts } from '../rule.ts';

/** Name of the package that owns the binary; null when none does, or when nobody could tell. */
export function packageName({ package: owner }: Facts): string | null {
  // A report of an older version may lack the fact, whatever the type says.
  return owner?.known ? (owner.value?.name ?? null) : null;
}
