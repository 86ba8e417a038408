import { amount, listed } from '../base/amount.ts';
import { compare } from '../base/compare.ts';
import { judgedOf } from '../report/all-judged.ts';
import { distinguishTargets } from '../report/distinguish-targets.ts';
import { breaksGate } from '../report/finding.ts';
import { groupImages, nameOfImage, nounOf, worstState } from '../report/gates.ts';
import type { Gate, SetAside, TargetReport } from '../report/report.ts';
import { answerOf, describePeace, isPackageWithoutBinary, ofRules } from './gate.ts';
import { platformsSentence } from './other-platforms.ts';
import type { GateConditions } from './policy.ts';
import { outsideSentence, setAsideSentence } from './set-aside.ts';
import { countUndecided, undecidedCount } from './undecided.ts';

export interface Asking {
  readonly conditionsOf: (target: TargetReport) => GateConditions;
  /** Where no image has others. */
  readonly conditions: GateConditions;
  readonly alongside: readonly string[];
  readonly asked: readonly string[] | undefined;
}

interface JudgedImage {
  readonly name: string;
  readonly targets: readonly TargetReport[];
  readonly conditions: GateConditions;
  readonly gate: Gate;
  /** Its sentence without what does not count. */
  readonly core: string;
}

/** A gate for each image, and one over all of them whose state is the worst of theirs. */
export function judgeGates(
  targets: readonly TargetReport[],
  asking: Asking,
): { readonly targets: readonly TargetReport[]; readonly gate: Gate } {
  const { conditions, alongside, asked } = asking;
  const apart = distinguishTargets(targets);
  const groups = groupImages(targets);
  const isAlone = groups.length < 2;
  const isOneOfSeveral = targets.some(({ binaries }) => binaries.length > 0);
  const images = groups.map((group): JudgedImage => {
    const [first] = group;
    const own = first === undefined ? conditions : asking.conditionsOf(first);
    // What is said of the whole run is said once.
    const context = { asked, alongside: isAlone ? alongside : [], isOneOfSeveral };
    const answer = answerOf(group, own, context);
    return { name: nameOfImage(group, apart), targets: group, conditions: own, ...answer };
  });
  const gates = new Map(
    images.flatMap(({ targets: all, gate }) => all.map((each) => [each, gate])),
  );
  const [only] = images;
  const gate =
    only === undefined
      ? answerOf([], conditions, { alongside, asked }).gate
      : isAlone
        ? only.gate
        : summaryOf(images.toSorted(byName), asking);
  return {
    targets: targets.map((target) => ({ ...target, gate: gates.get(target) ?? gate })),
    gate,
  };
}

function summaryOf(images: readonly JudgedImage[], { conditions, alongside, asked }: Asking): Gate {
  const { of, failOn, failOnRules, failOnUnknown } = conditions;
  const setAside = sumSetAside(images.map(({ gate }) => gate.setAside));
  const undecided = countUndecided(
    images.map(({ targets, conditions: own }) => [targets, own] as const),
  );
  const parts = [
    `${answerText(images)}${ofRules(asked)}`,
    idleText(images),
    emptyText(images),
    undecidedCount(undecided),
    setAsideSentence(setAside),
    outsideSentence(setAside),
    platformsSentence(
      images.flatMap(({ targets, conditions: { platforms } }) =>
        platforms === 'all' ? [] : targets,
      ),
      {},
    ),
    ...alongside,
  ].filter((part) => part !== null);
  return {
    of,
    failOn,
    failOnRules,
    failOnUnknown,
    state: worstState(images.map(({ gate }) => gate)) ?? 'holds',
    because: parts.join('; '),
    failed: images.flatMap(({ name, gate }) =>
      gate.failed.map((each) => ({ ...each, because: `${name}: ${each.because}` })),
    ),
    undecided,
    setAside,
  };
}

/** `no ELF file in 2 packages (a 1.0, b 1.0)`, of those that hold nevertheless. */
function emptyText(images: readonly JudgedImage[]): string | null {
  const empty = images.filter(
    ({ gate, targets }) => gate.state === 'holds' && targets.every(isPackageWithoutBinary),
  );
  if (empty.length === 0) return null;
  return `no ELF file in ${amount(empty.length, 'package')} (${listed(empty.map(({ name }) => name))})`;
}

/** The order in which they are given decides nothing. */
function byName(a: JudgedImage, b: JudgedImage): number {
  return compare(a.name, b.name) || compare(a.gate.because, b.gate.because);
}

/** Images of one state of which the sentence says everything; the line of each image has it anyway. */
const mostTold = 2;

/** `2 of 3 images break: app: 1 finding of …; db: …`, `9 of 12 images break, most of all app: 7 findings of …; 3 hold`. */
function answerText(images: readonly JudgedImage[]): string {
  const noun = nounOf(images.flatMap(({ targets }) => targets));
  const all = amount(images.length, noun);
  const parts = (['undecided', 'broken'] as const).flatMap((state) => {
    const found = images.filter(({ gate }) => gate.state === state);
    if (found.length === 0) return [];
    const verb = verbs[state][found.length === 1 ? 0 : 1];
    return [`${found.length} of ${all} ${verb}${toldOf(found, state)}`];
  });
  const holding = images.filter(({ gate }) => gate.state === 'holds').length;
  const others = images.length - holding > mostTold && holding > 0 ? [holdText(holding)] : [];
  if (parts.length > 0) return [...parts, ...others].join('; ');
  const [first] = images;
  const isSame = images.every(({ conditions }) => conditions === first?.conditions);
  if (first === undefined || !isSame) return `all ${all} hold`;
  const idleOf = ({ gate: { held = [] } }: JudgedImage) =>
    held.filter(({ state }) => state === 'applied to nothing');
  const isIdleIn = (condition: string) => (image: JudgedImage) =>
    idleOf(image).some((each) => each.condition === condition);
  const held = idleOf(first).filter(({ condition }) => images.every(isIdleIn(condition)));
  const targets = images.flatMap((image) => image.targets);
  return `${describePeace(targets, first.conditions, held)}, in each of ${all}`;
}

function toldOf(found: readonly JudgedImage[], state: 'undecided' | 'broken'): string {
  if (found.length <= mostTold)
    return `: ${found.map(({ name, core }) => `${name}: ${core}`).join('; ')}`;
  if (state === 'undecided')
    return `: ${listed(
      found.map(({ name }) => name),
      mostTold,
    )}`;
  const [worst] = found
    .map(({ name, core, ...image }) => ({ name, core, count: countBreaking(image) }))
    .toSorted((a, b) => b.count - a.count);
  return `, most of all ${worst?.name}: ${worst?.core.split('; ', 1)[0]}`;
}

function countBreaking({ targets, gate }: Pick<JudgedImage, 'targets' | 'gate'>): number {
  return targets
    .flatMap(judgedOf)
    .flatMap(({ verdicts }) => verdicts)
    .filter((verdict) => breaksGate(gate, verdict)).length;
}

function holdText(count: number): string {
  return count === 1 ? '1 holds' : `${count} hold`;
}

const verbs = {
  undecided: ['is undecided', 'are undecided'],
  broken: ['breaks', 'break'],
} as const;

function idleText(images: readonly JudgedImage[]): string | null {
  const idle = images.filter(({ gate }) =>
    gate.held?.some(({ state }) => state === 'applied to nothing'),
  );
  if (idle.length === 0) return null;
  return `a condition applied to nothing in ${listed(idle.map(({ name }) => name))}`;
}

function sumSetAside(all: readonly SetAside[]): SetAside {
  const sum = (count: (one: SetAside) => number | undefined) =>
    all.reduce((total, each) => total + (count(each) ?? 0), 0);
  const rules = [...new Set(all.flatMap(({ notRequiredRules = [] }) => notRequiredRules))];
  const asBefore = sum((each) => each.asBefore);
  const ofDependencies = sum((each) => each.ofDependencies);
  const ofDistribution = sum((each) => each.ofDistribution);
  return {
    waived: sum(({ waived }) => waived),
    baselined: sum(({ baselined }) => baselined),
    switchedOff: sum(({ switchedOff }) => switchedOff),
    notRequired: sum(({ notRequired }) => notRequired),
    ...(rules.length === 0 ? {} : { notRequiredRules: rules }),
    lowered: sum(({ lowered }) => lowered),
    ...(asBefore === 0 ? {} : { asBefore }),
    excluded: sum(({ excluded }) => excluded),
    ...(ofDependencies === 0 ? {} : { ofDependencies }),
    ...(ofDistribution === 0 ? {} : { ofDistribution }),
  };
}
