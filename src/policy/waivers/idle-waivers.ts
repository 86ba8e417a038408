import { oncePerDay } from '../../base/once-per.ts';
import type { MessageKind } from '../../report/policy-messages.ts';
import type { TargetReport } from '../../report/report.ts';
import type { Waiver } from '../policy.ts';
import { whyNothing } from '../select.ts';
import type { CompiledWaivers, WaiverOfRule } from './compile-waivers.ts';
import { isInForce, nameOf, type Uses } from './waiver-uses.ts';
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

/** The first of them, and how many there are. */
export interface IdleWaivers {
  readonly first: readonly IdleWaiver[];
  readonly count: number;
}

/** A file for many images has many waivers that one image does not need. */
const mostIdle = 200;

export function idleWaivers(uses: Uses, targets: readonly TargetReport[]): IdleWaivers {
  // Looks at every verdict, and most runs have no waiver.
  if (uses.byImage.length === 0) return { first: [], count: 0 };
  const whole = wholeOf(targets);
  const first: IdleWaiver[] = [];
  let count = 0;
  for (const group of inForceBy(uses.byImage, uses.today)) {
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
const inForceBy = oncePerDay((byImage: CompiledWaivers['byImage'], today) =>
  byImage
    .map((group) => group.filter(({ waiver }) => isInForce(waiver, today)))
    .filter((group) => group.length > 0),
);

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

function causesText({ causes }: Waiver, others: ReadonlySet<string>): string {
  const named = causes.length === 0 ? 'names no cause' : `is for ${causes.join(', ')}`;
  return `${named} and accepts nothing here: the cause is ${[...others].toSorted().join('; ')}`;
}
