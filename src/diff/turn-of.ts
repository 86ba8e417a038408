import { listed } from '../base/amount.ts';
import type { Degree } from '../base/verdict.ts';
import { isFinding } from '../report/finding.ts';
import type { JudgedVerdict } from '../report/report.ts';
import { type CallNames, type Fall, fallOf } from './degrees/fall-of.ts';
import { isAtThreshold, isNoneLost, newCodeText } from './degrees/new-code.ts';
import { weightOf } from './weight-of.ts';

/** Which way a verdict of the same rule on the same binary turned; null: it says the same. */
export type Turn = 'worse' | 'better' | 'neutral' | 'unseen';

export interface Turned {
  readonly turn: Turn | null;
  /** There is less of the mitigation, whatever the outcome is. */
  readonly fall: Fall | null;
  /** Of what is worse and was not lost: the code is new. A sentence. */
  readonly newCode: string | null;
  /** Of what is neutral: what is listed, though nobody knows what it comes from. A sentence. */
  readonly open: string | null;
  /** There is more of it. */
  readonly isRise: boolean;
}

/** What of a pair of binaries decides next to their verdicts. */
export interface PairContext {
  /** The old file had a symbol table or debug information, and the new one has none. */
  readonly isStripped: boolean;
  /** All code of the new file is in a language that needs no mitigation of C, which is proven. */
  readonly isWithoutC: boolean;
  /** Of the checks of FORTIFY, from the old file to the new one. */
  readonly calls: CallNames;
  /** And from the new one to the old one. */
  readonly reverseCalls: CallNames;
  /** Nothing in the new file shows which C library it is for. */
  readonly isOfAnyLibc: boolean;
}

/** By the outcome on both sides. What fails and is accepted turns by what it weighs alone. */
export function turnOf(was: JudgedVerdict, is: JudgedVerdict, context: PairContext): Turned {
  const fall = fallBetween(was, is, context.calls);
  const isRise = fallBetween(is, was, context.reverseCalls) !== null;
  const moved = { fall, isRise };
  const turn = turnBy(was, is, context, moved);
  const newCode = turn === 'worse' && fall === null ? newCodeText(was, is) : null;
  const open = turn === null ? openText(was, is, context) : null;
  return { turn: open === null ? turn : 'neutral', newCode, open, ...moved };
}

/** New code whose sizes nobody knows looks like code that was built without: nearly all functions with checks are called without them too. */
function openText(
  was: JudgedVerdict,
  is: JudgedVerdict,
  { calls, reverseCalls }: PairContext,
): string | null {
  if (is.rule !== 'fortify-source' || was.outcome !== 'pass' || is.outcome !== 'pass') return null;
  if (was.degree?.level !== undefined || is.degree?.level !== undefined) return null;
  const now = isMostPlain(is, calls);
  if (!now && !isMostPlain(was, reverseCalls)) return null;
  const { too = [] } = (now ? calls : reverseCalls).newlyPlain ?? {};
  return now
    ? `${listed(too)} were always called with checks, and are called without too: new code, or a part that was built without _FORTIFY_SOURCE`
    : `${listed(too)} are always called with checks, and were called without too`;
}

const fewestPlain = 3;

function isMostPlain({ degree }: JudgedVerdict, { newlyPlain }: CallNames): boolean {
  const count = newlyPlain?.too.length ?? 0;
  return count >= fewestPlain && 2 * count >= (degree?.share?.[0] ?? 0);
}

type Moved = Pick<Turned, 'fall' | 'isRise'>;

function turnBy(
  was: JudgedVerdict,
  is: JudgedVerdict,
  context: PairContext,
  moved: Moved,
): Turn | null {
  switch (is.outcome) {
    case 'fail':
      return failing(was, is, moved);
    case 'unknown':
      return undecided(was, is, context, moved);
    case 'pass':
      if (was.outcome === 'pass') return ofDegree(moved);
      return weightOf(was) > 0 ? 'better' : null;
    case 'not-applicable':
      return inapplicable(was, is, context, moved);
  }
}

function fallBetween(was: JudgedVerdict, is: JudgedVerdict, calls: CallNames): Fall | null {
  return was.degree === undefined || is.degree === undefined
    ? null
    : fallOf(is.rule, was.degree, is.degree, calls);
}

function ofDegree({ fall, isRise }: Moved): Turn | null {
  if (fall !== null) return 'worse';
  return isRise ? 'better' : null;
}

function failing(was: JudgedVerdict, is: JudgedVerdict, moved: Moved): Turn | null {
  const change = weightOf(is) - weightOf(was);
  if (change > 0 && moved.fall === null) {
    if (isFewerPads(was, is) || isNoneLost(was, is)) return 'neutral';
    if (isAtThreshold(was, is) && newCodeText(was, is) === null) return 'neutral';
  }
  if (change < 0 && !moved.isRise && isFewerPads(was, is)) return 'neutral';
  if (change !== 0) return change > 0 ? 'worse' : 'better';
  if (was.outcome !== 'fail' || !isFinding(is)) return null;
  // What was wrong is gone, and something else is wrong now.
  return was.cause === is.cause ? ofDegree(moved) : 'worse';
}

/** Both fail: the code of one was ready, and that the other's is not has another cause than its options. */
function isFewerPads(was: JudgedVerdict, is: JudgedVerdict): boolean {
  const isPads = is.rule === 'control-flow-protection' && was.outcome === 'fail';
  return isPads && was.degree?.share !== undefined && is.degree?.share !== undefined;
}

/** A failure that cannot be seen any more was not fixed. */
function undecided(
  was: JudgedVerdict,
  is: JudgedVerdict,
  { isStripped, calls, isOfAnyLibc }: PairContext,
  moved: Moved,
): Turn | null {
  const isSeen = is.undecidedBy === undefined;
  const isHidden = isStripped && isSeen && !isLessCounted(was, is);
  const unseen = isHidden ? 'unseen' : null;
  switch (was.outcome) {
    case 'pass':
      if (is.rule === 'fortify-source' && isSeen && calls.isNoneUnchecked) return 'neutral';
      if (is.rule === 'musl-linkage' && isSeen && isOfAnyLibc) return 'neutral';
      return unseen ?? 'worse';
    case 'fail':
      return unseen ?? 'neutral';
    case 'unknown':
      return ofDegree(moved);
    case 'not-applicable':
      return isSeen ? 'neutral' : 'worse';
  }
}

/** What is counted in both files was not hidden by stripping one of them. */
function isLessCounted({ degree: was }: JudgedVerdict, { degree: is }: JudgedVerdict): boolean {
  if (!was?.share || !is?.share || was.mixed === true || is.mixed === true) return false;
  return is.share[1] > 0 && is.share[0] * was.share[1] < was.share[0] * is.share[1];
}

/** A rule that does not apply any more: because nothing is left that it is about, or because nothing shows it. */
function inapplicable(
  was: JudgedVerdict,
  is: JudgedVerdict,
  { isWithoutC }: PairContext,
  { fall }: Moved,
): Turn | null {
  const isLeft = !isWithoutC && maySeeNothing.has(is.rule) && !isNothing(is.degree);
  switch (was.outcome) {
    case 'pass':
      if (isLeft) return 'worse';
      return isUncounted(was) ? 'neutral' : null;
    case 'fail':
      return isLeft ? 'neutral' : weightOf(was) > 0 ? 'better' : null;
    case 'unknown':
      return fall !== null && !isWithoutC ? 'worse' : 'neutral';
    case 'not-applicable':
      return fall !== null && !isWithoutC ? 'worse' : null;
  }
}

/** Rules that do not apply next to another language where no code of C is seen, which may be there and not be recognised. */
const maySeeNothing: ReadonlySet<string> = new Set([
  'stack-protector',
  'fortify-source',
  'stack-clash-protection',
  'control-flow-protection',
]);

/**
 * It passed by something that is not among what needs it: probes of frames whose size only run time knows. That these are gone says
 * neither that the option was lost nor that the frames are gone, so it is listed.
 */
function isUncounted({ degree }: JudgedVerdict): boolean {
  return isNothing(degree);
}

/** It was looked, and nothing needs the mitigation. */
function isNothing(degree: Degree | undefined): boolean {
  return degree?.share?.[1] === 0 && degree.mixed === undefined;
}
