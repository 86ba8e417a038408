import type { Facts } from '../../judge/rule.ts';

type Owner = Extract<Facts['package'], { known: true }>['value'];

/** The package that owns the binary; null when none does, or when that is not known. */
export function packageOf({ package: owner }: Partial<Facts>): Owner {
  return owner?.known ? owner.value : null;
}
