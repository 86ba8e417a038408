import { importsIn } from '../../../facts/link-tables/import-list.ts';
import type { LoadedObject, LoaderFile, LoaderModel, ProcessImage } from '../process-image.ts';
import { addBits, definesName, hasBit, type SymbolIndex } from './symbol-index.ts';

export interface MissingSymbol {
  /** With the version, where the loader looks for one. */
  readonly name: string;
  readonly bareName: string;
  /** The required version, whether or not the loader checks it; null: any. */
  readonly version: string | null;
  readonly neededBy: string;
  /** Only function calls use it and the loader is lazy: the program dies at the first call, not at its start. */
  readonly atFirstCall: boolean;
}

/** Strong symbols that a relocation of some file uses and that no file of the process defines. */
export function findMissingSymbols(
  image: ProcessImage,
  loader: LoaderModel,
  /** null: nothing in the process needs the loader, so its exports are out of reach. */
  loaderFile: LoaderFile | null,
  symbols: SymbolIndex,
): MissingSymbol[] {
  const files = loaderFile === null ? image.objects : [...image.objects, loaderFile];
  const defined = new Uint32Array(symbols.words);
  for (const { sha256, tables } of files) {
    addBits(defined, symbols.exports(sha256, tables, loader.libc));
  }
  return image.objects.flatMap((object) => [
    ...missingImports(object, image, loader, symbols, defined),
    ...(loader.knowsIndirectFunctions ? [] : missingIndirect(object, files)),
    ...(loader.assertsVersions ? assertedImports(object, image, loader) : []),
  ]);
}

function missingImports(
  object: LoadedObject,
  image: ProcessImage,
  loader: LoaderModel,
  symbols: SymbolIndex,
  defined: Uint32Array,
): MissingSymbol[] {
  const numbers = symbols.imports(object.sha256, object.tables, loader.checksVersions);
  // Of nearly every file nothing is missing.
  if (numbers.every((number) => hasBit(defined, number))) return [];
  const missing = [...importsIn(object.tables.imports)].filter(
    ({ name }, index) => !hasBit(defined, numbers[index] ?? 0) && !loader.answers(name),
  );
  return missing.map(({ name, version, callsOnly, slotsOnly }) => ({
    name: loader.checksVersions && version !== null ? `${name}, version ${version}` : name,
    bareName: name,
    version,
    neededBy: object.entry.path,
    atFirstCall:
      (loader.defersSlots ? slotsOnly : callsOnly) && !loader.bindsCallsAtStart(object, image),
  }));
}

/** A name that only an STT_GNU_IFUNC defines is not found by musl, even in the file that defines it. */
function missingIndirect(
  { tables, entry }: LoadedObject,
  files: readonly Pick<LoaderFile, 'tables'>[],
): MissingSymbol[] {
  return tables.indirectUses
    .filter((name) => !files.some((file) => definesName(file.tables, name)))
    .map((name) => ({
      name,
      bareName: name,
      version: null,
      neededBy: entry.path,
      atFirstCall: false,
    }));
}

/**
 * elf/dl-lookup.c, check_match: if a name with a version is found in the very file that should have the version, and
 * that file has no versions at all, an assertion fails, unless a file before it has the name.
 */
function assertedImports(
  object: LoadedObject,
  image: ProcessImage,
  loader: LoaderModel,
): MissingSymbol[] {
  return object.tables.versionNeeds.flatMap(({ library, versions }) => {
    const asked = image.objects.findIndex(
      (each) => image.names.get(library) === each || each.tables.soname === library,
    );
    const provider = image.objects[asked];
    if (provider === undefined || provider.tables.traits.hasVersions) return [];
    const names = new Set(versions.map(({ name }) => name));
    const before = image.objects.slice(0, asked);
    return [...importsIn(object.tables.imports)]
      .filter(
        ({ name, version }) =>
          version !== null &&
          names.has(version) &&
          definesName(provider.tables, name) &&
          !before.some(({ tables }) => definesName(tables, name)),
      )
      .map(({ name, version, callsOnly }) => ({
        name: `${name}, version ${version}`,
        bareName: name,
        version,
        neededBy: object.entry.path,
        atFirstCall: callsOnly && !loader.bindsCallsAtStart(object, image),
      }));
  });
}
