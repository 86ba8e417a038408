import { amount } from '../../base/amount.ts';
import type { TargetReport } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import { whyNothing } from '../select.ts';
import { createWhole, type Whole } from './whole.ts';

/** What one rule of a waiver did in a run. */
export interface UsedWaiver {
  matched: number;
  /** Verdicts that a level takes away: without it they might be failures. */
  switchedOff: number;
  /** Verdicts that it selects by a word which the policy does not accept: a notice of that word names it. */
  unaccepted: number;
  /** Of failures that it would match if it named them. */
  readonly otherCauses: Set<string>;
}

export interface Uses {
  readonly today: string;
  /** undefined: it met nothing. */
  of(rule: string, place: number): UsedWaiver | undefined;
}

/** An entry of the policy that did nothing where it could have. */
export interface IdleEntry {
  /** `the waiver of pie at hullcheck.yaml:7`. */
  readonly what: string;
  /** The rest of the sentence. */
  readonly because: string;
}

/** Days before its end on which a waiver is announced to expire: time to fix what it hides. */
const announced = 14;

/** A file for many images has many waivers that one image does not need. */
const mostIdle = 10;

export function waiverNotices(
  waivers: readonly Waiver[],
  uses: Uses,
  targets: readonly TargetReport[],
): readonly string[] {
  const idle = idleWaivers(waivers, uses, targets);
  const more = idle.length - mostIdle;
  return [
    ...eachRule(waivers).flatMap(([rule, waiver, place]) =>
      noticeOf(nameOf(rule, waiver), waiver, uses, uses.of(rule, place)),
    ),
    ...idle.slice(0, mostIdle).map(({ what, because }) => `${what} ${because}`),
    ...(more > 0
      ? [`${amount(more, 'more waiver')} ${more === 1 ? 'accepts' : 'accept'} nothing here`]
      : []),
  ];
}

export function idleWaivers(
  waivers: readonly Waiver[],
  uses: Uses,
  targets: readonly TargetReport[],
): readonly IdleEntry[] {
  let whole: Whole | null = null;
  return eachRule(waivers).flatMap(([rule, waiver, place]) => {
    const use = uses.of(rule, place);
    const isUsed =
      use !== undefined && (use.matched > 0 || use.switchedOff > 0 || use.unaccepted > 0);
    const ended = waiver.expires !== null && waiver.expires < uses.today;
    if (isUsed || ended || waiver.refused !== undefined) return [];
    const what = nameOf(rule, waiver);
    const causes = use === undefined ? null : causesText(waiver, use.otherCauses);
    if (causes !== null) return [{ what, because: causes }];
    whole ??= createWhole(targets);
    const because = idleText(waiver, whole.judges(waiver.where, rule));
    return because === null ? [] : [{ what, because }];
  });
}

/** Loud, since it takes a rule out of every image. Who means that writes a glob that says so. */
export function boundlessWaivers(waivers: readonly Waiver[]): readonly string[] {
  return waivers
    .filter(({ where, causes }) => Object.keys(where).length + causes.length === 0)
    .map(
      ({ rules, origin }) =>
        `the waiver of ${rules.join(', ')} at ${origin} is for every file of every image: name a path, package, image or digest, or say so with path: '**'`,
    );
}

function idleText({ where }: Waiver, judged: ReturnType<Whole['judges']>): string | null {
  if (judged === null) return null;
  if (judged === 'all') return `matches no finding: ${whyNothing(where)}`;
  const hint = whyNothing(where, 'if it is for another image, name that image in it');
  return `accepts nothing here: ${hint}`;
}

function noticeOf(
  name: string,
  { expires, refused }: Waiver,
  { today }: Uses,
  use: UsedWaiver | undefined,
): readonly string[] {
  const matched = use?.matched ?? 0;
  if (refused !== undefined) return [`${name} does not count: ${refused}`];
  if (expires === null) return [];
  if (expires < today) {
    const found =
      matched === 0
        ? 'it would match nothing'
        : `${amount(matched, 'finding')} ${matched === 1 ? 'counts' : 'count'} again`;
    return [`${name} expired on ${expires}: ${found}`];
  }
  if (matched === 0 || daysBetween(today, expires) > announced) return [];
  return [`${name} expires after ${expires}: it hides ${amount(matched, 'finding')}`];
}

function eachRule(waivers: readonly Waiver[]): readonly (readonly [string, Waiver, number])[] {
  return waivers.flatMap((waiver, place) =>
    waiver.rules.map((rule) => [rule, waiver, place] as const),
  );
}

/** `the waiver of pie at hullcheck.yaml:7 (owner: team-x)`. */
export function nameOf(rule: string, { origin, owner }: Waiver): string {
  return `the waiver of ${rule} at ${origin}${owner === undefined ? '' : ` (owner: ${owner})`}`;
}

function causesText({ causes }: Waiver, others: ReadonlySet<string>): string | null {
  if (others.size === 0) return null;
  const named = causes.length === 0 ? 'names no cause' : `is for ${causes.join(', ')}`;
  return `${named} and accepts nothing here: the cause is ${[...others].toSorted().join('; ')}`;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
