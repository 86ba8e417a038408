import { groupBy } from '../../base/group-by.ts';
import { oncePerDay } from '../../base/once-per.ts';
import type { MessageKind } from '../../report/policy-messages.ts';
import type { TargetReport } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import { whyNothing } from '../select.ts';
import type { CompiledWaivers, WaiverOfRule } from './compile-waivers.ts';
import { isInForce, nameOf, type UsedWaiver, type Uses } from './waiver-uses.ts';
import { type Images, wholeOf } from './whole.ts';

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

/** A waiver in force that accepted nothing, although nobody can say that it does nothing. */
export interface RestingWaiver {
  readonly state: 'elsewhere' | 'idle';
  readonly because: string;
  readonly each: WaiverOfRule;
}

/** Waivers in force that accepted nothing. */
export interface IdleWaivers {
  /** Without a finding: the first of them, and how many there are. */
  readonly first: readonly IdleWaiver[];
  readonly count: number;
  /** The first of the others, and how many there are. */
  readonly resting: readonly RestingWaiver[];
  readonly restingCount: number;
}

/** A file for many images has many waivers that one image does not need. */
const mostIdle = 200;

export function idleWaivers(uses: Uses, targets: readonly TargetReport[]): IdleWaivers {
  const [first, resting]: [IdleWaiver[], RestingWaiver[]] = [[], []];
  let [count, restingCount] = [0, 0];
  // Looks at every verdict, and most runs have no waiver.
  if (uses.byImages.size === 0) return { first, count, resting, restingCount };
  const whole = wholeOf(targets);
  const met = groupBy(
    [...uses.met.keys()].filter(({ waiver }) => isInForce(waiver, uses.today)),
    ({ images }) => images,
  );
  for (const [key, group] of inForceBy(uses.byImages, uses.today)) {
    const images = whole.among(group.all[0]?.waiver.where.image);
    const why = (each: WaiverOfRule) => whyIdle(each, uses.met.get(each), images);
    const counts = countIdle(group, { why, images, met: met.get(key) ?? [] });
    let { idle: idleLeft, resting: restingLeft } = counts;
    for (const each of group.all) {
      const isListed = idleLeft === 0 || first.length === mostIdle;
      if (isListed && (restingLeft === 0 || resting.length === mostIdle)) break;
      const found = why(each);
      if (found === null) continue;
      if ('state' in found) {
        restingLeft -= 1;
        if (resting.length < mostIdle) resting.push({ ...found, each });
      } else {
        idleLeft -= 1;
        if (first.length < mostIdle) first.push(idleOf(each, found));
      }
    }
    count += counts.idle;
    restingCount += counts.resting;
  }
  return { first, count, resting, restingCount };
}

/** How many have no row. */
export function unlistedOf({ first, count, resting, restingCount }: IdleWaivers): number {
  return count - first.length + restingCount - resting.length;
}

interface Group {
  readonly all: readonly WaiverOfRule[];
  readonly byRule: ReadonlyMap<string, readonly WaiverOfRule[]>;
}

/** By images, without those of which nothing is said. The same for every report of a day. */
const inForceBy = oncePerDay((byImages: CompiledWaivers['byImages'], today) => {
  const groups = new Map<string, Group>();
  for (const [images, group] of byImages) {
    const all = group.filter(({ waiver }) => isInForce(waiver, today));
    if (all.length > 0) groups.set(images, { all, byRule: groupBy(all, ({ rule }) => rule) });
  }
  return groups;
});

interface Asked {
  readonly why: (each: WaiverOfRule) => Why;
  readonly images: Images;
  /** Those of the group that met something. */
  readonly met: readonly WaiverOfRule[];
}

/** What met nothing is counted without a look at each: of thousands, the same is said of all of a rule. */
function countIdle(
  { all, byRule }: Group,
  { why, images, met }: Asked,
): { readonly idle: number; readonly resting: number } {
  if (images.isEmpty) return { idle: 0, resting: all.length };
  let [idle, resting] = [0, 0];
  const add = (found: Why, times: number) => {
    if (found === null) return;
    if ('state' in found) resting += times;
    else idle += times;
  };
  if (images.isByPath) {
    for (const each of all) add(why(each), 1);
    return { idle, resting };
  }
  const metBy = groupBy(met, ({ rule }) => rule);
  for (const [rule, members] of byRule) {
    const others = new Set(metBy.get(rule));
    for (const each of others) add(why(each), 1);
    const [one] = others.size === 0 ? members : members.filter((each) => !others.has(each));
    if (one !== undefined) add(why(one), members.length - others.size);
  }
  return { idle, resting };
}

/** As `judges` of the images says it, or the causes that a verdict has instead. */
type Certain = { readonly in: 'all' | 'here' } | { readonly others: ReadonlySet<string> };

/** null: it accepted something. With a state: nobody can say that it does nothing. */
type Why = Certain | Pick<RestingWaiver, 'state' | 'because'> | null;

function whyIdle({ rule, waiver }: WaiverOfRule, use: UsedWaiver | undefined, images: Images): Why {
  if (images.isEmpty) return { state: 'elsewhere', because: 'no image here has such a name' };
  if (use !== undefined) {
    if (use.accepted + use.unaccepted > 0) return null;
    if (use.matched > 0) return idling('another waiver accepts what it matches');
    if (use.switchedOff > 0) return idling('its rule is off for what it selects');
    if (use.otherCauses.size > 0) return { others: use.otherCauses };
  }
  const judged = images.judges(rule, waiver.where.path);
  return judged === null
    ? idling('not all that it may select was scanned and judged by its rule')
    : { in: judged };
}

function idling(because: string): Pick<RestingWaiver, 'state' | 'because'> {
  return { state: 'idle', because };
}

function idleOf(each: WaiverOfRule, why: Certain): IdleWaiver {
  const { rule, waiver } = each;
  return {
    kind: 'waiver-unused',
    what: nameOf(rule, waiver),
    because: idleText(waiver, why),
    each,
  };
}

function idleText(waiver: Waiver, why: Certain): string {
  if ('others' in why) return causesText(waiver, why.others);
  if (why.in === 'all') return `matches no finding: ${whyNothing(waiver.where)}`;
  const hint = whyNothing(waiver.where, 'if it is for another image, name that image in it');
  return `accepts nothing here: ${hint}`;
}

function causesText({ causes }: Waiver, others: ReadonlySet<string>): string {
  const named = causes.length === 0 ? 'names no cause' : `is for ${causes.join(', ')}`;
  return `${named} and accepts nothing here: the cause is ${[...others].toSorted().join('; ')}`;
}
