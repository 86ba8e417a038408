import type { GlibcAbilities } from '../../facts/loader-texts.ts';
import { objectionToLibrary, objectionToObject } from './glibc-refusals.ts';
import type { LibraryCache } from './library-cache.ts';
import type { LibraryShelf } from './library-shelf.ts';
import type { LoaderFile } from './link.ts';
import {
  directoryOf,
  fromWorkingDirectory,
  type LoadedObject,
  type LoaderModel,
  type Located,
  type ProcessImage,
} from './process-image.ts';
import { expandTokens, runPathDirectories, type TokenValues } from './run-path-directories.ts';

export interface GlibcSetting {
  readonly cache: LibraryCache;
  /** Built into the loader, in order, without slashes at their ends. */
  readonly systemDirectories: readonly string[];
  /** PT_INTERP as it stands. */
  readonly interpreter: string;
}

/**
 * glibc's loader (elf/dl-load.c of glibc 2.36: _dl_map_object, open_path, open_verify; elf/dl-version.c). It reads
 * /etc/ld.so.cache, never /etc/ld.so.conf: that file is ldconfig's.
 */
export function glibcLoader(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  setting: GlibcSetting,
): LoaderModel {
  const abilities = loaderFile.tables.loader?.glibc ?? null;
  const place: Place = { shelf, abilities, setting };
  const ownNames = new Set([setting.interpreter, loaderFile.tables.soname]);
  return {
    libc: 'glibc',
    preloads: () => [],
    checksVersions: true,
    knowsIndirectFunctions: true,
    bindsCallsAtStart: (object) => object.tables.bindNow,
    objectionTo: ({ tables }) => objectionToObject(tables, abilities),
    filtees: ({ tables }) => tables.filtees,
    locate(name, asker, image) {
      const requester = asker ?? image.program;
      const object = alreadyLoaded(name, image);
      if (object !== undefined) return { outcome: 'loaded', object, knownAs: name };
      if (ownNames.has(name)) return { outcome: 'loader' };
      return name.includes('/') || name.includes('$')
        ? openByPath(place, name, requester, image)
        : search(place, name, requester, image);
    },
  };
}

interface Place {
  readonly shelf: LibraryShelf;
  readonly abilities: GlibcAbilities | null;
  readonly setting: GlibcSetting;
}

/** _dl_map_object compares with the names asked for, with the paths of what is loaded and with DT_SONAME. */
function alreadyLoaded(name: string, { names, objects, program }: ProcessImage) {
  return (
    names.get(name) ??
    objects.find(
      (object) => object.tables.soname === name || (object !== program && object.openedAs === name),
    )
  );
}

/** A name with a slash is opened as it stands, after its tokens are expanded; in a privileged program none may be. */
function openByPath(
  place: Place,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  if (name.includes('$') && image.start.secure) {
    const because = `${name} holds a token, which a privileged program may not use`;
    return { outcome: 'missing', searched: [], because };
  }
  const path = expandTokens(name, tokensOf(requester, image, place.setting));
  if (path === null) return { outcome: 'undecided', because: `${name} depends on the processor` };
  if (fromWorkingDirectory(path, image) === null) {
    return { outcome: 'undecided', because: `${path} is looked up from the working directory` };
  }
  const refusals: string[] = [];
  return (
    tryCandidate(place, path, name, requester, image, refusals) ?? {
      outcome: 'missing',
      searched: [path],
      because: refusals[0] ?? null,
    }
  );
}

/** Places in the order of _dl_map_object: run paths and LD_LIBRARY_PATH, the cache, the system's directories. */
function search(place: Place, name: string, requester: LoadedObject, image: ProcessImage): Located {
  const { shelf, setting } = place;
  const { cache, systemDirectories } = setting;
  const { noDefaultDirectories } = requester.tables;
  const tokens = (object: LoadedObject) => tokensOf(object, image, setting);
  const runPath = runPathDirectories(requester, image, tokens, systemDirectories);
  const system = noDefaultDirectories ? [] : systemDirectories;
  const cached = cache.get(name);
  const usesCache =
    cached !== undefined &&
    !(noDefaultDirectories && systemDirectories.some((each) => cached.startsWith(`${each}/`)));
  const refusals: string[] = [];
  for (const path of [
    ...runPath.map((each) => (each === '' ? name : `${each}/${name}`)),
    ...(usesCache ? [cached] : []),
    ...system.map((directory) => `${directory}/${name}`),
  ]) {
    const found = tryCandidate(place, path, name, requester, image, refusals);
    if (found !== null) return found;
  }
  return (
    dependsOnMore(shelf, name, [...runPath, ...system], image) ?? {
      outcome: 'missing',
      searched: [
        ...new Set([...runPath, ...(cache.size > 0 ? ['/etc/ld.so.cache'] : []), ...system]),
      ],
      because: refusals[0] ?? null,
    }
  );
}

/** open_verify passes over libraries of another class or machine; any other file that exists ends the search. */
function tryCandidate(
  { shelf, abilities }: Place,
  path: string,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  refusals: string[],
): Located | null {
  const opened = shelf.open(path, requester, image);
  switch (opened.state) {
    case 'absent':
    case 'elsewhere':
      return null;
    case 'other-machine':
    case 'denied':
      refusals.push(opened.because);
      return null;
    case 'unreadable':
      return { outcome: 'undecided', because: opened.because };
    case 'no-library':
    case 'loop':
      return { outcome: 'missing', searched: [path], because: opened.because };
    case 'loaded':
      return { outcome: 'loaded', object: opened.object, knownAs: name };
    case 'new': {
      const objection = objectionToLibrary(opened.object.tables, abilities);
      if (objection === null) return { outcome: 'new', object: opened.object, knownAs: name };
      const because = `${path} ${objection.because}`;
      if (objection.kind === 'undecided') return { outcome: 'undecided', because };
      if (objection.kind === 'refused') return { outcome: 'missing', searched: [path], because };
      refusals.push(because);
      return null;
    }
  }
}

/** Subdirectories for newer processors (elf/dl-hwcaps.c); which of them count, the processor decides. */
const processorLevels = ['x86-64-v4', 'x86-64-v3', 'x86-64-v2', 'power10', 'power9', 'z16', 'z15'];

/** What is in none of the certain places may be in one that depends on where the program is started. */
function dependsOnMore(
  { root }: LibraryShelf,
  name: string,
  directories: readonly string[],
  image: ProcessImage,
): Located | null {
  const relative = directories.find((directory) => fromWorkingDirectory(directory, image) === null);
  if (relative !== undefined) {
    const because = `${name} is only found if the working directory, or "${relative}" below it, holds it`;
    return { outcome: 'undecided', because };
  }
  const special = directories
    .flatMap((each) => processorLevels.map((level) => `${each}/glibc-hwcaps/${level}/${name}`))
    .find((path) => root.resolve(path) !== undefined);
  if (special === undefined) return null;
  return { outcome: 'undecided', because: `${special} is for some processors only` };
}

/** Where an object's own dynamic string tokens lead (ld.so(8)). */
function tokensOf(
  object: LoadedObject,
  image: ProcessImage,
  { systemDirectories }: GlibcSetting,
): TokenValues {
  const origin = directoryOf(object === image.program ? object.entry.path : object.openedAs);
  // DL_DST_LIB is the directory of libraries below /usr and below /, which the first system directory shows.
  const library = systemDirectories[0]?.replace(/^\/(usr\/)?/, '') ?? 'lib';
  return { origin, library };
}
