import { amount } from '../../base/amount.ts';
import { daysBetween } from '../../base/day.ts';
import type { MessageKind, Note } from '../../report/policy-messages.ts';
import type { TargetReport } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import { whyNothing } from '../select.ts';
import { type CompiledWaivers, compileWaivers, type WaiverOfRule } from './compile-waivers.ts';
import { createWhole, type Images } from './whole.ts';

/** What one rule of a waiver did in a run. */
export interface UsedWaiver {
  matched: number;
  /** Of these, verdicts that no waiver in force accepts. */
  open: number;
  /** Verdicts that a level takes away: without it they might be failures. */
  switchedOff: number;
  /** Verdicts that it selects by a word which the policy does not accept: a notice of that word names it. */
  unaccepted: number;
  /** Of failures that it would match if it named them. */
  readonly otherCauses: Set<string>;
}

export interface Uses extends Pick<CompiledWaivers, 'all' | 'byImage'> {
  readonly today: string;
  /** undefined: it met nothing. */
  of(id: number): UsedWaiver | undefined;
}

/** An entry of the policy that did nothing where it could have. */
export interface IdleEntry {
  readonly kind: MessageKind;
  /** `the waiver of pie at hullcheck.yaml:7`. */
  readonly what: string;
  /** The rest of the sentence. */
  readonly because: string;
}

export interface IdleWaiver extends IdleEntry {
  readonly each: WaiverOfRule;
}

/** The first of them, and how many there are. */
export interface IdleWaivers {
  readonly first: readonly IdleWaiver[];
  readonly count: number;
}

/** Days before its end on which a waiver is announced to expire: time to fix what it hides. */
const announced = 14;

/** A file for many images has many waivers that one image does not need. */
const mostIdle = 200;
const mostSentences = 10;

export function waiverNotices(uses: Uses, { first, count }: IdleWaivers): readonly Note[] {
  const shown = first.slice(0, mostSentences);
  const more = count - shown.length;
  const ending = endingBefore(uses.all, uses.today);
  return [
    ...ending.flatMap((each) => noticeOf(each, uses.today, uses.of(each.id)) ?? []),
    ...shown.map(({ kind, what, because, each: { rule, waiver } }) => ({
      ...{ kind, message: `${what} ${because}` },
      ...aboutOf(rule, waiver),
    })),
    ...(more > 0
      ? [
          {
            kind: 'waiver-unused' as const,
            message: `${amount(more, 'more waiver')} ${more === 1 ? 'accepts' : 'accept'} nothing here`,
            count: more,
          },
        ]
      : []),
  ];
}

function aboutOf(rule: string, { origin }: Waiver): Pick<Note, 'rules' | 'origin'> {
  return { rules: [rule], origin };
}

/** Those of which there may be something to say whatever was judged. Few, and the same for every report of a day. */
export function endingBefore(all: readonly WaiverOfRule[], today: string): readonly WaiverOfRule[] {
  const known = ending.get(all);
  if (known?.today === today) return known.found;
  const found = all.filter(({ waiver: { expires, refused } }) => {
    const isEnding = expires !== null && daysBetween(today, expires) <= announced;
    return refused !== undefined || isEnding;
  });
  ending.set(all, { today, found });
  return found;
}

const ending = new WeakMap<
  readonly WaiverOfRule[],
  { readonly today: string; readonly found: readonly WaiverOfRule[] }
>();

export function idleWaivers(uses: Uses, targets: readonly TargetReport[]): IdleWaivers {
  // Looks at every verdict, and most runs have no waiver.
  if (uses.byImage.length === 0) return { first: [], count: 0 };
  const whole = createWhole(targets);
  const first: IdleWaiver[] = [];
  let count = 0;
  for (const group of inForceBy(uses)) {
    const images = whole.among(group[0]?.waiver.where.image);
    if (images.isEmpty) continue;
    for (const each of group) {
      const why = whyIdle(each, uses, images);
      if (why === null) continue;
      count += 1;
      if (count <= mostIdle) {
        const [what, because] = [nameOf(each.rule, each.waiver), idleText(each.waiver, why)];
        first.push({ kind: 'waiver-unused', what, because, each });
      }
    }
  }
  return { first, count };
}

/** By images, without those of which nothing is said. The same for every report of a day. */
function inForceBy({ byImage, today }: Uses): CompiledWaivers['byImage'] {
  const known = inForce.get(byImage);
  if (known?.today === today) return known.groups;
  const groups = byImage
    .map((group) => group.filter(({ waiver }) => isInForce(waiver, today)))
    .filter((group) => group.length > 0);
  inForce.set(byImage, { today, groups });
  return groups;
}

const inForce = new WeakMap<
  CompiledWaivers['byImage'],
  { readonly today: string; readonly groups: CompiledWaivers['byImage'] }
>();

/** As `judges` of the images says it, or the causes that a verdict has instead; null: it is used, or nobody can know. */
type WhyIdle = 'all' | 'here' | { readonly others: ReadonlySet<string> };

function whyIdle({ id, rule, waiver }: WaiverOfRule, uses: Uses, images: Images): WhyIdle | null {
  const use = uses.of(id);
  if (use !== undefined && use.matched + use.switchedOff + use.unaccepted > 0) return null;
  if (use !== undefined && use.otherCauses.size > 0) return { others: use.otherCauses };
  return images.judges(rule, waiver.where.path);
}

function idleText(waiver: Waiver, why: WhyIdle): string {
  if (typeof why === 'object') return causesText(waiver, why.others);
  if (why === 'all') return `matches no finding: ${whyNothing(waiver.where)}`;
  const hint = whyNothing(waiver.where, 'if it is for another image, name that image in it');
  return `accepts nothing here: ${hint}`;
}

/** Neither ended nor beyond what a configuration allows. */
export function isInForce({ expires, refused }: Waiver, today: string): boolean {
  return refused === undefined && (expires === null || expires >= today);
}

/** Loud, since it takes a rule out of every image. Who means that writes a glob that says so. */
export function boundlessWaivers(waivers: readonly Waiver[]): readonly Note[] {
  return compileWaivers(waivers).boundless.map(({ rules, origin }) => ({
    kind: 'waiver-boundless',
    message: `the waiver of ${rules.join(', ')} at ${origin} is for every file of every image: name a path, package, image or digest, or say so with path: '**'`,
    rules,
    origin,
  }));
}

function noticeOf(
  { rule, waiver }: WaiverOfRule,
  today: string,
  used: UsedWaiver | undefined,
): Note | null {
  const { expires, refused } = waiver;
  const { matched, open } = used ?? { matched: 0, open: 0 };
  const note = (kind: MessageKind, rest: string, count: number): Note => ({
    ...{ kind, message: `${nameOf(rule, waiver)} ${rest}` },
    ...aboutOf(rule, waiver),
    count,
  });
  if (refused !== undefined) return note('waiver-refused', `does not count: ${refused}`, open);
  if (expires === null) return null;
  if (expires < today) {
    const found =
      matched === 0
        ? 'it would match nothing'
        : open === 0
          ? 'another one accepts what it matches'
          : `${amount(open, 'finding')} ${open === 1 ? 'counts' : 'count'} again`;
    return note('waiver-ended', `expired on ${expires}: ${found}`, open);
  }
  if (matched === 0 || daysBetween(today, expires) > announced) return null;
  return note(
    'waiver-ending',
    `expires after ${expires}: it hides ${amount(matched, 'finding')}`,
    matched,
  );
}

/** `the waiver of pie at hullcheck.yaml:7 (owner: team-x)`. */
export function nameOf(rule: string, { origin, owner }: Waiver): string {
  return `the waiver of ${rule} at ${origin}${owner === undefined ? '' : ` (owner: ${owner})`}`;
}

function causesText({ causes }: Waiver, others: ReadonlySet<string>): string {
  const named = causes.length === 0 ? 'names no cause' : `is for ${causes.join(', ')}`;
  return `${named} and accepts nothing here: the cause is ${[...others].toSorted().join('; ')}`;
}
