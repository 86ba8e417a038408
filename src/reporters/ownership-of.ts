// supporting: whose a binary is, for formats that name it
import type { Facts } from '../judge/rule.ts';

type Ownership = Extract<Facts['ownership'], { known: true }>['value'];

/** null: of an image as a whole, and where a report of an older version does not say it. */
export function ownershipOf({ ownership }: Partial<Facts>): Ownership | null {
  return ownership?.known ? ownership.value : null;
}
