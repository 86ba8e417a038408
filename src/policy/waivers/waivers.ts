import { compare } from '../../base/compare.ts';
import { oncePer } from '../../base/once-per.ts';
import type { Note } from '../../report/policy-messages.ts';
import type {
  InactiveAcceptance,
  JudgedVerdict,
  TargetReport,
  Waived,
} from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import type { Subject } from '../subject.ts';
import { createTrusting, type Trusting } from '../words/trusting.ts';
import { compileWaivers, type WaiverOfRule } from './compile-waivers.ts';
import { type IdleWaivers, idleWaivers } from './idle-waivers.ts';
import { inactiveWaivers } from './inactive-waivers.ts';
import { waiverNotices } from './waiver-notices.ts';
import { isInForce, type UsedWaiver, unusedWaiver } from './waiver-uses.ts';

export interface Waivers {
  /** Marks a failure that a waiver in force accepts, and what could not be decided. */
  apply(verdict: JudgedVerdict, subject: Subject): JudgedVerdict;
  /** After all verdicts: which waivers do not count, end soon, or accept nothing. */
  notices(targets: readonly TargetReport[]): readonly Note[];
  /** The same and those that accept nothing, as rows. */
  inactive(targets: readonly TargetReport[]): readonly InactiveAcceptance[];
  /** After all verdicts: those in force that accept nothing. */
  idle(targets: readonly TargetReport[]): IdleWaivers;
}

export function createWaivers(
  waivers: readonly Waiver[],
  today: string,
  trusting: Trusting = createTrusting(undefined),
): Waivers {
  const { all, index, byImages } = compileWaivers(waivers);
  const met = new Map<WaiverOfRule, UsedWaiver>();
  const useOf = (each: WaiverOfRule) => {
    const use = met.get(each) ?? unusedWaiver();
    met.set(each, use);
    return use;
  };
  const find = (verdict: JudgedVerdict, subject: Subject): Waiver | undefined => {
    const matching = index.matching(subject, verdict.rule);
    // Of most verdicts there is none.
    if (matching.length === 0) return undefined;
    const [found, doubted]: [WaiverOfRule[], WaiverOfRule[]] = [[], []];
    for (const { item } of matching) {
      const { waiver } = item;
      const doubts = trusting.doubts(waiver.where, subject, () => askerOf(waiver));
      for (const doubt of doubts) useOf(item).doubts.add(doubt);
      if (doubts.length > 0) doubted.push(item);
      else if (isNamed(verdict, waiver)) found.push(item);
      else useOf(item).otherCauses.add(verdict.cause ?? 'not known');
    }
    if (found.length + doubted.length === 0) return undefined;
    const accepting = longest(found.filter(({ waiver }) => isInForce(waiver, today)));
    const open = accepting === undefined ? 1 : 0;
    for (const use of found.map(useOf)) {
      use.matched += 1;
      use.open += open;
    }
    for (const use of doubted.map(useOf)) {
      use.unaccepted += 1;
      use.unacceptedOpen += open;
    }
    if (accepting !== undefined) useOf(accepting).accepted += 1;
    return accepting?.waiver;
  };
  const uses = { all, byImages, today, met };
  let idle: IdleWaivers | null = null;
  const idleIn = (targets: readonly TargetReport[]) => {
    idle ??= idleWaivers(uses, targets);
    return idle;
  };
  return {
    apply(verdict, subject) {
      const { rule, outcome, setAside } = verdict;
      if (outcome === 'fail' || outcome === 'unknown') {
        const found = find(verdict, subject);
        return found === undefined ? verdict : { ...verdict, waived: waivedBy(found) };
      }
      // When the rule is required again, the waiver is needed again.
      if (setAside !== undefined)
        for (const { item } of index.matching(subject, rule)) useOf(item).switchedOff += 1;
      return verdict;
    },
    notices: (targets) => waiverNotices(uses, idleIn(targets)),
    inactive: (targets) => inactiveWaivers(uses, idleIn(targets)),
    idle: idleIn,
  };
}

/** Of several the one that says how long the finding is accepted, whatever their order. */
function longest(found: readonly WaiverOfRule[]): WaiverOfRule | undefined {
  const [first] = found.length < 2 ? found : found.toSorted(byEnd);
  return first;
}

/** The latest end first; no end is later than any. */
function byEnd({ waiver: a }: WaiverOfRule, { waiver: b }: WaiverOfRule): number {
  return compare(b.expires ?? '~', a.expires ?? '~') || compare(a.origin, b.origin);
}

function askerOf({ rules, origin }: Waiver): string {
  return `the waiver of ${rules.join(', ')} at ${origin}`;
}

/**
 * Who accepts that an image does not start for one cause has not accepted the next one, and has not accepted that the cause
 * is not known.
 */
function isNamed({ cause }: JudgedVerdict, { causes }: Waiver): boolean {
  return cause === undefined ? causes.length === 0 : causes.includes(cause);
}

/** One waiver accepts thousands of verdicts, which all say the same of it. */
const waivedBy = oncePer((waiver: Waiver): Waived => {
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
});
