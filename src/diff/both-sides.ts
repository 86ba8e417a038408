import { groupBy } from '../base/group-by.ts';
import type { Report, TargetReport } from '../report/report.ts';
import type { Finding } from '../reporters/findings/findings-of.ts';
import type { BinaryChange, VerdictChange } from './difference.ts';
import { type Pair, pairBinaries } from './pair-binaries.ts';
import { pairTargets } from './pair-targets.ts';

/** What two reports say of the same binaries. */
export interface BothSides {
  /** The verdicts of a change; null on the side that has none. */
  verdictsOf(change: Pick<VerdictChange, keyof BinaryChange | 'rule' | 'after'>): Verdicts;
  /** The verdict of the same rule on the same binary of the old report. */
  before(fresh: Finding): Finding | null;
  /** As `before`, of the new report. */
  after(old: Finding): Finding | null;
  /** Whether a binary of the old report is in the new one, whatever it was asked there. */
  isThere(old: Finding): boolean;
  oldOf(fresh: TargetReport): TargetReport | null;
}

export interface Verdicts {
  readonly before: Finding | null;
  readonly after: Finding | null;
}

export function bothSides([old, fresh]: readonly [Report, Report]): BothSides {
  const { pairs } = pairBinaries(old, fresh);
  const [byOld, byNew] = [placed(pairs, 'old'), placed(pairs, 'new')];
  const targets = new Map(
    pairTargets(old.targets, fresh.targets).map((pair) => [pair.new, pair.old ?? null]),
  );
  return {
    verdictsOf({ rule, path, after, target }) {
      const pair =
        after === null
          ? byOld(old.targets[target], path, rule)
          : byNew(fresh.targets[target], path, rule);
      return { before: verdictIn(pair?.old, rule), after: verdictIn(pair?.new, rule) };
    },
    before: ({ target, judged, verdict }) =>
      verdictIn(byNew(target, judged.path, verdict.rule)?.old, verdict.rule),
    after: ({ target, judged, verdict }) =>
      verdictIn(byOld(target, judged.path, verdict.rule)?.new, verdict.rule),
    isThere: ({ target, judged, verdict }) =>
      (byOld(target, judged.path, verdict.rule)?.new ?? null) !== null,
    oldOf: (target) => targets.get(target) ?? null,
  };
}

type PairAt = (target: TargetReport | undefined, path: string, rule: string) => Pair | undefined;

/** An image as a whole has the path of the file that it starts: of the two, the one that the rule was asked of is meant. */
function placed(pairs: readonly Pair[], side: 'old' | 'new'): PairAt {
  const placedPairs = pairs.flatMap((pair) => {
    const subject = pair[side];
    return subject === null ? [] : [{ pair, subject }];
  });
  const places = new Map(
    [...groupBy(placedPairs, ({ subject }) => subject.target)].map(([target, some]) => [
      target,
      groupBy(some, ({ subject }) => subject.judged.path),
    ]),
  );
  return (target, path, rule) =>
    target === undefined
      ? undefined
      : places
          .get(target)
          ?.get(path)
          ?.find(({ subject }) => verdictIn(subject, rule) !== null)?.pair;
}

function verdictIn(subject: Pair['old'] | undefined, rule: string): Finding | null {
  if (subject == null) return null;
  const verdict = subject.judged.verdicts.find((each) => each.rule === rule);
  return verdict === undefined ? null : { ...subject, verdict };
}
