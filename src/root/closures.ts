import type { Linkage } from './linkage.ts';

/** Who loads a library at start. */
export interface NeededBy {
  readonly programs: number;
  /** The first of them by path. */
  readonly first: readonly string[];
}

/** As many as a person reads: libc is needed by everything. */
const mostNamed = 5;

/** By path of the library: the programs whose closure it is part of. `linkages`: by path of the program, sorted. */
export function findClosures(
  linkages: Iterable<readonly [program: string, linkage: Linkage]>,
): ReadonlyMap<string, NeededBy> {
  const found = new Map<string, { programs: number; first: string[] }>();
  for (const [program, linkage] of linkages) {
    if (linkage.where !== 'root' || linkage.link === null) continue;
    const loader = linkage.servedBy === null ? [] : [linkage.servedBy.path];
    for (const path of [...linkage.link.libraries.slice(1).map((each) => each.path), ...loader]) {
      const needed = found.get(path) ?? { programs: 0, first: [] };
      needed.programs += 1;
      if (needed.first.length < mostNamed) needed.first.push(program);
      found.set(path, needed);
    }
  }
  return found;
}
