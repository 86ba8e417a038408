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
  const pairAt = (places: Places, target: TargetReport | undefined, path: string) =>
    target === undefined ? undefined : places.get(target)?.get(path);
  return {
    verdictsOf({ rule, path, after, target }) {
      const pair =
        after === null
          ? pairAt(byOld, old.targets[target], path)
          : pairAt(byNew, fresh.targets[target], path);
      return { before: verdictIn(pair?.old, rule), after: verdictIn(pair?.new, rule) };
    },
    before: ({ target, judged, verdict }) =>
      verdictIn(pairAt(byNew, target, judged.path)?.old, verdict.rule),
    after: ({ target, judged, verdict }) =>
      verdictIn(pairAt(byOld, target, judged.path)?.new, verdict.rule),
    isThere: ({ target, judged }) => (pairAt(byOld, target, judged.path)?.new ?? null) !== null,
    oldOf: (target) => targets.get(target) ?? null,
  };
}

type Places = ReadonlyMap<TargetReport, ReadonlyMap<string, Pair>>;

function placed(pairs: readonly Pair[], side: 'old' | 'new'): Places {
  const places = new Map<TargetReport, Map<string, Pair>>();
  for (const pair of pairs) {
    const subject = pair[side];
    if (subject === null) continue;
    const { target, judged } = subject;
    const paths = places.get(target) ?? new Map<string, Pair>();
    places.set(target, paths);
    if (!paths.has(judged.path)) paths.set(judged.path, pair);
  }
  return places;
}

function verdictIn(subject: Pair['old'] | undefined, rule: string): Finding | null {
  if (subject == null) return null;
  const verdict = subject.judged.verdicts.find((each) => each.rule === rule);
  return verdict === undefined ? null : { ...subject, verdict };
}
