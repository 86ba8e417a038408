import { amount } from '../amount.ts';
import { breaksGate, isFinding } from '../finding.ts';
import { isBinary, judgedOf } from '../judged.ts';
import { isIncomplete, namesOfParts, type Problem } from '../problem.ts';
import type { FailedCondition, Gate, TargetReport } from '../report.ts';
import { failedConditions, scopeOf } from './conditions.ts';
import type { GateConditions } from './policy.ts';
import { countSetAside, setAsideSentence } from './set-aside.ts';
import { countUndecided, undecidedSentence } from './undecided.ts';

/**
 * What the run means for a pipeline. A gate over a target that was not scanned whole has no answer, whatever was
 * found in the rest; its sentence then names that too.
 */
export function gateOf(targets: readonly TargetReport[], conditions: GateConditions): Gate {
  const { failOn, failOnRules, failOnUnknown } = conditions;
  const failed = failedConditions(targets, conditions);
  const setAside = countSetAside(targets);
  const undecided = countUndecided(targets, conditions);
  const more = [undecidedSentence(undecided), setAsideSentence(setAside)].filter(
    (sentence) => sentence !== null,
  );
  const answer = (state: Gate['state'], because: string): Gate => ({
    failOn,
    failOnRules,
    failOnUnknown,
    state,
    because: [because, ...more].join('; '),
    failed,
    undecided,
    setAside,
  });
  const broken = failed.length === 0 ? null : sentenceOf(failed, targets, conditions);
  const gaps = describeGaps(targets, conditions.allowEmpty);
  if (gaps !== null) {
    const because = broken === null ? gaps : `${gaps}; there are already ${broken}`;
    return answer('open', because);
  }
  if (broken !== null) return answer('broken', broken);
  return answer('holds', describePeace(targets, conditions));
}

/** What was counted for each condition, and at the end where a verdict alone breaks the gate. */
function sentenceOf(
  failed: readonly FailedCondition[],
  targets: readonly TargetReport[],
  conditions: GateConditions,
): string {
  const sentence = failed.map(({ because }) => because).join('; ');
  const breaking = targets
    .flatMap(judgedOf)
    .filter(({ verdicts }) => verdicts.some((verdict) => breaksGate(conditions, verdict)));
  if (breaking.length === 0) return sentence;
  const binaries = targets.reduce((sum, target) => sum + target.binaries.length, 0);
  const images = breaking.filter((judged) => !isBinary(judged)).length;
  const parts = [
    ...(images === 0 ? [] : [images === 1 ? 'the image' : amount(images, 'image')]),
    ...(breaking.length === images
      ? []
      : [`${breaking.length - images} of ${amount(binaries, 'binary')}`]),
  ];
  return `${sentence} in ${parts.join(' and ')}`;
}

/** A finding of the image as a whole is an answer without any ELF file: its scripts have nothing that runs them. */
function isEmpty({ image, binaries }: TargetReport): boolean {
  return binaries.length === 0 && !image?.verdicts.some(isFinding);
}

function describeGaps(targets: readonly TargetReport[], allowEmpty: boolean): string | null {
  const gaps = targets.flatMap((target) => target.problems).filter(isIncomplete);
  if (gaps.length > 0) return describeParts(gaps);
  if (allowEmpty) return null;
  if (targets.length === 0) return 'nothing was given to scan';
  const empty = targets.filter(isEmpty).length;
  if (empty === 0) return null;
  return targets.length === 1
    ? 'there is no ELF file to scan'
    : `${empty} of ${targets.length} targets hold no ELF file to scan`;
}

/** What was not read at all, and what was read and judged but for some rules. */
function describeParts(gaps: readonly Problem[]): string {
  const unread = gaps.filter(({ rules }) => rules === undefined);
  const undecided = gaps.filter(({ rules }) => rules !== undefined);
  return [
    ...(unread.length > 0
      ? [`${amount(unread.length, 'part')} could not be scanned${namesOfParts(unread)}`]
      : []),
    ...(undecided.length > 0
      ? [`${amount(undecided.length, 'file')} could not be read whole${namesOfParts(undecided)}`]
      : []),
  ].join(', and ');
}

function describePeace(targets: readonly TargetReport[], conditions: GateConditions): string {
  const binaries = targets.reduce((sum, target) => sum + target.binaries.length, 0);
  const { failOn, failOnRules, coverage, maximum } = conditions;
  if (failOn !== 'none') return `no finding ${scopeOf(failOn)} in ${amount(binaries, 'binary')}`;
  const others = failOnRules.length + Object.keys(coverage).length + Object.keys(maximum).length;
  return others > 0 || conditions.failOnUnknown
    ? `every condition holds in ${amount(binaries, 'binary')}`
    : `${amount(binaries, 'binary')} judged; no severity is set to break the gate`;
}
