import { amount } from '../../base/amount.ts';
import { unweighed } from '../../policy/unweighed.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { JudgedVerdict, Report, TargetReport } from '../../report/report.ts';

/**
 * Sentences: verdicts of a report that the same rules do not give of the image, whatever the policy of either is. What a limit left
 * undecided may be decided by another one.
 */
export function otherVerdicts(claimed: Report, seen: Report): readonly string[] {
  const targets = new Map(seen.targets.map((target) => [keyOf(target), verdictsOf(target)]));
  const others = claimed.targets.flatMap((target) => {
    const there = targets.get(keyOf(target));
    if (there === undefined) return [];
    return [...verdictsOf(target)].flatMap(([place, { verdict, of }]) => {
      const own = there.get(place)?.verdict;
      return own === undefined || isEqual(verdict, own) ? [] : [difference(verdict, own, of)];
    });
  });
  const [first] = others;
  return first === undefined
    ? []
    : [
        `${amount(others.length, 'verdict')} of the report ${others.length === 1 ? 'is' : 'are'} not what the rules say of the image: ${first}`,
      ];
}

function keyOf({ digest, platform }: TargetReport): string {
  return `${digest} ${platform}`;
}

interface Placed {
  readonly verdict: JudgedVerdict;
  /** Path of the binary, or of what an image starts. */
  readonly of: string;
}

/** Before the policy, by content and rule. */
function verdictsOf(target: TargetReport): ReadonlyMap<string, Placed> {
  return new Map(
    judgedOf(unweighed(target)).flatMap(({ path, sha256, verdicts }) =>
      verdicts.map((verdict) => [
        JSON.stringify([path, sha256, verdict.rule]),
        { verdict, of: path },
      ]),
    ),
  );
}

function isEqual(one: JudgedVerdict, other: JudgedVerdict): boolean {
  if (one.undecidedBy === 'limit' || other.undecidedBy === 'limit') return true;
  return (
    one.outcome === other.outcome && one.severity === other.severity && one.cause === other.cause
  );
}

function difference(claimed: JudgedVerdict, seen: JudgedVerdict, path: string): string {
  return `${claimed.rule} of ${path} is ${textOf(claimed)} in the report, and ${textOf(seen)} in the image`;
}

function textOf({ outcome, severity, cause }: JudgedVerdict): string {
  return outcome === 'fail'
    ? `a failure of severity ${severity}${cause === undefined ? '' : ` (${cause})`}`
    : outcome;
}
