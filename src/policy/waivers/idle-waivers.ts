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
  if (uses.byImage.length === 0) return { first, count, resting, restingCount };
  const rest = (state: RestingWaiver['state'], because: string, each: WaiverOfRule) => {
    restingCount += 1;
    if (restingCount <= mostIdle) resting.push({ state, because, each });
  };
  const whole = wholeOf(targets);
  for (const group of inForceBy(uses.byImage, uses.today)) {
    const images = whole.among(group[0]?.waiver.where.image);
    for (const each of group) {
      const use = uses.of(each.id);
      if (images.isEmpty) rest('elsewhere', 'no image here has such a name', each);
      else if (use === undefined || use.accepted + use.unaccepted === 0) {
        const why = whyIdle(each, use, images);
        if (typeof why === 'string') rest('idle', why, each);
        else {
          count += 1;
          if (count <= mostIdle) first.push(idleOf(each, why));
        }
      }
    }
  }
  return { first, count, resting, restingCount };
}

/** How many have no row. */
export function unlistedOf({ first, count, resting, restingCount }: IdleWaivers): number {
  return count - first.length + restingCount - resting.length;
}

/** By images, without those of which nothing is said. The same for every report of a day. */
const inForceBy = oncePerDay((byImage: CompiledWaivers['byImage'], today) =>
  byImage
    .map((group) => group.filter(({ waiver }) => isInForce(waiver, today)))
    .filter((group) => group.length > 0),
);

/** As `judges` of the images says it, or the causes that a verdict has instead. */
type Certain = { readonly in: 'all' | 'here' } | { readonly others: ReadonlySet<string> };

/** A sentence: nobody can say that it does nothing. */
function whyIdle(
  { rule, waiver }: WaiverOfRule,
  use: UsedWaiver | undefined,
  images: Images,
): Certain | string {
  if (use !== undefined && use.matched > 0) return 'another waiver accepts what it matches';
  if (use !== undefined && use.switchedOff > 0) return 'its rule is off for what it selects';
  if (use !== undefined && use.otherCauses.size > 0) return { others: use.otherCauses };
  const judged = images.judges(rule, waiver.where.path);
  return judged === null
    ? 'not all that it may select was scanned and judged by its rule'
    : { in: judged };
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
