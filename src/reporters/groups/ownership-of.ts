import type { Facts } from '../../judge/rule.ts';
import { isBinary } from '../../report/all-judged.ts';
import type { Judged } from '../../report/report.ts';

type Ownership = Extract<Facts['ownership'], { known: true }>['value'];
export type Whose = Ownership['whose'];
export type Component = NonNullable<Ownership['component']>;

/** Who can change a file, and what it came with; the component of what is yours is your own, and groups nothing. */
export interface Origin {
  readonly whose: Whose;
  readonly component: Component | null;
}

/** An image as a whole is its author's; so is what a report of an older version does not say it of. */
export function ownershipOf(judged: Judged): Origin {
  const { ownership } = judged.facts;
  return isBinary(judged) && ownership?.known === true
    ? ownership.value
    : { whose: 'yours', component: null };
}
