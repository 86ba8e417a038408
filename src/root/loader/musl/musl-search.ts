import { baseName } from '../../../base/path-parts.ts';
import { encodeName } from '../../../base/text.ts';
import type { LibraryShelf, Opened } from '../library-shelf.ts';
import {
  type LoadedObject,
  type Located,
  lookUpExcess,
  type ProcessImage,
  trustedValue,
} from '../process-image.ts';
import { definesName } from '../symbols/symbol-index.ts';
import { elements, type SystemPath } from './system-path.ts';

/** NAME_MAX: a longer name is not searched. */
const longestName = 255;
/** load_library, `buf`: paths that fill it with their NUL are passed over. */
const longestPath = 2 * longestName + 1;

/** A library that is opened by its path has no short name: another file of that name is loaded alongside it. */
export function openByPath(
  shelf: LibraryShelf,
  name: string,
  requester: LoadedObject | null,
  image: ProcessImage,
): Located {
  const opened = shelf.open(name, requester, image);
  switch (opened.state) {
    case 'absent':
      return { outcome: 'missing', searched: [name], because: null };
    case 'elsewhere':
      return { outcome: 'undecided', because: opened.because };
    case 'denied':
      return { outcome: 'missing', searched: [name], because: opened.because };
    default:
      return take(opened, name, image, null);
  }
}

/** path_open along LD_LIBRARY_PATH, run paths and folders of the system. */
export function searchLibrary(
  shelf: LibraryShelf,
  name: string,
  requester: LoadedObject | null,
  image: ProcessImage,
  systemPath: SystemPath,
): Located {
  if (name === '' || lengthOf(name) > longestName) {
    const because = name === '' ? 'the name is empty' : 'the name is longer than that of any file';
    return { outcome: 'missing', searched: [], because };
  }
  const directories = [
    ...elements(trustedValue(image, 'LD_LIBRARY_PATH')),
    ...runPathsOfChain(requester, image),
    ...systemPath.directories,
  ];
  const excess = lookUpExcess(image, directories.length);
  if (excess !== null) return { outcome: 'undecided', because: excess };
  const refusals: string[] = [];
  let elsewhere: string | null = null;
  for (const directory of directories) {
    const path = `${directory}/${name}`;
    if (lengthOf(path) > longestPath) continue;
    const opened = shelf.open(path, requester, image);
    if (opened.state === 'denied') refusals.push(opened.because);
    else if (opened.state === 'elsewhere') elsewhere ??= elsewhereText(name, directory, opened);
    else if (opened.state !== 'absent') return take(opened, path, image, name);
  }
  if (elsewhere !== null) return { outcome: 'undecided', because: elsewhere };
  if (systemPath.doubt !== null) {
    return { outcome: 'undecided', because: `${name} may be found: ${systemPath.doubt}` };
  }
  return {
    outcome: 'missing',
    searched: [...new Set(directories)],
    because: refusals[0] ?? null,
  };
}

function elsewhereText(
  name: string,
  directory: string,
  { because }: Extract<Opened, { readonly state: 'elsewhere' }>,
): string {
  return directory.startsWith('/')
    ? `${name} may be found: ${because}`
    : `${name} is only found if "${directory}" below the working directory holds it`;
}

function lengthOf(text: string): number {
  return encodeName(text).length;
}

/** path_open: the first file that can be opened counts, even when it cannot be loaded; so does a loop of links. */
function take(
  opened: Exclude<Opened, { readonly state: 'absent' | 'denied' | 'elsewhere' }>,
  path: string,
  image: ProcessImage,
  searchedFor: string | null,
): Located {
  switch (opened.state) {
    case 'unreadable':
      // Cut, or with headers that lead nowhere: map_library gives up, or the process dies of pages that the file lacks.
      return opened.isTakenByNone && !opened.isForMusl
        ? { outcome: 'missing', searched: [path], because: opened.because }
        : { outcome: 'undecided', because: opened.because };
    case 'no-library':
      if (opened.isForMusl === true) {
        const because = `${opened.because}: musl loads it anyway, and it was not read`;
        return { outcome: 'undecided', because };
      }
      return { outcome: 'missing', searched: [path], because: opened.because };
    case 'loop':
      return { outcome: 'missing', searched: [path], because: opened.because };
    case 'other-machine':
      // map_library does not look at e_machine.
      if (opened.object === null) {
        return { outcome: 'missing', searched: [path], because: opened.because };
      }
      return { outcome: 'new', object: opened.object, knownAs: searchedFor };
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
  return isNamed ? null : baseName(object.openedAs);
}

/** RPATH and RUNPATH count alike, the latter first, and are inherited along the chain of requesters. */
function runPathsOfChain(requester: LoadedObject | null, image: ProcessImage): string[] {
  const found: string[] = [];
  for (let object = requester; object !== null; object = object.requester) {
    for (const element of elements(expandOrigin(object, image) ?? '')) found.push(element);
  }
  return found;
}

/** fixup_rpath: any `$` that is not `$ORIGIN` or `${ORIGIN}` voids the whole path; so does `$ORIGIN` in a privileged program. */
function expandOrigin(object: LoadedObject, image: ProcessImage): string | null {
  const path = object.tables.runpath ?? object.tables.rpath;
  if (path === null || !path.includes('$')) return path;
  if (/\$(?!ORIGIN|\{ORIGIN\})/.test(path)) return null;
  const isProgram = object === image.program;
  if (isProgram && image.start.secure) return null;
  const file = isProgram ? object.entry.path : object.openedAs;
  const origin = file.slice(0, file.lastIndexOf('/'));
  return path.replace(/\$(ORIGIN|\{ORIGIN\})/g, () => origin);
}
