import { compare } from '../../base/compare.ts';
import { groupBy } from '../../base/group-by.ts';
import type { InactiveAcceptance } from '../../report/report.ts';
import type { BaselineEntry } from './entry.ts';
import type { Unused } from './fixed.ts';

/** Why an entry does not count. */
export interface Why extends Pick<InactiveAcceptance, 'because'> {
  readonly state: Exclude<InactiveAcceptance['state'], 'unused' | 'idle' | 'elsewhere'>;
  /** The same of all such entries of a rule: the end of a notice. */
  readonly ofAll: string;
}

/** A finding whose entry does not count. */
export interface NotCounting extends Why {
  readonly entry: BaselineEntry;
  readonly rule: string;
}

/** By the entry alone; null: it counts, unless its finding says otherwise. */
export function whyInactive(
  { expires, owner, refused }: BaselineEntry,
  today: string,
  rule: string,
): Why | null {
  const named = `entries of ${rule}${owner === undefined ? '' : ` (owner: ${owner})`}`;
  if (refused !== undefined)
    return { state: 'refused', because: refused, ofAll: `${named} do not count: ${refused}` };
  if (expires === undefined || expires >= today) return null;
  const because = `it ended on ${expires}`;
  return { state: 'ended', because, ofAll: `${named} ended on ${expires}` };
}

interface Found {
  readonly again: readonly NotCounting[];
  readonly unused: Unused;
  readonly today: string;
}

/** Rows, and how many of entries in force are not among them. */
export interface InactiveEntries {
  readonly rows: readonly InactiveAcceptance[];
  readonly unlisted: number;
}

interface Row extends Pick<InactiveAcceptance, 'state' | 'because'> {
  readonly entry: BaselineEntry;
  readonly verdicts: number;
}

/** Paths that a row names. */
const mostPaths = 5;

/** One baseline may be of many images. */
const mostResting = 200;

/** Rows of entries of one rule and image with equal people and dates, what first ends first. */
export function inactiveEntries(
  baseline: readonly BaselineEntry[],
  { again, unused, today }: Found,
): InactiveEntries {
  const findings = groupBy(again, ({ entry }) => entry);
  const fixed = new Set(unused.fixed.map(({ entry }) => entry));
  const resting = unused.resting
    .filter(({ entry }) => whyInactive(entry, today, entry.rule) === null)
    .map((each) => ({ ...each, verdicts: 0 }));
  const others = groupedRows(resting);
  return {
    rows: [
      ...groupedRows(
        baseline.flatMap((entry) => rowsOf(entry, findings.get(entry) ?? [], fixed, today)),
      ),
      ...others.slice(0, mostResting),
    ],
    unlisted: Math.max(0, others.length - mostResting),
  };
}

function groupedRows(rows: readonly Row[]): readonly InactiveAcceptance[] {
  const groups = groupBy(rows, ({ state, because, entry }) => {
    const { date, owner, reason, expires, image, rule } = entry;
    return JSON.stringify([expires ?? '~', state, because, date, owner, reason, image, rule]);
  });
  return [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([, group]) => {
      const [first] = group;
      return first === undefined ? [] : [inactiveOf(first, group)];
    });
}

function rowsOf(
  entry: BaselineEntry,
  found: readonly NotCounting[],
  fixed: ReadonlySet<BaselineEntry>,
  today: string,
): readonly Row[] {
  if (fixed.has(entry))
    return [{ entry, state: 'unused', because: 'its finding is gone', verdicts: 0 }];
  const own = whyInactive(entry, today, entry.rule);
  if (own !== null) return [{ entry, ...own, verdicts: found.length }];
  // One finding may weigh more in one image alone.
  return [...groupBy(found, ({ state, because }) => `${state} ${because}`).values()].flatMap(
    (group) => group.slice(0, 1).map((why) => ({ ...why, verdicts: group.length })),
  );
}

function inactiveOf(
  { state, because, entry: { rule, image, date, owner, reason, expires } }: Row,
  group: readonly Row[],
): InactiveAcceptance {
  return {
    by: 'baseline',
    ...{ state, because },
    rules: [rule],
    verdicts: group.reduce((sum, { verdicts }) => sum + verdicts, 0),
    entries: group.length,
    paths: [...new Set(group.map(({ entry }) => entry.path))].toSorted().slice(0, mostPaths),
    ...(image === undefined ? {} : { image }),
    ...(reason === undefined ? {} : { reason }),
    ...(owner === undefined ? {} : { owner }),
    ...(date === undefined ? {} : { created: date }),
    ...(expires === undefined ? {} : { expires }),
  };
}
