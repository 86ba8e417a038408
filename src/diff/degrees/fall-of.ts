import { amount, listed } from '../../base/amount.ts';
import type { Degree } from '../../base/verdict.ts';
import { isShareLost } from './share-lost.ts';

/** What of a mitigation is there no more. */
export interface Fall {
  /** What was and what is, as a part of a sentence: `142 of 160 functions had a canary, now 37 of 158`. */
  readonly text: string;
  /** Of it, what an option is known for. */
  readonly lost: readonly string[];
}

/**
 * Whether there is clearly less of it than before; null: there is not, or the two cannot be compared. A release changes its code, and
 * with it how many functions have what: a figure that falls a little says nothing.
 */
export function fallOf(rule: string, was: Degree, is: Degree): Fall | null {
  return falls[rule]?.(was, is) ?? furtherFault(was, is);
}

type Compare = (was: Degree, is: Degree) => Fall | null;

const falls: Readonly<Record<string, Compare | undefined>> = {
  'stack-protector': (was, is) => canariesGone(was, is) ?? fewerCanaries(was, is),
  'fortify-source': (was, is) => {
    const [before, after] = [was.level, is.level].map(Number);
    if (before === undefined || after === undefined || !(after < before)) return null;
    return {
      text: `calls were checked at level ${before}, now ${after === 0 ? 'none is checked' : `at level ${after}`}`,
      lost: [String(before)],
    };
  },
  relro: (was, is) => {
    const steps = ['none', 'partial', 'full'];
    const [before = 'none', after = 'none'] = [was.level, is.level];
    if (was.level === undefined || is.level === undefined) return null;
    if (steps.indexOf(after) >= steps.indexOf(before)) return null;
    return {
      text: `RELRO was ${before}, now ${after === 'none' ? 'there is none' : `it is ${after}`}`,
      lost: [after],
    };
  },
  'control-flow-protection': lostParts,
  'stack-clash-protection': (was, is) =>
    isShareLost(was.share, is.share)
      ? {
          text: `${functionsText(was)} with large frames touched them page by page, now ${shareText(is)}`,
          lost: [],
        }
      : null,
};

/** Next to another language the functions of C are not always known apart. Canaries that were there and are gone show anyway. */
function canariesGone({ share: was }: Degree, { share: is, mixed }: Degree): Fall | null {
  if (was === undefined || is === undefined || was[0] < 2 || is[0] > 0) return null;
  if (is[1] === 0 && mixed === undefined) return null;
  return {
    text: `${amount(was[0], 'function')} had a canary, and all of these canaries are gone`,
    lost: [],
  };
}

function fewerCanaries(was: Degree, is: Degree): Fall | null {
  if (was.mixed || is.mixed) return null;
  if (isShareLost(was.share, is.share))
    return {
      text: `${functionsText(was)} had a canary, now ${shareText(is)}`,
      lost: levelOf(was),
    };
  // All functions had one, and now those that need it have.
  const isLess = was.level === 'all' && (is.level === 'strong' || is.level === 'plain');
  return isLess
    ? { text: 'every function had a canary, now only those that need one have', lost: ['all'] }
    : null;
}

function levelOf({ level }: Degree): readonly string[] {
  return level === undefined ? [] : [level];
}

/** Landing pads are counted: a share that passes a threshold is not a protection that was switched off. */
function lostParts(was: Degree, is: Degree): Fall | null {
  const lost = (was.parts ?? []).filter((part) => !(is.parts ?? []).includes(part));
  const clearly = lost.filter((part) => part !== 'landing pads' || isHalved(was.share, is.share));
  if (clearly.length === 0 || is.parts === undefined) return null;
  const left = is.parts.length === 0 ? 'nothing' : `only ${listed(is.parts)}`;
  return { text: `${listed(was.parts ?? [])} were there, now ${left}`, lost: clearly };
}

function isHalved(was: Degree['share'], is: Degree['share']): boolean {
  if (was === undefined || is === undefined) return true;
  return 2 * is[0] * was[1] < was[0] * is[1];
}

function furtherFault(was: Degree, is: Degree): Fall | null {
  const known = new Set((was.faults ?? []).map(withoutNumbers));
  const further = (is.faults ?? []).filter((fault) => !known.has(withoutNumbers(fault)));
  return further.length === 0 || was.faults === undefined
    ? null
    : { text: `${listed(further)} ${further.length === 1 ? 'is' : 'are'} new in it`, lost: [] };
}

/** The version in a path is another in each release. */
function withoutNumbers(fault: string): string {
  return fault.replace(/\d+/g, '#');
}

function functionsText({ share }: Degree): string {
  return share === undefined ? 'some functions' : `${share[0]} of ${amount(share[1], 'function')}`;
}

function shareText({ share }: Degree): string {
  return share === undefined ? 'some' : `${share[0]} of ${share[1]}`;
}
