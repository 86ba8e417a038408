import { compileGlob } from '../base/glob.ts';
import { compareNames, printableName } from '../base/text.ts';
import type { Exclusion } from '../report/report.ts';

/** Leaves paths out, and knows by what. */
export interface Exclusions {
  readonly excludes: (path: string) => boolean;
  /** In the order of the globs. */
  report(): readonly Exclusion[];
}

/** Throws UsageError for a glob that makes no sense. */
export function createExclusions(globs: readonly string[]): Exclusions {
  const each = [...new Set(globs)].map((glob) => ({
    glob,
    matches: compileGlob(glob),
    paths: new Set<string>(),
  }));
  return {
    excludes(path) {
      let found = false;
      for (const { matches, paths } of each) {
        if (!matches(path)) continue;
        paths.add(path);
        found = true;
      }
      return found;
    },
    report: () => each.map(({ glob, paths }) => ({ glob, files: paths.size, ...firstOf(paths) })),
  };
}

/** Paths that a report names for each glob. */
const mostPaths = 10;

/** As members of an exclusion. Paths of an image are as its maker wrote them, and how many there are. */
export function firstOf(paths: Iterable<string>): Pick<Exclusion, 'paths'> {
  const names = [...new Set([...paths].map(printableName))].toSorted(compareNames);
  return names.length === 0 ? {} : { paths: names.slice(0, mostPaths) };
}
