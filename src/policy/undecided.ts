import { amount } from '../base/amount.ts';
import { groupBy } from '../base/group-by.ts';
import type { Problem } from '../base/problem.ts';
import type { Damage } from '../base/verdict.ts';
import { isBinary, judgedOf } from '../report/all-judged.ts';
import { severityCounts } from '../report/finding.ts';
import type { Judged, JudgedVerdict, TargetReport, Undecided } from '../report/report.ts';
import { isNamed } from './named-rules.ts';
import type { GateConditions } from './policy.ts';
import { factAt } from './subject.ts';

/**
 * What damage left undecided, as problems of the target: one for each file and cause. It leaves the gate without an answer
 * where something would run or load the file and one of the rules counts in the gate, and is a notice elsewhere.
 */
export function undecidedProblems(
  target: TargetReport,
  conditions: GateConditions,
): readonly Problem[] {
  return judgedOf(target).flatMap((judged) =>
    (['damage', 'limit'] as const).flatMap((cause) => {
      const verdicts = judged.verdicts.filter(({ undecidedBy }) => undecidedBy === cause);
      if (verdicts.length === 0) return [];
      const matters =
        isUsed(judged, target) && verdicts.some((verdict) => countsInGate(conditions, verdict));
      return [problemOf(judged, verdicts, matters ? kinds[cause] : 'notice')];
    }),
  );
}

const kinds = { damage: 'damaged', limit: 'limit' } as const satisfies Record<
  Damage,
  Problem['kind']
>;

function problemOf(
  judged: Judged,
  verdicts: readonly JudgedVerdict[],
  kind: Problem['kind'],
): Problem {
  const rules = verdicts.map(({ rule }) => rule);
  const named = rules.slice(0, 3).join(', ');
  const more = rules.length > 3 ? ` and ${amount(rules.length - 3, 'more rule')}` : '';
  const reasons = reasonsOf(verdicts).slice(0, 2);
  return {
    kind,
    where: judged.path,
    message: `${named}${more} cannot be decided: ${reasons.join('; ')}`,
    rules,
  };
}

/** Each once; one that ends with another says no more. */
function reasonsOf(verdicts: readonly JudgedVerdict[]): readonly string[] {
  const all = [...new Set(verdicts.map(({ message }) => message))];
  return all
    .filter((reason) => !all.some((other) => other !== reason && reason.endsWith(`: ${other}`)))
    .toSorted();
}

/** Whether the failure of this rule would break the gate, by itself or by its number. */
export function countsInGate(conditions: GateConditions, verdict: JudgedVerdict): boolean {
  if (verdict.outsideGate !== undefined || verdict.waived !== undefined) return false;
  return (
    severityCounts(conditions, verdict) ||
    isNamed(conditions, verdict.rule) ||
    Object.hasOwn(conditions.maximum, verdict.severity)
  );
}

/** Objects and memory images are data where they lie; as an input of its own such a file is what was asked about. */
function isUsed(judged: Judged, { kind }: TargetReport): boolean {
  if (!isBinary(judged)) return true;
  const by = takerOf(judged);
  if (by === 'nothing') return false;
  return (by !== 'linker' && by !== 'core-reader') || kind === 'file';
}

/** Who would run or load the file; undefined in a report of a version that did not ask. */
function takerOf(judged: Judged): unknown {
  return factAt(judged, 'acceptance.by');
}

/**
 * Files that nothing can run or load. Compilers bring them as test data, so they are notices, unless there was nothing else
 * to judge.
 */
export function uselessFiles({ kind, binaries }: TargetReport): readonly Problem[] {
  const useless = binaries.filter((binary) => takerOf(binary) === 'nothing');
  const isAll = kind === 'file' || useless.length === binaries.length;
  return useless.map((binary) => ({
    kind: isAll ? 'damaged' : 'notice',
    where: binary.path,
    message: `nothing can run or load this: ${factAt(binary, 'acceptance.refusal')}`,
    rules: [],
  }));
}

/** Reasons that the gate's line names. */
const mostReasons = 2;

/** What the rules that count in the gate could not decide. */
export function countUndecided(
  images: readonly (readonly [targets: readonly TargetReport[], conditions: GateConditions])[],
): Undecided {
  const open = images.flatMap(([targets, conditions]) =>
    targets
      .flatMap(judgedOf)
      .flatMap(({ path, verdicts }) =>
        verdicts
          .filter((verdict) => verdict.outcome === 'unknown' && countsInGate(conditions, verdict))
          .map((verdict) => ({ path, ...verdict })),
      ),
  );
  const byReason = groupBy(open, ({ message }) => message);
  const reasons = [...byReason]
    .map(([because, found]) => ({ because, verdicts: found.length, of: placesOf(found) }))
    .toSorted((a, b) => b.verdicts - a.verdicts || (a.because < b.because ? -1 : 1));
  return {
    verdicts: open.length,
    rules: new Set(open.map(({ rule }) => rule)).size,
    damaged: open.filter(({ undecidedBy }) => undecidedBy !== undefined).length,
    reasons: reasons.slice(0, mostReasons),
    otherReasons: Math.max(reasons.length - mostReasons, 0),
  };
}

type Open = Pick<JudgedVerdict, 'rule'> & Pick<Judged, 'path'>;

/** `pie, relro of /bin/a and 2 more files` */
function placesOf(found: readonly Open[]): string {
  const [rules, paths] = [
    [...new Set(found.map(({ rule }) => rule))].toSorted(),
    [...new Set(found.map(({ path }) => path))].toSorted(),
  ];
  const moreRules = rules.length > 2 ? ` and ${amount(rules.length - 2, 'more rule')}` : '';
  const moreFiles = paths.length > 1 ? ` and ${amount(paths.length - 1, 'more file')}` : '';
  return `${rules.slice(0, 2).join(', ')}${moreRules} of ${paths[0] ?? ''}${moreFiles}`;
}

/** `3 verdicts of 2 rules undecided (pie, relro of /bin/a: there are no symbols)`; null where all is decided. */
export function undecidedSentence(undecided: Undecided): string | null {
  const { reasons, otherReasons } = undecided;
  const count = undecidedCount(undecided);
  if (count === null) return null;
  const named = reasons
    .map(({ because, of }) => `${of === undefined ? '' : `${of}: `}${shorten(because)}`)
    .join('; ');
  const more = otherReasons > 0 ? ` and ${amount(otherReasons, 'other reason')}` : '';
  return `${count} (${named}${more})`;
}

/** The same of many images, each of which says why. */
export function undecidedCount({ verdicts, rules }: Undecided): string | null {
  if (verdicts === 0) return null;
  return `${amount(verdicts, 'verdict')} of ${amount(rules, 'rule')} undecided`;
}

const longestReason = 72;
const shortestReason = 24;

/** At the end of a clause, else at a word, where there is one. */
function shorten(text: string): string {
  if (text.length <= longestReason) return text;
  const cut = text.slice(0, longestReason);
  // What follows `but` turns the sense of what stands before it.
  const ends = [...cut.matchAll(/[,;:] /g)].map(({ index }) => index);
  const clause = Math.max(-1, ...ends.filter((end) => !/, but /.test(text.slice(end))));
  if (clause >= shortestReason) return cut.slice(0, clause);
  return `${cut.slice(0, cut.lastIndexOf(' ') > 0 ? cut.lastIndexOf(' ') : longestReason)} …`;
}
