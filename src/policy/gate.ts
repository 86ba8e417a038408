import { amount, listed } from '../base/amount.ts';
import { isIncomplete, namesOfParts, type Problem } from '../base/problem.ts';
import { isBinary } from '../report/all-judged.ts';
import { breaksGate, isFinding } from '../report/finding.ts';
import type {
  FailedCondition,
  Gate,
  HeldCondition,
  JudgedVerdict,
  TargetReport,
} from '../report/report.ts';
import type { Whose } from '../root/ownership/ownership.ts';
import { askedOf } from './asked-conditions.ts';
import { idleSentence, judgeConditions } from './conditions.ts';
import { lightOf } from './got-worse.ts';
import { platformsGap, platformsSentence } from './other-platforms.ts';
import type { GateConditions } from './policy.ts';
import { scopeOf } from './scope-of.ts';
import { countSetAside, outsideSentence, setAsideSentence } from './set-aside.ts';
import { type Subject, subjectsOf, whoseOf } from './subject.ts';
import { countUndecided, undecidedSentence } from './undecided.ts';

/** What decides a gate besides its conditions. */
export interface GateContext {
  /** Parts of the sentence that others know: claims that match nothing. */
  readonly alongside?: readonly string[];
  /** Rules that the run was narrowed to. Absent: all of them are asked. */
  readonly asked?: readonly string[] | undefined;
  /** Other inputs of the run have something to judge. */
  readonly isOneOfSeveral?: boolean;
}

/**
 * What the run means for a pipeline. A gate over a target that was not scanned completely is undecided, whatever was
 * found in the rest; its sentence then names that too.
 */
export function gateOf(
  targets: readonly TargetReport[],
  conditions: GateConditions,
  context: GateContext = {},
): Gate {
  return answerOf(targets, conditions, context).gate;
}

/** The gate, and its sentence without what does not count. */
export function answerOf(
  targets: readonly TargetReport[],
  conditions: GateConditions,
  { alongside = [], asked, isOneOfSeveral = false }: GateContext,
): { readonly gate: Gate; readonly core: string } {
  const { of, failOn, failOnRules, failOnUnknown } = conditions;
  const { failed, held } = judgeConditions(targets, conditions);
  const setAside = countSetAside(targets, conditions);
  const undecided = countUndecided([[targets, conditions]]);
  const more = [
    idleSentence(held),
    undecidedSentence(undecided),
    setAsideSentence(setAside),
    outsideSentence(setAside),
    platformsSentence(targets, conditions),
    ...alongside,
  ].filter((sentence) => sentence !== null);
  const answer = (state: Gate['state'], because: string) => {
    const core = `${because}${ofRules(asked)}`;
    const gate: Gate = {
      of,
      failOn,
      failOnRules,
      failOnUnknown,
      state,
      because: [core, ...more].join('; '),
      failed,
      ...(held.length === 0 ? {} : { held }),
      asked: askedOf(conditions),
      undecided,
      setAside,
    };
    return { gate, core };
  };
  const broken = failed.length === 0 ? null : sentenceOf(failed, targets, conditions);
  const isEmptyPackage = isOneOfSeveral && targets.every(isPackageWithoutBinary);
  const gaps = describeGaps(targets, {
    ...conditions,
    allowEmpty: conditions.allowEmpty || isEmptyPackage,
  });
  if (gaps !== null) {
    const because = broken === null ? gaps : `${gaps}; already broken: ${broken}`;
    return answer('undecided', because);
  }
  const unclear = [...new Set(targets.flatMap(({ against }) => against?.unclear ?? []))].join('; ');
  if (broken !== null) return answer('broken', unclear === '' ? broken : `${broken}; ${unclear}`);
  if (unclear !== '') return answer('undecided', unclear);
  if (isEmptyPackage) return answer('holds', 'there is no ELF file in it');
  return answer('holds', describePeace(targets, conditions, held));
}

/** `, of 1 rule asked`, where the run was narrowed to some. */
export function ofRules(asked: readonly string[] | undefined): string {
  return asked === undefined ? '' : `, of ${amount(asked.length, 'rule')} asked`;
}

/** What was counted for each condition, and at the end where a verdict alone breaks the gate. */
function sentenceOf(
  failed: readonly FailedCondition[],
  targets: readonly TargetReport[],
  conditions: GateConditions,
): string {
  const sentence = failed.map(({ because }) => because).join('; ');
  const breaking = targets
    .flatMap(subjectsOf)
    .filter(({ judged }) => judged.verdicts.some((verdict) => breaksGate(conditions, verdict)));
  if (breaking.length === 0) return sentence;
  const images = breaking.filter(({ judged }) => !isBinary(judged)).length;
  const binaries = breaking.filter(({ judged }) => isBinary(judged));
  const parts = [
    ...(images === 0 ? [] : [images === 1 ? 'the image' : amount(images, 'image')]),
    ...(binaries.length === 0 ? [] : placesOf(binaries, targets, conditions)),
  ];
  return `${sentence} in ${joined(parts)}`;
}

/** `2 of your 4 binaries`, `1 of dependencies`. */
function placesOf(
  breaking: readonly Subject[],
  targets: readonly TargetReport[],
  { of }: GateConditions,
): readonly string[] {
  if (of === 'all') return [`${breaking.length} of ${amount(countBinaries(targets), 'binary')}`];
  const found = (whose: Whose) => breaking.filter((each) => whoseOf(each) === whose).length;
  const [yours, ofDependencies, ofDistribution] = [
    found('yours'),
    found('dependency'),
    found('distribution'),
  ];
  const others = [
    [ofDependencies, 'of dependencies'],
    [ofDistribution, 'of the distribution'],
  ] as const;
  return [
    ...(yours === 0 ? [] : [shareOf(yours, countYours(targets))]),
    ...others.flatMap(([count, whose], index) => {
      if (count === 0) return [];
      const isFirst = yours === 0 && (index === 0 || ofDependencies === 0);
      return [isFirst ? `${amount(count, 'binary')} ${whose}` : `${count} ${whose}`];
    }),
  ];
}

function shareOf(found: number, all: number): string {
  return all === 1 ? yourBinaries(1) : `${found} of ${yourBinaries(all)}`;
}

function yourBinaries(count: number): string {
  return count === 1 ? 'your one binary' : `your ${count} binaries`;
}

function joined(parts: readonly string[]): string {
  return parts.length < 3
    ? parts.join(' and ')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function countBinaries(targets: readonly TargetReport[]): number {
  return targets.reduce((sum, target) => sum + target.binaries.length, 0);
}

function countYours(targets: readonly TargetReport[]): number {
  return targets
    .flatMap(subjectsOf)
    .filter((subject) => isBinary(subject.judged) && whoseOf(subject) === 'yours').length;
}

/** A finding of the image as a whole is an answer without any ELF file: its scripts have nothing that runs them. */
function isEmpty({ image, binaries }: TargetReport): boolean {
  return binaries.length === 0 && !image?.verdicts.some(isFinding);
}

/**
 * A whole package without any ELF file, as a wheel of Python alone is: among others it is nothing to wonder at. Images and folders
 * without one are: their build may have failed.
 */
export function isPackageWithoutBinary({ kind, binaries, excluded }: TargetReport): boolean {
  return kind === 'package' && binaries.length === 0 && excluded === 0;
}

/** Why the answer is not known, whatever else was found; null: it is. */
export function describeGaps(
  targets: readonly TargetReport[],
  conditions: GateConditions,
): string | null {
  const gaps = targets.flatMap((target) => target.problems).filter(isIncomplete);
  const ofPlatforms = platformsGap(targets, conditions);
  const unread = gaps.length > 0 ? describeParts(gaps, targets) : null;
  const uncompared = [...new Set(targets.flatMap(({ against }) => against?.uncompared ?? []))];
  const parts = [unread, ofPlatforms, ...uncompared].filter((part) => part !== null);
  if (parts.length > 0) return parts.join('; ');
  if (conditions.allowEmpty) return null;
  if (targets.length === 0) return 'nothing was given to scan';
  const empty = targets.filter(isEmpty).length;
  if (empty === 0) return describeUnjudged(targets, conditions);
  const excluded = targets.reduce((sum, target) => sum + target.excluded, 0);
  if (empty === targets.length && excluded > 0)
    return `nothing is left to scan: ${amount(excluded, 'ELF file')} excluded`;
  return targets.length === 1
    ? 'there is no ELF file to scan (--allow-empty accepts that)'
    : `${empty} of ${targets.length} targets hold no ELF file to scan`;
}

/**
 * Rules of images have no verdict for a root filesystem, or for an image without a command. If the run has only such
 * rules, or the gate names one, the gate must not hold because of that.
 */
function describeUnjudged(
  targets: readonly TargetReport[],
  { failOnRules }: GateConditions,
): string | null {
  for (const { image, binaries } of targets) {
    const ofImage = image?.verdicts ?? [];
    const ofBinaries = binaries.flatMap(({ verdicts }) => verdicts);
    const isSilent = (rule: string) =>
      ofImage.every((verdict) => verdict.rule !== rule || isLeftOut(verdict)) &&
      !ofBinaries.some((verdict) => verdict.rule === rule);
    const rule =
      failOnRules.find(isSilent) ??
      (ofBinaries.length === 0 && ofImage.every(isLeftOut) ? ofImage[0]?.rule : undefined);
    if (rule === undefined && (ofBinaries.length > 0 || ofImage.length > 0)) continue;
    const said = ofImage.find((verdict) => verdict.rule === rule)?.message;
    const why = said ?? 'it is of images only, or was not asked';
    return rule === undefined
      ? 'nothing was judged: only an image has a command to start'
      : `${rule} judged nothing: ${why}`;
  }
  return null;
}

function isLeftOut({ outcome }: JudgedVerdict): boolean {
  return outcome === 'not-applicable';
}

/** What was not read at all, and what was read and judged but for some rules. */
function describeParts(gaps: readonly Problem[], targets: readonly TargetReport[]): string {
  const unread = gaps.filter(({ rules }) => rules === undefined);
  const isOfImage = ({ kind }: TargetReport) => kind === 'image';
  const unnamed = unnamedIn(targets.filter(isOfImage));
  const unclear = unnamedIn(targets.filter((target) => !isOfImage(target)));
  const undecided = gaps.filter(({ kind, rules }) => rules !== undefined && kind !== 'unnamed');
  return [
    ...(unread.length > 0
      ? [`${amount(unread.length, 'part')} could not be scanned${namesOfParts(unread)}`]
      : []),
    ...(undecided.length > 0
      ? [`${amount(undecided.length, 'file')} could not be read whole${namesOfParts(undecided)}`]
      : []),
    ...(unnamed.length > 0
      ? [
          `${amount(unnamed.length, 'image')} may be meant by stricter settings, and its name does not decide it${namesOfParts(unnamed)}`,
        ]
      : []),
    ...(unclear.length > 0
      ? [
          `${amount(unclear.length, 'input')} may be meant by stricter settings, and only the content says that it is not an image${namesOfParts(unclear)}`,
        ]
      : []),
  ].join(', and ');
}

function unnamedIn(targets: readonly TargetReport[]): readonly Problem[] {
  return targets.flatMap(({ problems }) => problems.filter(({ kind }) => kind === 'unnamed'));
}

export function describePeace(
  targets: readonly TargetReport[],
  conditions: GateConditions,
  held: readonly HeldCondition[],
): string {
  const { of, failOn, failOnRules, coverage, maximum } = conditions;
  const old = [...new Set(targets.flatMap(({ against }) => against?.name ?? []))];
  if (old.length > 0) return lightOf(targets, listed(old));
  const binaries = countBinaries(targets);
  const yours = of === 'all' ? 0 : countYours(targets);
  const scope =
    of === 'all'
      ? amount(binaries, 'binary')
      : yours === 0
        ? `${amount(binaries, 'binary')}, none of which is yours`
        : yourBinaries(yours);
  if (failOn !== 'none') return `no finding ${scopeOf(failOn)} in ${scope}`;
  const others = failOnRules.length + Object.keys(coverage).length + Object.keys(maximum).length;
  const idle = held.filter(({ state }) => state !== undefined).length;
  if (others > idle || conditions.failOnUnknown) return `every condition holds in ${scope}`;
  return others > 0
    ? `no condition applied to anything in ${scope}`
    : `${amount(binaries, 'binary')} judged; no severity is set to break the gate`;
}
