import { decodeName } from '../../text.ts';
import type { LibraryShelf } from './library-shelf.ts';
import type { LoaderFile } from './link.ts';
import {
  directoryOf,
  type LoadedObject,
  type LoaderModel,
  type Located,
  type ProcessImage,
} from './process-image.ts';
import { definesName } from './symbol-index.ts';

const defaultPath = '/lib:/usr/local/lib:/usr/lib';

/** musl answers itself for `lib` + one of these + `.anything` (ldso/dynlink.c, load_library, `reserved`). */
const ownNames = /^lib(c|pthread|rt|m|dl|util|xnet)\./;

/**
 * musl's loader (ldso/dynlink.c of musl 1.2.5: load_library, path_open, fixup_rpath, do_relocs).
 * It resolves every relocation at start, knows no symbol versions and no STT_GNU_IFUNC.
 * `interpreter` is PT_INTERP as it stands: the search path's file is found from there.
 */
export function muslLoader(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  interpreter: string,
  preloaded: readonly string[] = [],
): LoaderModel {
  const systemPath = readSystemPath(shelf, loaderFile, interpreter);
  return {
    libc: 'musl',
    preloaded,
    checksVersions: false,
    knowsIndirectFunctions: false,
    bindsCallsAtStart: () => true,
    locate(name, requester, image) {
      if (ownNames.test(name) || name === interpreter) return { outcome: 'loader' };
      if (name.includes('/')) return openByPath(shelf, name, requester, image);
      const object = image.names.get(name);
      if (object !== undefined) return { outcome: 'loaded', object, knownAs: name };
      return search(shelf, name, requester, image, systemPath);
    },
  };
}

/**
 * `etc/ld-musl-ARCH.path` below the directory that holds the loader's `lib` (the loader's path less two components);
 * its elements are separated by colons or newlines and replace the default.
 */
function readSystemPath(
  { root }: LibraryShelf,
  { tables, path }: LoaderFile,
  interpreter: string,
): readonly string[] {
  const named = /ld-musl-([^/]+)\.so/;
  const architecture =
    tables.loader?.muslArchitecture ??
    (named.exec(interpreter) ?? named.exec(path))?.[1] ??
    'unknown';
  const prefix = directoryOf(directoryOf(interpreter));
  const file = root.text(`${prefix === '/' ? '' : prefix}/etc/ld-musl-${architecture}.path`);
  return elements(file === undefined ? defaultPath : (decodeName(file).split('\0')[0] ?? ''));
}

/** path_open skips empty elements. */
function elements(path: string): string[] {
  return path.split(/[:\n]/).filter((element) => element !== '');
}

/** A library that is opened by its path has no short name: another file of that name is loaded beside it. */
function openByPath(
  shelf: LibraryShelf,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
): Located {
  if (!name.startsWith('/')) {
    return { outcome: 'undecided', because: `${name} is looked up from the working directory` };
  }
  return (
    take(shelf, name, requester, image, null) ?? {
      outcome: 'missing',
      searched: [name],
      because: null,
    }
  );
}

function search(
  shelf: LibraryShelf,
  name: string,
  requester: LoadedObject,
  image: ProcessImage,
  systemPath: readonly string[],
): Located {
  const directories = [
    ...elements(image.libraryPath),
    ...runPathsOfChain(requester, image),
    ...systemPath,
  ];
  for (const directory of directories.filter((path) => path.startsWith('/'))) {
    const found = take(shelf, `${directory}/${name}`, requester, image, name);
    if (found !== null) return found;
  }
  const relative = directories.find((path) => !path.startsWith('/'));
  if (relative !== undefined) {
    const because = `${name} is only found if "${relative}" below the working directory holds it`;
    return { outcome: 'undecided', because };
  }
  return { outcome: 'missing', searched: [...new Set(directories)], because: null };
}

/** The first file that exists counts, even when it cannot be loaded. */
function take(
  shelf: LibraryShelf,
  path: string,
  requester: LoadedObject,
  image: ProcessImage,
  searchedFor: string | null,
): Located | null {
  const opened = shelf.open(path, requester, image);
  switch (opened.state) {
    case 'absent':
      return null;
    case 'unreadable':
      return { outcome: 'undecided', because: opened.because };
    case 'other-machine':
    case 'no-library':
      return { outcome: 'missing', searched: [path], because: opened.because };
    case 'new':
      if (isLibc(opened.object)) return { outcome: 'loader' };
      return { outcome: 'new', object: opened.object, knownAs: searchedFor };
    case 'loaded':
      return { ...opened, outcome: 'loaded', knownAs: shortNameOf(opened.object, image) };
  }
}

/** musl takes a file that defines both for a second libc, and stays with itself. */
function isLibc({ tables }: LoadedObject): boolean {
  return definesName(tables, '__libc_start_main') && definesName(tables, 'stdin');
}

/** A search that ends at a file which was opened by its path gives that file its own last component as a name. */
function shortNameOf(object: LoadedObject, { names, program }: ProcessImage): string | null {
  const isNamed = object === program || [...names.values()].includes(object);
  return isNamed ? null : object.openedAs.slice(object.openedAs.lastIndexOf('/') + 1);
}

/** RPATH and RUNPATH count alike, the latter first, and are inherited along the chain of requesters. */
function runPathsOfChain(requester: LoadedObject, image: ProcessImage): string[] {
  const found: string[] = [];
  for (let object: LoadedObject | null = requester; object !== null; object = object.requester) {
    found.push(...elements(expandOrigin(object, image) ?? ''));
  }
  return found;
}

/** fixup_rpath: any `$` that is not `$ORIGIN` or `${ORIGIN}` voids the whole path; so does `$ORIGIN` in a privileged program. */
function expandOrigin(object: LoadedObject, image: ProcessImage): string | null {
  const path = object.tables.runpath ?? object.tables.rpath;
  if (path === null || !path.includes('$')) return path;
  if (/\$(?!ORIGIN|\{ORIGIN\})/.test(path)) return null;
  const isProgram = object === image.program;
  if (isProgram && image.secure) return null;
  const file = isProgram ? object.entry.path : object.openedAs;
  const origin = file.slice(0, file.lastIndexOf('/'));
  return path.replace(/\$(ORIGIN|\{ORIGIN\})/g, () => origin);
}
