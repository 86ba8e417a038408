import { amount, listed } from '../../base/amount.ts';
import { furtherFaults } from '../../base/further-faults.ts';
import type { Degree } from '../../base/verdict.ts';
import { isShareLost } from './share-lost.ts';
import type { NewlyPlain } from './uncalled.ts';

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
export function fallOf(rule: string, was: Degree, is: Degree, calls: CallNames = {}): Fall | null {
  const own = falls[rule];
  return own === undefined ? furtherFault(was, is) : own(was, is, calls);
}

/** What names show of the functions that the two files call. */
export interface CallNames {
  /** Each function that was checked is, or is not called any more. */
  readonly isNoneUnchecked?: boolean;
  readonly newlyPlain?: NewlyPlain | null;
}

type Compare = (was: Degree, is: Degree, calls: CallNames) => Fall | null;

const falls: Readonly<Record<string, Compare | undefined>> = {
  'stack-protector': (was, is) => canariesGone(was, is) ?? fewerCanaries(was, is),
  'fortify-source': (was, is, { isNoneUnchecked, newlyPlain }) =>
    lowerLevel(was, is) ??
    (isNoneUnchecked ? null : (fewerChecked(was, is) ?? plainByName(was, is, newlyPlain))),
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
  // Where nothing was there, a note that was forced brings shadow stacks: more than before.
  'control-flow-protection': (was, is) =>
    (was.parts?.length ? furtherFault(was, is) : null) ?? lostParts(was, is),
  'stack-clash-protection': (was, is) =>
    isShareLost(was.share, is.share)
      ? {
          text: `${functionsText(was)} with large frames touched them page by page, now ${shareText(is)}`,
          lost: [],
        }
      : null,
};

function lowerLevel(was: Degree, is: Degree): Fall | null {
  if (was.level === undefined || is.level === undefined) return null;
  const [before, after] = [Number(was.level), Number(is.level)];
  if (!(after < before)) return null;
  return {
    text: `calls were checked at level ${before}, now ${after === 0 ? 'none is checked' : `at level ${after}`}`,
    lost: [String(before)],
  };
}

/** A single checked call, of another library or of dead code, does not make up for those that are gone. */
function fewerChecked(was: Degree, is: Degree): Fall | null {
  const isLevelGone = was.level !== undefined && is.level === undefined;
  const isLess = isShareLost(was.share, is.share) || (isLevelGone && isHalved(was.share, is.share));
  if (!isLess || was.share === undefined || is.share === undefined) return null;
  // Further functions that are called where no size is known take nothing away.
  if (is.share[0] >= was.share[0]) return null;
  return {
    text: `${was.share[0]} of ${amount(was.share[1], 'function')} with a checked variant ${was.share[0] === 1 ? 'was' : 'were'} checked${was.level === undefined ? '' : ` at level ${was.level}`}, now ${shareText(is)}`,
    lost: levelOf(was),
  };
}

/** Where no call shows a level, two functions that are never checked any more do: a lower one leaves sizes alone that only run time knows. */
function plainByName(
  { level: was }: Degree,
  { level: is }: Degree,
  newlyPlain: NewlyPlain | null = null,
): Fall | null {
  const { alone } = newlyPlain ?? { alone: [] };
  if (alone.length < fewestPlain || (was !== undefined && is !== undefined)) return null;
  return {
    text: `${listed(alone)} were called with checks, and are now without: _FORTIFY_SOURCE has a lower level, or was lost in part of the code`,
    lost: [],
  };
}

/** One alone may be called for another size. */
const fewestPlain = 2;

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

/**
 * Landing pads are counted: a share that passes a threshold is not a protection that was switched off. Only functions that something
 * jumps to by address need one, so link-time optimisation, or a release with fewer functions, leaves a few of many (measured: 1 of 15,
 * that of `main`). Without the option hardly any is left.
 */
function lostParts(was: Degree, is: Degree): Fall | null {
  const lost = (was.parts ?? []).filter((part) => !(is.parts ?? []).includes(part));
  // The functions of a C library that only one of the files brings are not the program's own.
  const isSame = was.mixed === is.mixed;
  const clearly = lost.filter((part) => {
    if (part === 'landing pads') return isSame && isPadless(is);
    if (part === 'bti instructions') return isSame && arePadsLost(was, is);
    return part !== 'signed returns' || isSame;
  });
  if (clearly.length === 0 || is.parts === undefined) return null;
  const left = is.parts.length === 0 ? 'nothing' : `only ${listed(is.parts)}`;
  return { text: `${listed(was.parts ?? [])} were there, now ${left}`, lost: clearly };
}

function isPadless({ share }: Degree): boolean {
  return share === undefined || share[0] <= fewestPads * share[1];
}

const fewestPads = 0.02;

/** None is left that does nothing else, and at least as many functions are without one as no small change explains. */
function arePadsLost({ share: was }: Degree, { share: is }: Degree): boolean {
  if (was === undefined || is === undefined || was[1] === 0) return false;
  // Where as many are left, a function that now signs has another instruction in its place.
  return Math.min(was[0], (was[0] / was[1]) * is[1]) - is[0] >= fewestLost;
}

const fewestLost = 2;

function isHalved(was: Degree['share'], is: Degree['share']): boolean {
  if (was === undefined || is === undefined) return true;
  return 2 * is[0] * was[1] < was[0] * is[1];
}

function furtherFault(was: Degree, is: Degree): Fall | null {
  const further = was.faults === undefined ? [] : furtherFaults(was.faults, is.faults ?? []);
  return further.length === 0
    ? null
    : { text: `${listed(further)} ${further.length === 1 ? 'is' : 'are'} new in it`, lost: [] };
}

function functionsText({ share }: Degree): string {
  return share === undefined ? 'some functions' : `${share[0]} of ${amount(share[1], 'function')}`;
}

function shareText({ share }: Degree): string {
  return share === undefined ? 'some' : `${share[0]} of ${share[1]}`;
}
