import type { LinkTables } from '../../facts/link-tables.ts';
import type { RootEntry } from '../../layers/root.ts';
import type { LoadedObject, LoaderModel, ProcessImage } from './process-image.ts';
import { addBits, hasBit, type SymbolIndex } from './symbol-index.ts';

/** What starting a program on paper came to. */
export interface Link {
  /** Files in load order, the program first; the loader itself is not among them. */
  readonly libraries: readonly LoadedLibrary[];
  readonly missingLibraries: readonly MissingLibrary[];
  readonly missingVersions: readonly MissingVersion[];
  readonly missingSymbols: readonly MissingSymbol[];
  /** Why the result is not certain; empty when it is. */
  readonly undecided: readonly string[];
}

export interface LoadedLibrary {
  readonly path: string;
  readonly layer: number;
}

export interface MissingLibrary {
  readonly name: string;
  readonly neededBy: string;
  readonly searched: readonly string[];
  /** Why a file of that name does not count; null when there is none. */
  readonly because: string | null;
}

export interface MissingVersion {
  readonly version: string;
  readonly library: string;
  readonly neededBy: string;
}

export interface MissingSymbol {
  readonly name: string;
  readonly neededBy: string;
  /** Only function calls use it and the loader is lazy: the program dies at the first call, not at its start. */
  readonly atFirstCall: boolean;
}

/** The file that the kernel starts for the program: its exports count too. */
export interface LoaderFile {
  readonly sha256: string;
  readonly path: string;
  readonly tables: LinkTables;
}

/** No real program loads as many; a hostile root could. */
const mostObjects = 4096;

/** Loads breadth first, as both loaders do, then checks versions and symbols over the whole process. */
export function link(
  program: {
    readonly entry: RootEntry;
    readonly sha256: string;
    readonly tables: LinkTables;
    readonly secure: boolean;
  },
  loader: LoaderModel,
  loaderFile: LoaderFile,
  symbols: SymbolIndex,
): Link {
  const { entry, sha256, tables, secure } = program;
  const first: LoadedObject = { entry, sha256, tables, openedAs: entry.path, requester: null };
  const image: ProcessImage = { program: first, objects: [first], byName: new Map(), secure };
  const missingLibraries: MissingLibrary[] = [];
  const undecided = new Set<string>();
  for (let index = 0; index < image.objects.length; index += 1) {
    const object = image.objects[index];
    if (object === undefined || image.objects.length > mostObjects) break;
    for (const name of object.tables.needed)
      loadOne(name, object, image, loader, { missingLibraries, undecided });
  }
  if (image.objects.length > mostObjects) undecided.add(`more than ${mostObjects} libraries`);
  const complete = missingLibraries.length === 0 && undecided.size === 0;
  return {
    libraries: image.objects.map(({ entry: { path, layer } }) => ({ path, layer })),
    missingLibraries,
    missingVersions: loader.checksVersions ? findMissingVersions(image, loaderFile) : [],
    missingSymbols: complete ? findMissingSymbols(image, loader, loaderFile, symbols) : [],
    undecided: [...undecided],
  };
}

function loadOne(
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  loader: LoaderModel,
  found: { missingLibraries: MissingLibrary[]; undecided: Set<string> },
): void {
  const located = loader.locate(name, requester, image);
  switch (located.outcome) {
    case 'loader':
      return;
    case 'new':
      image.objects.push(located.object);
      image.byName.set(name, located.object);
      return;
    case 'loaded':
      image.byName.set(name, located.object);
      return;
    case 'undecided':
      found.undecided.add(located.because);
      return;
    case 'missing':
      if (found.missingLibraries.some((missing) => missing.name === name)) return;
      found.missingLibraries.push({
        name,
        neededBy: requester.entry.path,
        searched: located.searched,
        because: located.because,
      });
  }
}

/** A provider without version definitions satisfies everything (elf/dl-version.c, match_symbol). Weak needs only warn. */
function findMissingVersions(image: ProcessImage, loaderFile: LoaderFile): MissingVersion[] {
  const missing: MissingVersion[] = [];
  for (const object of image.objects) {
    for (const need of object.tables.versionNeeds) {
      const provider = providerOf(need.library, image, loaderFile);
      if (provider === undefined || provider.versionDefinitions.length === 0) continue;
      const defined = new Set(provider.versionDefinitions);
      for (const version of need.versions) {
        if (version.weak || defined.has(version.name)) continue;
        missing.push({ version: version.name, library: need.library, neededBy: object.entry.path });
      }
    }
  }
  return missing;
}

function providerOf(
  name: string,
  image: ProcessImage,
  loaderFile: LoaderFile,
): LinkTables | undefined {
  const object =
    image.byName.get(name) ?? image.objects.find(({ tables }) => tables.soname === name);
  return object?.tables ?? (loaderFile.tables.soname === name ? loaderFile.tables : undefined);
}

function findMissingSymbols(
  image: ProcessImage,
  loader: LoaderModel,
  loaderFile: LoaderFile,
  symbols: SymbolIndex,
): MissingSymbol[] {
  const defined = new Uint32Array(symbols.words);
  for (const { sha256, tables } of [...image.objects, loaderFile]) {
    addBits(defined, symbols.exports(sha256, tables, loader.knowsIndirectFunctions));
  }
  const missing: MissingSymbol[] = [];
  for (const object of image.objects) {
    const numbers = symbols.imports(object.sha256, object.tables);
    object.tables.imports.forEach(({ name, callsOnly }, index) => {
      if (hasBit(defined, numbers[index] ?? 0)) return;
      const atFirstCall = callsOnly && !loader.bindsCallsAtStart(object, image);
      missing.push({ name, neededBy: object.entry.path, atFirstCall });
    });
  }
  return missing;
}
