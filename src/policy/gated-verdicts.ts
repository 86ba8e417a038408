import type { JudgedVerdict, TargetReport } from '../report/report.ts';
import { isNamed } from './named-rules.ts';
import { isAskedOf } from './outside-gate.ts';
import type { GateConditions } from './policy.ts';
import { originOf, type Subject, subjectsOf, whoseOf } from './subject.ts';
import { isOpenBoundary } from './words/trusting.ts';

/** Of the files that the gate is of, and what counts of others anyway. */
export function gatedVerdicts(
  targets: readonly TargetReport[],
  conditions: GateConditions,
  counts: (subject: Subject) => boolean = () => true,
): readonly JudgedVerdict[] {
  const isRepeated = createRepeated();
  return targets
    .flatMap(subjectsOf)
    .filter(counts)
    .flatMap((subject) => {
      const whose = whoseOf(subject);
      const isAgain = isRepeated(subject);
      return subject.judged.verdicts.filter(
        (verdict) =>
          (isAskedOf(whose, verdict.rule, conditions.of) || isCountedAllTheSame(verdict)) &&
          !(verdict.outcome === 'pass' && isAgain) &&
          // By a level that asks nothing of the file. A failure that is switched off is not applicable already.
          !(
            verdict.outcome === 'pass' &&
            verdict.off === true &&
            isNamed(conditions, verdict.rule)
          ),
      );
    });
}

/** Those that single findings are looked for in. */
export function insideGate(gated: readonly JudgedVerdict[]): readonly JudgedVerdict[] {
  return gated.filter(({ outsideGate }) => outsideGate === undefined);
}

/** A pass of a file that the gate is not of covers nothing. */
function isCountedAllTheSame({ outcome, outsideGate }: JudgedVerdict): boolean {
  return (outcome === 'fail' || outcome === 'unknown') && outsideGate === undefined;
}

/** Files that are given one by one share a gate: who gives a good one twice, by a link or a copy, covers no more than with one. */
function createRepeated(): (subject: Subject) => boolean {
  const seen = new Set<string>();
  return ({ target, judged: { sha256 } }) => {
    if (target.kind !== 'file' || sha256 === null) return false;
    const isAgain = seen.has(sha256);
    seen.add(sha256);
    return isAgain;
  };
}

/** Of files that are not of the base image. Where it ends only by a word that the policy does not accept, the worst case counts. */
export function ownVerdicts(
  target: TargetReport,
  conditions: GateConditions,
): readonly JudgedVerdict[] {
  const of = (counts: (subject: Subject) => boolean) => gatedVerdicts([target], conditions, counts);
  if (!isOpenBoundary({ target }, conditions.accept))
    return of((subject) => originOf(subject) !== 'base');
  const cases = Array.from({ length: target.layers.length + 1 }, (_, count) =>
    of(({ judged: { layer } }) => layer === null || layer >= count),
  );
  return Object.entries(conditions.coverage).flatMap(([rule, least]) => {
    const ofRule = cases.map((verdicts) => verdicts.filter((verdict) => verdict.rule === rule));
    const margins = ofRule.map((verdicts) => marginOf(verdicts, least));
    return ofRule[margins.indexOf(Math.min(...margins))] ?? [];
  });
}

/** Below 0: they cover less than that share. */
function marginOf(verdicts: readonly JudgedVerdict[], least: number): number {
  const passed = verdicts.filter(({ outcome }) => outcome === 'pass').length;
  const judged = verdicts.filter(({ outcome }) => outcome !== 'not-applicable').length;
  return passed * 100 - least * judged;
}
