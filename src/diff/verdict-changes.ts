import { isDeepStrictEqual } from 'node:util';
import { type Severity, severities } from '../base/verdict.ts';
import { factAt, type Subject, whoseOf } from '../policy/subject.ts';
import { bare } from '../policy/unweighed.ts';
import { severityOfLess, standingOf } from '../policy/worse.ts';
import { isBinary } from '../report/all-judged.ts';
import type { JudgedVerdict } from '../report/report.ts';
import { binaryChange, type Places } from './binary-change.ts';
import type { CallNames } from './degrees/fall-of.ts';
import { isNoneUnchecked, newlyPlain } from './degrees/uncalled.ts';
import type { BinaryChange, VerdictChange } from './difference.ts';
import { type GoneFiles, type GoneFor, goneText } from './gone-files.ts';
import { isNamed } from './kind-of.ts';
import type { Pair } from './pair-binaries.ts';
import { type PairContext, type Turn, type Turned, turnOf } from './turn-of.ts';
import { weightOf } from './weight-of.ts';

export interface TurnedChange {
  readonly change: VerdictChange;
  readonly direction: Turn | 'by policy';
  readonly weight: number;
  /** The binary, as it was; null: it was not there. */
  readonly was: Subject | null;
  /** The binary, as it is now. */
  readonly subject: Subject | null;
}

/** Whether a change that weighs nothing by itself is asked of the new release. */
export type Counts = (change: VerdictChange) => boolean;

/** What a change is asked by besides the pair. */
export interface Asking {
  readonly places: Places;
  readonly counts: Counts;
  readonly goneFor: GoneFor;
}

/** What the rules say otherwise of one binary than before. */
export function verdictChanges(
  pair: Pair,
  { places, counts, goneFor }: Asking,
): readonly TurnedChange[] {
  // The findings of a file that is gone are counted with it.
  if (pair.new === null && pair.old !== null && isBinary(pair.old.judged)) return [];
  if (saysTheSame(pair)) return [];
  const sides = [byRule(pair.old), byRule(pair.new)] as const;
  const [before, after] = sides;
  const place = binaryChange(pair, places);
  const isPaired = pair.old !== null && pair.new !== null;
  const context = contextOf(pair);
  const gone = pair.old === null && pair.new !== null ? goneFor(pair.new) : null;
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((rule) => {
    const [was, given] = sides.map((verdicts) => alone(verdicts.get(rule), sides, context));
    const is = asYours(pair, was, given);
    // A rule that only one of two scans asked says nothing of a change.
    if (isPaired && (!was || !is)) return [];
    const lostOf = isLostOf(gone, is, context) ? gone : null;
    const { turn: own, ...moved } = turned(was, is, context);
    const isWaived =
      isAccepted(is) &&
      (lostOf !== null || (isPaired && ownTurn(sides, rule, context) === 'worse'));
    const turn = own === null && isWaived ? 'worse' : own;
    if (turn === null) return [];
    const byPolicy = isWaived || (isPaired && isByPolicy(sides, rule, turn, context));
    const shown = turn === 'better' ? was : is;
    const fall = turn === 'better' ? null : moved.fall;
    const severity = severityOf(shown ?? was, turn === 'better' ? moved.isRise : fall !== null);
    const newCode = turn === 'worse' ? moved.newCode : null;
    const open = turn === 'neutral' ? moved.open : null;
    const change = inPlaceOf(
      lostOf,
      pair,
      changeOf(place, rule, [was, is], { severity, fall, newCode, open, shown }),
    );
    const isGone = was?.outcome === 'pass' && is?.outcome === 'not-applicable';
    const said = turn === 'better' || isGone ? withBefore(change, was, is) : change;
    return [
      {
        direction: byPolicy ? 'by policy' : directionOf(turn, said, counts),
        weight:
          2 * (severities.length - severities.indexOf(severity)) + (isFailing(was, is) ? 1 : 0),
        was: pair.old,
        subject: pair.new,
        change: said,
      },
    ];
  });
}

/** Most files of a release are those of the one before, and so is nearly all that is said of them. */
function saysTheSame({ old, new: fresh }: Pair): boolean {
  if (old === null || fresh === null) return false;
  // Equal verdicts can be of functions that were called and are not any more.
  if (old.judged.sha256 !== fresh.judged.sha256) return false;
  const [before, after] = [old.judged.verdicts, fresh.judged.verdicts];
  return before.length === after.length && before.every((was, at) => areEqual(was, after[at]));
}

/** Of one run, what they consist of is the same, and each has its own marks. */
function areEqual(was: JudgedVerdict, is: JudgedVerdict | undefined): boolean {
  if (was === is) return true;
  if (is === undefined || Object.keys(was).length !== Object.keys(is).length) return false;
  let name: keyof JudgedVerdict;
  for (name in was)
    if (was[name] !== is[name] && !isDeepStrictEqual(was[name], is[name])) return false;
  return true;
}

/** What was there before, with its figures. */
function withBefore(
  change: VerdictChange,
  was: JudgedVerdict | undefined,
  is: JudgedVerdict | undefined,
): VerdictChange {
  const isSaid = was === undefined || is === undefined || was.message === is.message;
  return isSaid ? change : { ...change, message: `${is.message} (before: ${was.message})` };
}

/** What the policy accepts of the new release did not get better by that. */
function isAccepted(verdict: JudgedVerdict | undefined): boolean {
  return verdict?.waived !== undefined || verdict?.baselined !== undefined;
}

/** Whether a new file lacks what the files had that are gone. */
function isLostOf(
  gone: GoneFiles | null,
  is: JudgedVerdict | undefined,
  context: ReturnType<typeof contextOf>,
): boolean {
  const was = is === undefined ? undefined : gone?.passOf(is.rule);
  if (gone === null || was === undefined || is === undefined) return false;
  const isStripped = gone.hasNames && !context.isNamed;
  return (
    is.outcome !== 'not-applicable' &&
    turnOf(bare(was), bare(is), { ...context, isStripped }).turn === 'worse'
  );
}

function inPlaceOf(
  gone: GoneFiles | null,
  { new: fresh }: Pair,
  change: VerdictChange,
): VerdictChange {
  if (gone === null || fresh === null) return change;
  const whose = whoseOf(fresh);
  return {
    ...change,
    ...(whose === 'yours' ? {} : { wasOf: 'yours' as const }),
    passedIn: gone.path,
    message: `${change.message} (new here; ${goneText(gone)})`,
  };
}

/**
 * What was yours is asked as yours: that a profile does not require it of files of the distribution explains no loss.
 */
function asYours(
  { old, new: fresh }: Pair,
  was: JudgedVerdict | undefined,
  is: JudgedVerdict | undefined,
): JudgedVerdict | undefined {
  if (old === null || fresh === null || was === undefined || is === undefined) return is;
  const isMoved = whoseOf(old) === 'yours' && whoseOf(fresh) !== 'yours';
  return isMoved && is.setAside === 'not-required' && was.setAside === undefined ? bare(is) : is;
}

/** A failure that is counted with one which was there before and still is has changed by itself. */
function alone(
  verdict: JudgedVerdict | undefined,
  sides: readonly [ByRule, ByRule],
  context: PairContext,
): JudgedVerdict | undefined {
  if (verdict?.countedWith === undefined || ownTurn(sides, verdict.countedWith, context) !== null)
    return verdict;
  const { countedWith: _, ...own } = verdict;
  return own;
}

/** Of the verdicts as the rule gave them. */
function ownTurn(
  [was, is]: readonly [ByRule, ByRule],
  rule: string,
  context: PairContext,
): Turn | null {
  const [before, after] = [was.get(rule), is.get(rule)];
  if (before === undefined || after === undefined) return null;
  return turnOf(bare(before), bare(after), context).turn;
}

function turned(
  was: JudgedVerdict | undefined,
  is: JudgedVerdict | undefined,
  context: PairContext,
): Turned {
  if (was !== undefined && is !== undefined) return turnOf(was, is, context);
  const change = weightOf(is) - weightOf(was);
  const turn = change === 0 ? null : change > 0 ? 'worse' : 'better';
  return { turn, fall: null, newCode: null, open: null, isRise: false };
}

function isFailing(...verdicts: readonly (JudgedVerdict | undefined)[]): boolean {
  return verdicts.some((verdict) => verdict?.outcome === 'fail');
}

function directionOf(turn: Turn, change: VerdictChange, counts: Counts): Turn {
  // Nothing was lost where the rule did not apply: as light as a note, unless unknown verdicts are asked.
  const isOpen =
    turn === 'neutral' && change.after === 'unknown' && change.before === 'not-applicable';
  const isLight = turn === 'worse' && change.severity === 'note';
  if ((isOpen || isLight) && counts({ ...change, severity: 'note' })) return 'worse';
  return turn !== 'unseen' && change.severity === 'note' ? 'neutral' : turn;
}

export function severityOf(verdict: JudgedVerdict | undefined, isMoved: boolean): Severity {
  return verdict !== undefined && isMoved ? severityOfLess(verdict) : (verdict?.severity ?? 'note');
}

function changeOf(
  place: BinaryChange,
  rule: string,
  [was, is]: readonly [JudgedVerdict | undefined, JudgedVerdict | undefined],
  {
    severity,
    fall,
    newCode,
    open,
    shown,
  }: Pick<Turned, 'fall' | 'newCode' | 'open'> & {
    readonly severity: Severity;
    readonly shown: JudgedVerdict | undefined;
  },
): VerdictChange {
  const [before, after] = [was?.degree ?? null, is?.degree ?? null];
  return {
    ...place,
    rule,
    before: was === undefined ? null : standingOf(was),
    after: is === undefined ? null : standingOf(is),
    severity,
    ...(before === null && after === null ? {} : { degree: { before, after } }),
    ...(shown?.outsideGate === undefined ? {} : { outsideGate: shown.outsideGate }),
    ...(newCode === null ? {} : { newCode: true }),
    message:
      newCode ??
      open ??
      (was?.outcome === is?.outcome ? fall?.text : undefined) ??
      (is ?? was)?.message ??
      '',
  };
}

type ByRule = ReadonlyMap<string, JudgedVerdict>;

function byRule(subject: Subject | null): ByRule {
  return new Map((subject?.judged.verdicts ?? []).map((verdict) => [verdict.rule, verdict]));
}

/**
 * Whether the rule itself says nothing that points the same way: what changed is what the policies make of it. What was counted
 * with another verdict depends on that one.
 */
function isByPolicy(
  sides: readonly [ByRule, ByRule],
  rule: string,
  turn: Turn,
  context: PairContext,
): boolean {
  if (ownTurn(sides, rule, context) === turn) return false;
  const [was, is] = sides;
  const withOther = was.get(rule)?.countedWith ?? is.get(rule)?.countedWith;
  return withOther === undefined || ownTurn(sides, withOther, context) !== opposite(turn);
}

function opposite(turn: Turn): Turn {
  return turn === 'worse' ? 'better' : turn === 'better' ? 'worse' : turn;
}

export function contextOf({ old, new: fresh }: Pair): PairContext & { readonly isNamed: boolean } {
  const isBoth = old !== null && fresh !== null;
  const isGo = fresh !== null && factAt(fresh.judged, 'go.table') === true;
  return {
    isNamed: isNamed(fresh),
    isStripped: isNamed(old) && !isNamed(fresh),
    isOfAnyLibc: fresh !== null && factAt(fresh.judged, 'libc.name') === 'unknown',
    calls: isBoth ? callsBetween(old, fresh) : {},
    reverseCalls: isBoth ? callsBetween(fresh, old) : {},
    isWithoutC: isGo && factAt(fresh.judged, 'go.cgo') === false,
  };
}

function callsBetween(old: Subject, fresh: Subject): CallNames {
  return { isNoneUnchecked: isNoneUnchecked(old, fresh), newlyPlain: newlyPlain(old, fresh) };
}
