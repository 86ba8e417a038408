import type { Root } from '../../layers/root.ts';
import type { LibraryCache } from './library-cache.ts';
import { openLibrary } from './open-library.ts';
import {
  directoryOf,
  type LoadedObject,
  type LoaderModel,
  type Located,
  type ProcessImage,
} from './process-image.ts';
import { systemDirectories } from './system-directories.ts';

/**
 * glibc's loader (elf/dl-load.c of glibc 2.36: _dl_map_object; elf/dl-version.c: _dl_check_map_versions).
 * It reads /etc/ld.so.cache, never /etc/ld.so.conf: that file is ldconfig's.
 */
export function glibcLoader(root: Root, cache: LibraryCache): LoaderModel {
  return {
    libc: 'glibc',
    checksVersions: true,
    knowsIndirectFunctions: true,
    bindsCallsAtStart: (object) => object.tables.bindNow,
    locate(name, requester, image) {
      const loaded = alreadyLoaded(name, image);
      if (loaded !== undefined) return { outcome: 'loaded', object: loaded };
      if (name.includes('/')) return openByPath(root, name, requester, image);
      return search(root, name, requester, image, cache);
    },
  };
}

/** _dl_map_object compares with the names asked for and with DT_SONAME. */
function alreadyLoaded(name: string, image: ProcessImage): LoadedObject | undefined {
  return image.byName.get(name) ?? image.objects.find((object) => object.tables.soname === name);
}

function openByPath(
  root: Root,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  const path = expand(name, requester, image);
  if (path === null || !path.startsWith('/')) {
    return { outcome: 'undecided', because: `${name} is looked up from the working directory` };
  }
  return (
    openLibrary(root, path, requester, image, 'take') ?? {
      outcome: 'missing',
      searched: [path],
      because: null,
    }
  );
}

function search(
  root: Root,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  cache: LibraryCache,
): Located {
  const runPath = runPathDirectories(requester, image);
  const system = requester.tables.noDefaultDirectories
    ? []
    : systemDirectories(root, image.program.tables);
  for (const directory of runPath) {
    if (!directory.startsWith('/')) {
      return {
        outcome: 'undecided',
        because: `the run path element "${directory}" depends on the working directory`,
      };
    }
  }
  const cached = requester.tables.noDefaultDirectories
    ? (cache.get(name) ?? []).filter(
        (path) => !systemDirectories(root, image.program.tables).includes(directoryOf(path)),
      )
    : (cache.get(name) ?? []);
  const candidates = [...inDirectories(runPath, name), ...cached, ...inDirectories(system, name)];
  for (const candidate of candidates) {
    const found = openLibrary(root, candidate, requester, image, 'skip');
    if (found !== null) return found;
  }
  const searched = [...runPath, ...(cache.size > 0 ? ['/etc/ld.so.cache'] : []), ...system];
  return { outcome: 'missing', searched, because: null };
}

/** Subdirectories for newer processors come first; which of them count depends on the processor. */
const processorLevels = [
  'glibc-hwcaps/x86-64-v4',
  'glibc-hwcaps/x86-64-v3',
  'glibc-hwcaps/x86-64-v2',
];

function inDirectories(directories: readonly string[], name: string): string[] {
  return directories.flatMap((directory) => [
    `${directory}/${name}`,
    ...processorLevels.map((level) => `${directory}/${level}/${name}`),
  ]);
}

/** DT_RPATH of the chain unless the requester has DT_RUNPATH, which counts for its own needs only. An object's RPATH is void beside its RUNPATH. */
function runPathDirectories(requester: LoadedObject, image: ProcessImage): string[] {
  if (requester.tables.runpath !== null) return split(requester.tables.runpath, requester, image);
  const found: string[] = [];
  const chain: LoadedObject[] = [];
  for (let object: LoadedObject | null = requester; object !== null; object = object.requester)
    chain.push(object);
  if (!chain.includes(image.program)) chain.push(image.program);
  for (const object of chain) {
    if (object.tables.rpath === null || object.tables.runpath !== null) continue;
    found.push(...split(object.tables.rpath, object, image));
  }
  return found;
}

/** An empty element is the working directory; an empty path is none at all. */
function split(path: string, object: LoadedObject, image: ProcessImage): string[] {
  if (path === '') return [];
  return path
    .split(':')
    .map((element) => expand(element, object, image))
    .filter((element) => element !== null);
}

/** Dynamic string tokens (ld.so(8)); an element with $ORIGIN is dropped in a privileged program unless it leads to a trusted directory. */
function expand(element: string, object: LoadedObject, image: ProcessImage): string | null {
  if (!element.includes('$')) return element;
  const origin = directoryOf(object.requester === null ? object.entry.path : object.openedAs);
  const usesOrigin = /\$(ORIGIN|\{ORIGIN\})/.test(element);
  if (usesOrigin && image.secure) return null;
  const library = image.program.tables.bits === 64 ? 'lib64' : 'lib';
  return element
    .replace(/\$(ORIGIN|\{ORIGIN\})/g, () => origin)
    .replace(/\$(LIB|\{LIB\})/g, () => library);
}
