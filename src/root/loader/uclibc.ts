import { oncePer } from '../../base/once-per.ts';
import { baseName, directoryOf } from '../../base/path-parts.ts';
import type { Root } from '../../layers/root.ts';
import type { LibraryShelf, Opened } from './library-shelf.ts';
import {
  type LoadedObject,
  type LoaderFile,
  type LoaderModel,
  type Located,
  lookUpExcess,
  type ProcessImage,
  trustedValue,
} from './process-image.ts';
import { definesName } from './symbols/symbol-index.ts';

/**
 * uClibc's loader (ldso/ldso/dl-elf.c: _dl_load_shared_library, search_for_named_library; ldso/ldso/ldso.c of uClibc 0.9.33 to uClibc-ng
 * 1.0.58). Which folders it searches before `/lib` and `/usr/lib` was settled when it was built (LDSO_RUNPATH, LDSO_LD_LIBRARY_PATH,
 * LDSO_CACHE_SUPPORT, LDSO_SEARCH_INTERP_PATH, LDSO_SAFE_RUNPATH), and `$ORIGIN` is newer than 0.9.33: where one of these could lead to another
 * file, it is undecided. It knows no symbol versions, and is part of every process.
 */
export function uclibcLoader(
  shelf: LibraryShelf,
  { tables }: LoaderFile,
  interpreter: string,
): LoaderModel {
  return {
    libc: 'uclibc',
    preloads: () => [],
    checksVersions: false,
    knowsIndirectFunctions: true,
    bindsCallsAtStart: (object, image) =>
      object.tables.bindNow || image.start.environment.has('LD_BIND_NOW'),
    defersSlots: true,
    filtees: () => [],
    objectionTo: (object, image) => (object === image.program ? preloading(shelf, image) : null),
    objectionToOpening: () => null,
    objectionToSlots: () => null,
    onOtherProcessors: () => [],
    assertsVersions: false,
    answers: (name) => definesName(tables, name),
    locate(name, asker, image) {
      const last = baseName(name);
      if (ownNames.test(last) || last === tables.soname) return { outcome: 'loader' };
      const direct = name.includes('/') ? take(shelf.open(name, asker, image), name) : null;
      if (direct !== null && direct.outcome !== 'missing') return direct;
      return search(shelf, last, asker ?? image.program, image, directoryOf(interpreter));
    },
  };
}

const ownNames = /^ld(64)?-uClibc[-.]/;

/** It ends where one of them is not found, and whether it reads them was settled when it was built. */
function preloading(shelf: LibraryShelf, image: ProcessImage) {
  const named = trustedValue(image, 'LD_PRELOAD') !== '';
  if (!named && shelf.root.resolve('/etc/ld.so.preload') === undefined) return null;
  const what = named ? 'LD_PRELOAD' : '/etc/ld.so.preload';
  const because = `may load what ${what} names first: its loader can be built to`;
  return { kind: 'undecided', because } as const;
}

/** Searched by every one, in this order (UCLIBC_RUNTIME_PREFIX is `/` as a rule). */
const always = ['/lib', '/usr/lib'];

function search(
  shelf: LibraryShelf,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  folderOfLoader: string,
): Located {
  const doubtful = foldersBefore(requester, image, folderOfLoader);
  const excess = lookUpExcess(image, doubtful.length + always.length);
  if (excess !== null) return { outcome: 'undecided', because: excess };
  const found = firstIn(always, shelf, name, requester, image);
  for (const folder of doubtful) {
    const other = firstIn([folder], shelf, name, requester, image);
    if (other.outcome !== 'missing' && !isSame(other, found))
      return {
        outcome: 'undecided',
        because: `${name} may be found in "${folder}": whether its loader looks there was settled when it was built`,
      };
  }
  if (shelf.root.resolve(cache)?.type === 'file')
    return { outcome: 'undecided', because: `its loader may have been built to read ${cache}` };
  if (found.outcome !== 'missing') return found;
  const elsewhere = namesOf(shelf.root).get(name);
  return elsewhere === undefined
    ? found
    : {
        outcome: 'undecided',
        because: `${name} is ${elsewhere}, where its loader looks if it was built to`,
      };
}

const cache = '/etc/ld.so.cache';

/** What run paths and the environment say, the folder of the loader, and last what newer ones take from the program. */
function foldersBefore(
  { tables, openedAs }: LoadedObject,
  image: ProcessImage,
  folderOfLoader: string,
): readonly string[] {
  const { program } = image;
  const paths = [
    tables.rpath,
    trustedValue(image, 'LD_LIBRARY_PATH'),
    tables.runpath,
    program.tables.rpath,
    program.tables.runpath,
  ];
  const folders = paths.flatMap((path) => (path === null || path === '' ? [] : path.split(':')));
  const expanded = folders.map((folder) =>
    folder.startsWith('$ORIGIN') ? `${directoryOf(openedAs)}${folder.slice(7)}` : folder || '.',
  );
  return [...new Set([...expanded, folderOfLoader])].filter((folder) => !always.includes(folder));
}

/** What cannot be loaded is passed over, and the next folder searched. */
function firstIn(
  folders: readonly string[],
  shelf: LibraryShelf,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  let because: string | null = null;
  for (const folder of folders) {
    const path = `${folder}/${name}`;
    const located = take(shelf.open(path, requester, image), path);
    if (located === null) continue;
    if (located.outcome !== 'missing') return located;
    because ??= located.because;
  }
  return { outcome: 'missing', searched: folders, because };
}

function isSame(a: Located, b: Located): boolean {
  const [one, other] = [a, b].map((located) =>
    located.outcome === 'new' || located.outcome === 'loaded' ? located.object.entry.inode : null,
  );
  return one !== null && one === other;
}

/** null: there is nothing. */
function take(opened: Opened, path: string): Located | null {
  switch (opened.state) {
    case 'absent':
      return null;
    case 'new':
    case 'loaded':
      return { outcome: opened.state, object: opened.object, knownAs: null };
    case 'elsewhere':
    case 'unreadable':
      return { outcome: 'undecided', because: opened.because };
    case 'other-machine':
    case 'no-library':
    case 'denied':
    case 'loop':
      return { outcome: 'missing', searched: [path], because: opened.because };
  }
}

/** By last part: one path of that name outside of what was searched. Collected once, and only where something is missing. */
const namesOf = oncePer((root: Root): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  for (const { path, type } of root.entries()) {
    if (type !== 'directory' && !always.includes(directoryOf(path)))
      names.set(baseName(path), path);
  }
  return names;
});
