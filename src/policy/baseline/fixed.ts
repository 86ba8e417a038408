import { compare } from '../../base/compare.ts';
import { compileGlobs } from '../../base/glob.ts';
import { isIncomplete } from '../../base/problem.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { isFinding } from '../../report/finding.ts';
import type {
  FixedFinding,
  InactiveAcceptance,
  JudgedVerdict,
  TargetReport,
} from '../../report/report.ts';
import type { BaselineEntry } from './entry.ts';
import { createTargetsOf } from './same-image.ts';

export interface Fixed {
  readonly entry: BaselineEntry;
  readonly finding: FixedFinding;
}

/** An entry that stands for nothing here, although nobody can say that its finding is gone. */
export interface Resting extends Pick<InactiveAcceptance, 'because'> {
  readonly entry: BaselineEntry;
  readonly state: 'idle' | 'elsewhere';
}

/** Entries that stand for no finding. */
export interface Unused {
  readonly fixed: readonly Fixed[];
  /** All the others. */
  readonly resting: readonly Resting[];
  /** What they stood for was not decided, is waived, or may be in what was not read or is left out. */
  readonly open: readonly BaselineEntry[];
}

/**
 * Entries whose findings are gone. An entry of an image that is not here, whose place is there but was not decided, or may be in
 * what was not read or is left out, or whose rule was not asked, is neither known nor fixed.
 */
export function unusedOf(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
  used: ReadonlySet<BaselineEntry>,
): Unused {
  const all = seenIn(targets);
  const byImage = new Map<string, Seen>();
  const targetsOf = createTargetsOf(targets, baseline);
  const seenOf = (image: string | undefined) => {
    if (image === undefined) return all;
    const known = byImage.get(image);
    if (known !== undefined) return known;
    const seen = seenIn(targetsOf(image));
    byImage.set(image, seen);
    return seen;
  };
  const [fixed, open, resting]: [Fixed[], BaselineEntry[], Resting[]] = [[], [], []];
  const rest = (entry: BaselineEntry, because: string, state: Resting['state'] = 'idle') =>
    resting.push({ entry, state, because });
  for (const entry of baseline) {
    if (used.has(entry)) continue;
    const { image, rule, path } = entry;
    const seen = seenOf(image);
    const verdicts = seen.verdictsAt.get(path);
    const finding = { ...(image === undefined ? {} : { image }), rule, path };
    if (seen.isEmpty) rest(entry, 'no image here has such a name', 'elsewhere');
    else if (!seen.asked.has(rule)) rest(entry, 'its rule was not asked');
    else if (verdicts === undefined) {
      if (seen.isWhole && !seen.leavesOut(path))
        fixed.push({ entry, finding: { ...finding, how: 'removed' } });
      else {
        open.push(entry);
        rest(entry, 'not all that it may stand for was scanned');
      }
    } else if (verdicts.every((verdict) => verdict.rule !== rule || isMended(verdict, entry)))
      fixed.push({ entry, finding: { ...finding, how: 'fixed' } });
    else if (verdicts.some((verdict) => verdict.rule === rule && isUndecided(verdict))) {
      open.push(entry);
      rest(entry, 'its finding is waived, or was not decided');
    } else rest(entry, 'another entry accepts the same finding');
  }
  return { fixed: fixed.toSorted(byPlace), open, resting };
}

function byPlace({ finding: a }: Fixed, { finding: b }: Fixed): number {
  return (
    compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.image ?? '', b.image ?? '')
  );
}

interface Seen {
  /** No image is there. */
  readonly isEmpty: boolean;
  readonly asked: ReadonlySet<string>;
  readonly verdictsAt: ReadonlyMap<string, readonly JudgedVerdict[]>;
  readonly isWhole: boolean;
  readonly leavesOut: (path: string) => boolean;
}

function seenIn(targets: readonly TargetReport[]): Seen {
  const verdictsAt = new Map<string, JudgedVerdict[]>();
  const asked = new Set<string>();
  for (const { path, verdicts } of targets.flatMap(judgedOf)) {
    const there = verdictsAt.get(path) ?? [];
    verdictsAt.set(path, there);
    for (const verdict of verdicts) {
      there.push(verdict);
      asked.add(verdict.rule);
    }
  }
  const exclusions = targets.flatMap(({ exclusions: some = [] }) => some);
  return {
    isEmpty: targets.length === 0,
    asked,
    verdictsAt,
    isWhole: !targets.some(({ problems }) => problems.some(isIncomplete)),
    leavesOut: compileGlobs(exclusions.filter(({ files }) => files > 0).map(({ glob }) => glob)),
  };
}

/** Where it fails for another cause, the one of the entry is gone. */
function isMended(verdict: JudgedVerdict, { cause }: BaselineEntry): boolean {
  if (verdict.outcome === 'fail' && verdict.cause !== cause) return true;
  return verdict.outcome !== 'unknown' && !isFinding(verdict) && verdict.waived === undefined;
}

function isUndecided({ outcome, waived }: JudgedVerdict): boolean {
  return outcome === 'unknown' || waived !== undefined;
}
