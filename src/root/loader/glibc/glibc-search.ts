import { directoryOf } from '../../../base/path-parts.ts';
import type { GlibcAbilities } from '../../../facts/link-tables/loader-texts.ts';
import type { LibraryShelf } from '../library-shelf.ts';
import {
  fromWorkingDirectory,
  type LoadedObject,
  type Located,
  lookUpExcess,
  type ProcessImage,
} from '../process-image.ts';
import { objectionToLibrary } from './glibc-refusals.ts';
import type { GlibcTexts } from './glibc-texts.ts';
import type { CachedPath, LibraryCache } from './library-cache.ts';
import type { Processor } from './processor.ts';
import type { ProcessorDirectories } from './processor-directories.ts';
import { expandTokens, runPathLists, type TokenValues } from './run-path-directories.ts';

export interface GlibcSetting extends GlibcTexts {
  /** Built into the loader, in order, without slashes at their ends. */
  readonly systemDirectories: readonly string[];
  /** PT_INTERP as it stands. */
  readonly interpreter: string;
}

/** What decides where one loader finds a library on one processor. */
export interface SearchPlace {
  readonly shelf: LibraryShelf;
  readonly abilities: GlibcAbilities | null;
  readonly setting: GlibcSetting;
  readonly processor: Processor;
  readonly directories: ProcessorDirectories;
}

interface Wanted {
  readonly name: string;
  readonly requester: LoadedObject;
  readonly image: ProcessImage;
  /** Why files of the name do not count, so far. */
  readonly refusals: string[];
  /** Places that may hold it. */
  readonly doubts: string[];
}

/** A name with a slash is opened as it stands, after its tokens are expanded; in a privileged program none may be. */
export function openByPath(
  place: SearchPlace,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  if (name.includes('$') && image.start.secure) {
    const because = `${name} holds a token, which a privileged program may not use`;
    return { outcome: 'missing', searched: [], because };
  }
  const path = expandTokens(name, tokensOf(requester, image, place));
  if (path === null) return { outcome: 'undecided', because: `${name} depends on the processor` };
  if (fromWorkingDirectory(path, image) === null) {
    return { outcome: 'undecided', because: `${path} is looked up from the working directory` };
  }
  const wanted = { name, requester, image, refusals: [], doubts: [] };
  const found = tryCandidate(place, path, wanted);
  if (typeof found === 'object') return found;
  const [because] = wanted.doubts;
  if (because !== undefined) return { outcome: 'undecided', because };
  return { outcome: 'missing', searched: [path], because: wanted.refusals[0] ?? null };
}

/** Places in the order of _dl_map_object: run paths and LD_LIBRARY_PATH, the cache, the system's directories. */
export function search(
  place: SearchPlace,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  const wanted: Wanted = { name, requester, image, refusals: [], doubts: [] };
  const { systemDirectories } = place.setting;
  const cache = place.setting.cache(image);
  const tokens = (object: LoadedObject) => tokensOf(object, image, place);
  const runPaths = runPathLists(requester, image, tokens, systemDirectories);
  const system = requester.tables.noDefaultDirectories ? [] : systemDirectories;
  const places = runPaths.reduce((sum, { length }) => sum + length, system.length);
  const excess = lookUpExcess(image, places);
  if (excess !== null) return { outcome: 'undecided', because: excess };
  const found =
    firstOf(runPaths, (list) => searchList(place, list, wanted)) ??
    searchCache(place, wanted) ??
    searchList(place, system, wanted);
  if (found !== null) return found;
  const directories = [...runPaths.flat(), ...system];
  return (
    dependsOnMore(wanted, directories, cache) ?? {
      outcome: 'missing',
      searched: [
        ...new Set([
          ...runPaths.flat(),
          ...(cache !== null && cache.size > 0 ? ['/etc/ld.so.cache'] : []),
          ...system,
        ]),
      ],
      because: wanted.refusals[0] ?? null,
    }
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => Located | null): Located | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

/** open_path: below each directory first what is for the processor. A loop of links ends this list, not the search. */
function searchList(place: SearchPlace, list: readonly string[], wanted: Wanted): Located | null {
  for (const directory of list) {
    const { taken, passed } = place.directories.below(directory, place.processor, wanted.image);
    const noted = [...taken.filter(({ isForAll }) => !isForAll), ...passed];
    for (const { path } of noted) noteProcessor(place, `${path}/${wanted.name}`, wanted);
    const paths = [...taken.map(({ path }) => path), directory];
    for (const each of paths) {
      const found = tryCandidate(
        place,
        each === '' ? wanted.name : `${each}/${wanted.name}`,
        wanted,
      );
      if (found === 'list-ends') return null;
      if (found !== 'goes-on') return found;
    }
  }
  return null;
}

/** A file that counts on some processors makes the result theirs. */
function noteProcessor({ shelf }: SearchPlace, path: string, { requester, image }: Wanted): void {
  if (shelf.open(path, requester, image).state !== 'absent') image.processorMatters.add(path);
}

function searchCache(place: SearchPlace, wanted: Wanted): Located | null {
  const { setting } = place;
  const entries = setting.cache(wanted.image)?.get(wanted.name) ?? [];
  const path = cachedPath(place, entries, wanted.image);
  if (path === null) return null;
  const isSystems = setting.systemDirectories.some((each) => path.startsWith(`${each}/`));
  if (wanted.requester.tables.noDefaultDirectories && isSystems) return null;
  const found = tryCandidate(place, path, wanted);
  return typeof found === 'object' ? found : null;
}

/** search_cache: the best level that the processor has, else the first entry that is for all. */
function cachedPath(
  { abilities, processor, directories }: SearchPlace,
  entries: readonly CachedPath[],
  image: ProcessImage,
): string | null {
  const isPlain = ({ level, forFeatures }: CachedPath) => level === null && !forFeatures;
  const special = entries.find((entry) => !isPlain(entry));
  if (special !== undefined) image.processorMatters.add(special.path);
  const levels = abilities?.levelDirectories ? processor.levels : [];
  for (const level of levels) {
    const found = entries.find((entry) => entry.level === level);
    if (found !== undefined) return found.path;
  }
  const usable = entries.find(
    (entry) => isPlain(entry) || (entry.forFeatures && directories.isTaken(entry.path, processor)),
  );
  return usable?.path ?? null;
}

/** `goes-on`: open_verify and open_path pass over it; `list-ends`: no more of the list is looked at. */
function tryCandidate(
  { shelf, abilities }: SearchPlace,
  path: string,
  { name, requester, image, refusals, doubts }: Wanted,
): Located | 'goes-on' | 'list-ends' {
  const opened = shelf.open(path, requester, image);
  switch (opened.state) {
    case 'elsewhere':
      doubts.push(opened.because);
      return 'goes-on';
    case 'absent':
      return 'goes-on';
    case 'other-machine':
    case 'denied':
      refusals.push(opened.because);
      return 'goes-on';
    case 'loop':
      refusals.push(opened.because);
      return 'list-ends';
    case 'unreadable':
      if (!opened.isTakenByNone) return { outcome: 'undecided', because: opened.because };
      return { outcome: 'missing', searched: [path], because: opened.because };
    case 'no-library':
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
      return 'goes-on';
    }
  }
}

/** What is in none of the certain places may be in one that depends on where the program is started. */
function dependsOnMore(
  { name, image, doubts }: Wanted,
  directories: readonly string[],
  cache: LibraryCache | null,
): Located | null {
  const relative = directories.find((directory) => fromWorkingDirectory(directory, image) === null);
  if (relative !== undefined) {
    const because = `${name} is only found if the working directory, or "${relative}" below it, holds it`;
    return { outcome: 'undecided', because };
  }
  const [doubt] = doubts;
  if (doubt !== undefined)
    return { outcome: 'undecided', because: `${name} may be found: ${doubt}` };
  if (cache !== null) return null;
  return {
    outcome: 'undecided',
    because: `${name} may be in /etc/ld.so.cache, which was not read`,
  };
}

/** Where an object's own dynamic string tokens lead (ld.so(8)). */
function tokensOf(
  object: LoadedObject,
  image: ProcessImage,
  { setting, processor, directories }: SearchPlace,
): TokenValues {
  const origin = directoryOf(object === image.program ? object.entry.path : object.openedAs);
  // DL_DST_LIB is the directory of libraries below /usr and below /, which the first system directory shows.
  const library = setting.systemDirectories[0]?.replace(/^\/(usr\/)?/, '') ?? 'lib';
  return {
    origin,
    library,
    platform() {
      if (directories.platformsDiffer) image.processorMatters.add('$PLATFORM');
      return processor.platform;
    },
  };
}
