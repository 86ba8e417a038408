import { severities } from '../../base/verdict.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { FixedFinding, TargetReport } from '../../report/report.ts';
import { whyNew } from './compare.ts';
import {
  type Acceptance,
  type BaselineEntry,
  failuresOf,
  inOrder,
  type NamedRules,
  pathsOf,
} from './entry.ts';
import { type Fixed, unusedOf } from './fixed.ts';
import { createSameFinding, matchEntries } from './match.ts';
import { createImageKey, createTargetsOf } from './same-image.ts';

export interface Updating {
  readonly namedRules: NamedRules;
  /** As `2026-11-30`: of entries that are new. */
  readonly today: string;
  /** What entries that are new carry. */
  readonly accept: Omit<Acceptance, 'date'>;
}

/** What an update makes of a baseline. */
export interface BaselineUpdate {
  readonly baseline: readonly BaselineEntry[];
  /** Entries that are new, or that are accepted again; the most severe first. */
  readonly accepted: readonly BaselineEntry[];
  /** Entries that stand for the same finding as before, and keep who accepted it. */
  readonly kept: number;
  /** Entries of other images, of rules that were not asked, and of what was not decided: they stay as they are. */
  readonly untouched: number;
  /** What does not occur any more: its entries are left out. */
  readonly gone: readonly FixedFinding[];
  /** The same with their entries. */
  readonly fixed: readonly Fixed[];
}

export function updatedBaseline(
  before: readonly BaselineEntry[],
  targets: readonly TargetReport[],
  updating: Updating,
): readonly BaselineEntry[] {
  return updateOf(before, targets, updating).baseline;
}

/** What an update takes out of a baseline, and nothing else: no finding is accepted, and what stays is as it was written. */
export interface Pruning {
  readonly baseline: readonly BaselineEntry[];
  readonly gone: readonly FixedFinding[];
  /** Findings that have no entry, or one that does not count. */
  readonly others: number;
}

export function pruned(
  before: readonly BaselineEntry[],
  targets: readonly TargetReport[],
  updating: Omit<Updating, 'accept'>,
): Pruning {
  const { accepted, fixed, gone } = updateOf(before, targets, { ...updating, accept: {} });
  const out = new Set(fixed.map(({ entry }) => entry));
  return { baseline: before.filter((entry) => !out.has(entry)), gone, others: accepted.length };
}

/**
 * The baseline of these images as they are now. Those who accepted a finding that is still there are kept, unless it counts again. Entries
 * of other images, of rules that were not asked and of what may still be there stay as they are.
 */
export function updateOf(
  before: readonly BaselineEntry[],
  targets: readonly TargetReport[],
  { namedRules, today, accept }: Updating,
): BaselineUpdate {
  const targetsOf = createTargetsOf(targets, before);
  const asked = new Set(
    targets.flatMap(judgedOf).flatMap(({ verdicts }) => verdicts.map(({ rule }) => rule)),
  );
  const isElsewhere = ({ image, rule }: BaselineEntry) =>
    (image !== undefined && targetsOf(image).length === 0) || !asked.has(rule);
  const failures = failuresOf(targets, namedRules);
  const matched = matchEntries(failures, before, pathsOf(targets), createImageKey(targets));
  const used = new Set(matched.values());
  const here = before.filter((entry) => !isElsewhere(entry));
  const { fixed, open } = unusedOf(targets, here, used);
  const untouched = [...before.filter(isElsewhere).filter((entry) => !used.has(entry)), ...open];
  const sameFinding = createSameFinding(before);
  const [accepted, kept]: [BaselineEntry[], BaselineEntry[]] = [[], []];
  for (const failure of failures) {
    const prior = matched.get(failure);
    const isKept = prior !== undefined && whyNew(failure, prior, today, sameFinding) === null;
    if (isKept) kept.push({ ...failure.entry, ...peopleOf(prior) });
    else accepted.push({ ...failure.entry, date: today, ...accept });
  }
  return {
    baseline: inOrder([...untouched, ...kept, ...accepted]),
    accepted: inOrder(accepted).toSorted(bySeverity),
    kept: inOrder(kept).length,
    untouched: untouched.length,
    fixed,
    gone: fixed.map(({ finding }) => finding),
  };
}

function bySeverity({ severity: a }: BaselineEntry, { severity: b }: BaselineEntry): number {
  return severities.indexOf(a ?? 'note') - severities.indexOf(b ?? 'note');
}

function peopleOf({ date, owner, reason, expires }: BaselineEntry): Acceptance {
  return {
    ...(date === undefined ? {} : { date }),
    ...(owner === undefined ? {} : { owner }),
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { expires }),
  };
}
