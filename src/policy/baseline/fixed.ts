import { compileGlobs } from '../../base/glob.ts';
import { isIncomplete } from '../../base/problem.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { isFinding } from '../../report/finding.ts';
import type { FixedFinding, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { imageNameOf } from '../image-name.ts';
import { type BaselineEntry, compare } from './entry.ts';

export interface Fixed {
  readonly entry: BaselineEntry;
  readonly finding: FixedFinding;
}

/**
 * Entries whose findings are gone. An entry of an image that is not here, whose place is there but was not decided, or may be in
 * what was not read or is left out, or whose rule was not asked, is neither known nor fixed.
 */
export function fixedOf(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
  used: ReadonlySet<BaselineEntry>,
): readonly Fixed[] {
  const all = seenIn(targets);
  const byImage = new Map<string, Seen>();
  const seenOf = (image: string | undefined) => {
    if (image === undefined) return all;
    const known = byImage.get(image);
    if (known !== undefined) return known;
    const seen = seenIn(targets.filter((each) => imageNameOf(each).repository === image));
    byImage.set(image, seen);
    return seen;
  };
  const fixed: Fixed[] = [];
  for (const entry of baseline) {
    const { image, rule, path } = entry;
    const seen = seenOf(image);
    if (used.has(entry) || !seen.asked.has(rule)) continue;
    const verdicts = seen.verdictsAt.get(path);
    const named = image === undefined ? {} : { image };
    if (verdicts === undefined) {
      if (seen.isWhole && !seen.leavesOut(path))
        fixed.push({ entry, finding: { ...named, rule, path, how: 'removed' } });
    } else if (verdicts.every((verdict) => verdict.rule !== rule || isMended(verdict, entry)))
      fixed.push({ entry, finding: { ...named, rule, path, how: 'fixed' } });
  }
  return fixed.toSorted(
    ({ finding: a }, { finding: b }) =>
      compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.image ?? '', b.image ?? ''),
  );
}

interface Seen {
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
