import type { Waiver } from '../policy.ts';
import type { CompiledWaivers, WaiverOfRule } from './compile-waivers.ts';

/** What one rule of a waiver did in a run. */
export interface UsedWaiver {
  matched: number;
  /** Of these, verdicts that name it, and no other one, as the waiver that accepts them. */
  accepted: number;
  /** Of these, verdicts that no waiver in force accepts. */
  open: number;
  /** Verdicts that a level takes away: without it they might be failures. */
  switchedOff: number;
  /** Verdicts that it selects by a word which the policy does not accept: a notice of that word names it. */
  unaccepted: number;
  /** Of these, verdicts that no waiver accepts. */
  unacceptedOpen: number;
  /** Why the words are not accepted, as ends of sentences. */
  readonly doubts: Set<string>;
  /** Of failures that it would match if it named them. */
  readonly otherCauses: Set<string>;
}

export function unusedWaiver(): UsedWaiver {
  return {
    ...{ matched: 0, accepted: 0, open: 0, switchedOff: 0, unaccepted: 0, unacceptedOpen: 0 },
    ...{ doubts: new Set(), otherCauses: new Set() },
  };
}

export interface Uses extends Pick<CompiledWaivers, 'all' | 'byImages'> {
  readonly today: string;
  /** What each of those did that met something: of thousands a few. */
  readonly met: ReadonlyMap<WaiverOfRule, UsedWaiver>;
}

/** Neither ended nor beyond what a configuration allows. */
export function isInForce({ expires, refused }: Waiver, today: string): boolean {
  return refused === undefined && (expires === null || expires >= today);
}

/** `the waiver of pie at hullcheck.yaml:7 (owner: team-x)`. */
export function nameOf(rule: string, { origin, owner }: Waiver): string {
  return `the waiver of ${rule} at ${origin}${owner === undefined ? '' : ` (owner: ${owner})`}`;
}
