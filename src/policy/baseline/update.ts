import { judgedOf } from '../../report/all-judged.ts';
import type { TargetReport } from '../../report/report.ts';
import { imageNameOf } from '../image-name.ts';
import { whyNew } from './compare.ts';
import {
  type Acceptance,
  type BaselineEntry,
  failuresOf,
  inOrder,
  type NamedRules,
  pathsOf,
} from './entry.ts';
import { matchEntries } from './match.ts';

export interface Updating {
  readonly namedRules: NamedRules;
  /** As `2026-11-30`: of entries that are new. */
  readonly today: string;
  /** What entries that are new carry. */
  readonly accept: Omit<Acceptance, 'date'>;
}

/**
 * The baseline of these images as they are now. Those who accepted a finding that is still there are kept, unless it counts again. Entries of other images, and of rules that were not asked, stay as they are.
 */
export function updatedBaseline(
  before: readonly BaselineEntry[],
  targets: readonly TargetReport[],
  { namedRules, today, accept }: Updating,
): readonly BaselineEntry[] {
  const images = new Set(targets.map((target) => imageNameOf(target).repository));
  const asked = new Set(
    targets.flatMap(judgedOf).flatMap(({ verdicts }) => verdicts.map(({ rule }) => rule)),
  );
  const elsewhere = before.filter(
    ({ image, rule }) => (image !== undefined && !images.has(image)) || !asked.has(rule),
  );
  const failures = failuresOf(targets, namedRules);
  const matched = matchEntries(failures, before, pathsOf(targets));
  const here = failures.map((failure) => {
    const prior = matched.get(failure);
    const isKept = prior !== undefined && whyNew(failure, prior, today) === null;
    return { ...failure.entry, ...(isKept ? peopleOf(prior) : { date: today, ...accept }) };
  });
  return inOrder([...elsewhere, ...here]);
}

function peopleOf({ date, owner, reason, expires }: BaselineEntry): Acceptance {
  return {
    ...(date === undefined ? {} : { date }),
    ...(owner === undefined ? {} : { owner }),
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { expires }),
  };
}
