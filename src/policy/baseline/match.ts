import { groupBy } from '../../base/group-by.ts';
import { identifiedByPath } from '../../identity/identified.ts';
import { createLastingPaths, type LastingPaths } from '../../identity/lasting-path.ts';
import { matchBinaries } from '../../identity/match-binaries.ts';
import type { Step } from '../../identity/matches.ts';
import { type BaselineEntry, stronger } from './entry.ts';

/** An entry has neither soname nor needs: a file name alone is too little to accept what is new. */
const provenSteps: ReadonlySet<Step | null> = new Set([
  'path without versions',
  'build ID',
  'place in package',
  'name in package',
]);

/**
 * Which entry stands for each of these findings. A finding is known by rule, path and cause. Where its path is new, an entry
 * whose file is gone stands for it, if the two are one binary: `identity` says so, as for `diff`. Such an entry stands for
 * one finding only, so that no old finding hides many. An entry of an image stands for findings of that image alone, and wins
 * over one of any image. `present`: the paths of all files that were judged; `imageKey`: what is one for entries of one image.
 */
export function matchEntries<T extends { readonly entry: BaselineEntry }>(
  found: readonly T[],
  baseline: readonly BaselineEntry[],
  present: ReadonlySet<string>,
  imageKey: (image: string) => string,
): ReadonlyMap<T, BaselineEntry> {
  const inImage = ({ image = '' }: Pick<BaselineEntry, 'image'>, key: string) =>
    `${imageKey(image)}\0${key}`;
  const byPath = new Map<string, BaselineEntry>();
  for (const entry of baseline) {
    const key = inImage(entry, pathKey(entry));
    byPath.set(key, stronger(byPath.get(key), entry));
  }
  const matched = new Map<T, BaselineEntry>();
  const used = new Set<BaselineEntry>();
  const take = (each: T, entry: BaselineEntry | undefined) => {
    if (entry === undefined) return;
    matched.set(each, entry);
    used.add(entry);
  };
  for (const each of found) {
    const key = pathKey(each.entry);
    // In its own image first.
    take(each, byPath.get(inImage(each.entry, key)) ?? byPath.get(inImage({}, key)));
  }
  const lastingPathOf = createLastingPaths();
  for (const isOfImage of [true, false]) {
    const keyOf = (entry: BaselineEntry) => inImage(isOfImage ? entry : {}, causeKey(entry));
    const groups = groupBy(
      baseline.filter(({ image }) => (image !== undefined) === isOfImage),
      keyOf,
    );
    const findings = groupBy(found, ({ entry }) => keyOf(entry));
    for (const [key, entries] of groups) {
      const ours = findings.get(key) ?? [];
      if (ours.every((each) => matched.has(each))) continue;
      for (const [entry, each] of renamed(entries, ours, lastingPathOf))
        if (!used.has(entry) && !matched.has(each) && !present.has(entry.path)) take(each, entry);
    }
  }
  return matched;
}

/** Those that a path matched too: versions that lie together are lines of their own. */
function renamed<T extends { readonly entry: BaselineEntry }>(
  entries: readonly BaselineEntry[],
  found: readonly T[],
  lastingPathOf: LastingPaths,
): readonly (readonly [BaselineEntry, T])[] {
  const identify = ({ path, package: brought, buildId }: BaselineEntry) =>
    identifiedByPath(path, { brought, buildId });
  const { matches } = matchBinaries(
    entries.map(identify),
    found.map(({ entry }) => identify(entry)),
    lastingPathOf,
  );
  return matches.flatMap(({ old, fresh, by }) => {
    const [entry, each] = [entries[old ?? -1], found[fresh ?? -1]];
    return entry === undefined || each === undefined || !provenSteps.has(by) ? [] : [[entry, each]];
  });
}

/** Which entries stand for the same finding as one does: those of each build of its file. */
export function createSameFinding(
  baseline: readonly BaselineEntry[],
): (entry: BaselineEntry) => readonly BaselineEntry[] {
  const keyOf = (entry: BaselineEntry) => `${entry.image ?? ''}\0${pathKey(entry)}`;
  const groups = groupBy(baseline, keyOf);
  return (entry) => groups.get(keyOf(entry)) ?? [entry];
}

function causeKey({ rule, cause = '' }: BaselineEntry): string {
  return `${rule}\0${cause}`;
}

function pathKey({ rule, path, cause = '' }: BaselineEntry): string {
  return `${rule}\0${path}\0${cause}`;
}
