import { baseName } from '../../base/path-parts.ts';
import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { Root } from '../../layers/root.ts';
import { sameArchitecture } from '../loader/process-image.ts';
import type { Link } from '../loader/result/link-result.ts';

/** Libraries that a root has in places where a loader does not look by itself. */
export interface Elsewhere {
  /** The same link, in which a missing library shows where the root has it. */
  seenIn(link: Link, program: LinkTables): Link;
}

interface Place {
  readonly path: string;
  readonly tables: LinkTables;
}

export function createElsewhere(root: Root): Elsewhere {
  let places: ReadonlyMap<string, Place> | null = null;
  return {
    seenIn(link, program) {
      if (link.missingLibraries.length === 0) return link;
      places ??= findPlaces(root);
      const known = places;
      const missingLibraries = link.missingLibraries.map((library) => {
        const place = known.get(library.name);
        const isOne = place !== undefined && sameArchitecture(place.tables, program);
        return isOne && library.because === null ? { ...library, elsewhere: place.path } : library;
      });
      return { ...link, missingLibraries };
    },
  };
}

/** By SONAME, and by the name of the file; the first of each. */
function findPlaces(root: Root): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { path, elf } of root.binaries) {
    const linking = root.extractions.get(elf ?? '')?.linking;
    if (!linking?.known) continue;
    const tables = linking.value;
    for (const name of [tables.soname, baseName(path)])
      if (name?.includes('.so') && !places.has(name)) places.set(name, { path, tables });
  }
  return places;
}
