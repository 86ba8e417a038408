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
    const asked = new Set(images.isByPath ? group.all : met.get(key));
    const idle = someOf(group, { why, asked }, certainOf);
    const others = someOf(group, { why, asked }, restOf);
    first.push(...idle.first(mostIdle - first.length).map(idleOf));
    resting.push(
      ...others.first(mostIdle - resting.length).map(({ each, why }) => ({ ...why, each })),
    );
    count += idle.count;
    restingCount += others.count;
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

interface Asking {
  readonly why: (each: WaiverOfRule) => Certain | Rest | null;
  /** Those that are asked one by one: they met something, or files are left out. Of the others all of a rule say the same. */
  readonly asked: ReadonlySet<WaiverOfRule>;
}

interface Said<Why> {
  readonly each: WaiverOfRule;
  readonly why: Why;
}

/** Some waivers of a group: how many, and the first ones in the order of the policy. */
interface Some<Why> {
  readonly count: number;
  first(most: number): readonly Said<Why>[];
}

/** Counted without a look at each: a policy may have thousands, and few of them meet anything in an image. */
function someOf<Why>(
  { all, byRule }: Group,
  { why, asked }: Asking,
  pick: (found: Certain | Rest | null) => Why | null,
): Some<Why> {
  const saidOf = (each: WaiverOfRule): readonly Said<Why>[] => {
    const found = pick(why(each));
    return found === null ? [] : [{ each, why: found }];
  };
  const said = [...asked].flatMap(saidOf);
  const others = countAlike(byRule, asked, (each) => saidOf(each).length > 0);
  return {
    count: said.length + others,
    first(most) {
      const found = [...said];
      const wanted = said.length + Math.min(most, others);
      for (const each of all) {
        if (found.length >= wanted) break;
        if (!asked.has(each)) found.push(...saidOf(each));
      }
      return found.toSorted((a, b) => a.each.id - b.each.id).slice(0, most);
    },
  };
}

/** Of those that are not asked one by one: of how many it is said, by one of each rule. */
function countAlike(
  byRule: Group['byRule'],
  asked: Asking['asked'],
  isSaidOf: (each: WaiverOfRule) => boolean,
): number {
  const askedBy = groupBy([...asked], ({ rule }) => rule);
  let count = 0;
  for (const [rule, members] of byRule) {
    const others = members.length - (askedBy.get(rule)?.length ?? 0);
    const one = others === 0 ? undefined : members.find((each) => !asked.has(each));
    if (one !== undefined && isSaidOf(one)) count += others;
  }
  return count;
}

function certainOf(found: Certain | Rest | null): Certain | null {
  return found === null || 'state' in found ? null : found;
}

function restOf(found: Certain | Rest | null): Rest | null {
  return found !== null && 'state' in found ? found : null;
}

/** As `judges` of the images says it, or the causes that a verdict has instead. */
type Certain = { readonly in: 'all' | 'here' } | { readonly others: ReadonlySet<string> };

/** Nobody can say that it does nothing. */
type Rest = Pick<RestingWaiver, 'state' | 'because'>;

/** null: it accepted something. */
function whyIdle(
  { rule, waiver }: WaiverOfRule,
  use: UsedWaiver | undefined,
  images: Images,
): Certain | Rest | null {
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

function idling(because: string): Rest {
  return { state: 'idle', because };
}

function idleOf({ each, why }: Said<Certain>): IdleWaiver {
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
