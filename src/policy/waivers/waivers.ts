import type { JudgedVerdict, TargetReport, Waived } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import type { Subject } from '../subject.ts';
import { createTrusting, type Trusting } from '../words/trusting.ts';
import { type Indexed, indexSelectors, type SelectorIndex } from './selector-index.ts';
import { type IdleEntry, idleWaivers, type UsedWaiver, waiverNotices } from './waiver-notices.ts';

export interface Waivers {
  /** Marks a failure that a waiver in force accepts, and what could not be decided. */
  apply(verdict: JudgedVerdict, subject: Subject): JudgedVerdict;
  /** After all verdicts: which waivers do not count, end soon, or accept nothing. */
  notices(targets: readonly TargetReport[]): readonly string[];
  /** After all verdicts: those that accept nothing, where that is certain. */
  idle(targets: readonly TargetReport[]): readonly IdleEntry[];
}

export function createWaivers(
  waivers: readonly Waiver[],
  today: string,
  trusting: Trusting = createTrusting(undefined),
): Waivers {
  const byRule = indexOf(waivers);
  const used = new Map<string, UsedWaiver>();
  const useOf = (rule: string, { place }: Indexed<Waiver>) => {
    const name = `${rule}\0${place}`;
    const known = used.get(name);
    if (known !== undefined) return known;
    const fresh: UsedWaiver = { matched: 0, switchedOff: 0, unaccepted: 0, otherCauses: new Set() };
    used.set(name, fresh);
    return fresh;
  };
  const find = (verdict: JudgedVerdict, subject: Subject) => {
    const { rule, cause } = verdict;
    const found = (byRule.get(rule)?.matching(subject) ?? []).filter((entry) => {
      const { item } = entry;
      if (trusting.vouches(item.where, subject, () => askerOf(item))) return true;
      useOf(rule, entry).unaccepted += 1;
      return false;
    });
    const matching = found.filter((entry) => {
      if (isNamed(verdict, entry.item)) return true;
      useOf(rule, entry).otherCauses.add(cause ?? 'not known');
      return false;
    });
    for (const entry of matching) useOf(rule, entry).matched += 1;
    return matching.find(({ item }) => isInForce(item, today))?.item;
  };
  const uses = { today, of: (rule: string, place: number) => used.get(`${rule}\0${place}`) };
  return {
    apply(verdict, subject) {
      const { rule, outcome, setAside } = verdict;
      if (outcome === 'fail' || outcome === 'unknown') {
        const found = find(verdict, subject);
        return found === undefined ? verdict : { ...verdict, waived: waivedBy(found) };
      }
      // When the rule is required again, the waiver is needed again.
      if (setAside !== undefined)
        for (const entry of byRule.get(rule)?.matching(subject) ?? [])
          useOf(rule, entry).switchedOff += 1;
      return verdict;
    },
    notices: (targets) => waiverNotices(waivers, uses, targets),
    idle: (targets) => idleWaivers(waivers, uses, targets),
  };
}

function askerOf({ rules, origin }: Waiver): string {
  return `the waiver of ${rules.join(', ')} at ${origin}`;
}

/** Neither ended nor beyond what a configuration allows. */
export function isInForce({ expires, refused }: Waiver, today: string): boolean {
  return refused === undefined && (expires === null || expires >= today);
}

/** Many reports are judged by one policy. */
const indexes = new WeakMap<readonly Waiver[], ReadonlyMap<string, SelectorIndex<Waiver>>>();

function indexOf(waivers: readonly Waiver[]): ReadonlyMap<string, SelectorIndex<Waiver>> {
  const known = indexes.get(waivers);
  if (known !== undefined) return known;
  const places = new Map<string, Indexed<Waiver>[]>();
  for (const [place, item] of waivers.entries())
    for (const rule of item.rules) {
      const list = places.get(rule);
      if (list === undefined) places.set(rule, [{ item, place }]);
      else list.push({ item, place });
    }
  const made = new Map(
    [...places].map(([rule, list]) => [rule, withPlaces(indexSelectors(list, whereOf))]),
  );
  indexes.set(waivers, made);
  return made;
}

function whereOf({ item }: Indexed<Waiver>): Waiver['where'] {
  return item.where;
}

/** Of the whole policy, and not of those of one rule. */
function withPlaces(index: SelectorIndex<Indexed<Waiver>>): SelectorIndex<Waiver> {
  return { matching: (subject) => index.matching(subject).map(({ item }) => item) };
}

/**
 * Who accepts that an image does not start for one cause has not accepted the next one, and has not accepted that the cause
 * is not known.
 */
function isNamed({ cause, outcome }: JudgedVerdict, { causes }: Waiver): boolean {
  if (cause !== undefined) return causes.includes(cause);
  return outcome === 'fail' || causes.length === 0;
}

function waivedBy(waiver: Waiver): Waived {
  const { reason, expires, owner, approvedBy, ticket, created, origin } = waiver;
  return {
    reason,
    expires,
    ...(owner === undefined ? {} : { owner }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(created === undefined ? {} : { created }),
    origin,
  };
}
