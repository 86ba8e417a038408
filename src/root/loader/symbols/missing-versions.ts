import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import type { LoaderFile, ProcessImage } from '../process-image.ts';

export interface MissingVersion {
  readonly version: string;
  readonly library: string;
  readonly neededBy: string;
  /** The library that is asked is not loaded at all: no one needs it any more, which glibc does not survive. */
  readonly libraryIsLoaded: boolean;
}

/**
 * glibc checks at start that every version that is asked of a library is defined there (elf/dl-version.c). A library
 * without version definitions satisfies everything, and weak needs only warn (match_symbol).
 */
export function findMissingVersions(image: ProcessImage, loaderFile: LoaderFile): MissingVersion[] {
  const definitions = new Map<LinkTables, ReadonlySet<string>>();
  const missing: MissingVersion[] = [];
  for (const { tables, entry } of image.objects) {
    for (const { library, versions } of tables.versionNeeds) {
      const provider = providerOf(library, image, loaderFile);
      const defined = provider && definitionsOf(provider, definitions);
      if (defined?.size === 0) continue;
      for (const { name, weak } of versions) {
        if (defined !== undefined && (weak || defined.has(name))) continue;
        const libraryIsLoaded = provider !== undefined;
        missing.push({ version: name, library, neededBy: entry.path, libraryIsLoaded });
      }
    }
  }
  // What is missing altogether is reported as a library.
  return missing.filter(
    ({ library, libraryIsLoaded }) => libraryIsLoaded || !isNeeded(library, image),
  );
}

function definitionsOf(
  provider: LinkTables,
  known: Map<LinkTables, ReadonlySet<string>>,
): ReadonlySet<string> {
  const definitions = known.get(provider) ?? new Set(provider.versionDefinitions);
  known.set(provider, definitions);
  return definitions;
}

function providerOf(
  name: string,
  { names, objects }: ProcessImage,
  { tables }: LoaderFile,
): LinkTables | undefined {
  const object = names.get(name) ?? objects.find((each) => each.tables.soname === name);
  return object?.tables ?? (tables.soname === name ? tables : undefined);
}

function isNeeded(library: string, { objects }: ProcessImage): boolean {
  return objects.some(({ tables }) => tables.needed.includes(library));
}
