import { baseName, directoryOf } from '../../base/path-parts.ts';
import { decodeName, encodeName } from '../../base/text.ts';
import { access, type Credentials } from '../rights/permission.ts';
import type { LibraryShelf, Opened } from './library-shelf.ts';
import { muslRelease } from './musl/musl-release.ts';
import { muslObjection } from './musl/musl-relocations.ts';
import {
  type LoadedObject,
  type LoaderFile,
  type LoaderModel,
  type Located,
  lookUpExcess,
  openerOf,
  type ProcessImage,
  trustedValue,
} from './process-image.ts';
import { definesName } from './symbols/symbol-index.ts';

const defaultPath = '/lib:/usr/local/lib:/usr/lib';

/** musl answers itself for `lib` + one of these + `.anything` (ldso/dynlink.c, load_library, `reserved`). */
const ownNames = /^lib(c|pthread|rt|m|dl|util|xnet)\./;

/** NAME_MAX: a longer name is not searched. */
const longestName = 255;
/** load_library, `buf`: paths that fill it with their NUL are passed over. */
const longestPath = 2 * longestName + 1;

export interface MuslStart {
  /** PT_INTERP as it stands: the search path's file is found from there. Of a command: the path that it was called by. */
  readonly interpreter: string;
  /** It was called as a command; it maps the program itself. */
  readonly command?: MuslCommand;
}

/** As gcompat calls it. */
export interface MuslCommand {
  /** argv[0]: the name under which the loader knows itself, and answers for. */
  readonly name: string;
  /** For `--preload`, with what LD_PRELOAD names behind it. */
  readonly preloads: readonly string[];
}

/**
 * musl's loader (ldso/dynlink.c of musl 1.1.19 to 1.2.5: load_library, path_open, fixup_rpath, do_relocs).
 * It resolves every relocation at start, knows no symbol versions and no STT_GNU_IFUNC.
 */
export function muslLoader(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  { interpreter, command }: MuslStart,
): LoaderModel {
  const systemPath = systemPathsOf(shelf, loaderFile, interpreter);
  const release = muslRelease(loaderFile.tables);
  return {
    libc: 'musl',
    preloads: (image) => [
      ...(command?.preloads ?? []),
      ...words(trustedValue(image, 'LD_PRELOAD')),
    ],
    checksVersions: false,
    knowsIndirectFunctions: false,
    bindsCallsAtStart: () => true,
    defersSlots: true,
    filtees: () => [],
    objectionToOpening: () => null,
    objectionToSlots: () => null,
    onOtherProcessors: () => [],
    assertsVersions: false,
    answers: (name) => {
      const remapped = release.remapped(name);
      return remapped !== null && definesName(loaderFile.tables, remapped);
    },
    objectionTo: (object, image) => muslObjection(object, image, release, command !== undefined),
    locate(name, requester, image) {
      if (ownNames.test(name) || name === (command?.name ?? interpreter))
        return { outcome: 'loader' };
      if (name.includes('/')) return openByPath(shelf, name, requester, image);
      const object = image.names.get(name);
      if (object !== undefined) return { outcome: 'loaded', object, knownAs: name };
      return search(shelf, name, requester, image, systemPath(image));
    },
  };
}

/** load_preload: names between white space or colons. */
function words(setting: string): string[] {
  return setting.split(/[\s:]+/).filter((word) => word !== '');
}

/** Directories of the system, and whether that is all that is known of them. */
interface SystemPath {
  readonly directories: readonly string[];
  /** null: they are known. */
  readonly doubt: string | null;
}

/**
 * `etc/ld-musl-ARCH.path` below the directory that holds the loader's `lib` (the loader's path less two components);
 * its elements are separated by colons or newlines and replace the default. One that is there and cannot be opened or read
 * leaves no directory.
 */
function readSystemPath(
  { root }: LibraryShelf,
  { tables, path }: LoaderFile,
  interpreter: string,
  who: Credentials | null,
): SystemPath {
  const named = /ld-musl-([^/]+)\.so/;
  const architecture =
    tables.loader?.musl?.architecture ??
    (named.exec(interpreter) ?? named.exec(path))?.[1] ??
    'unknown';
  const prefix = interpreter.startsWith('/') ? directoryOf(directoryOf(interpreter)) : '/';
  const file = `${prefix === '/' ? '' : prefix}/etc/ld-musl-${architecture}.path`;
  const found = access(root, file, 'read', who);
  if (found.to === 'mount') return { directories: [], doubt: found.because };
  if (found.to === 'nothing') return { directories: elements(defaultPath), doubt: null };
  if (found.to !== 'file' || found.entry.type === 'directory' || found.entry.size === 0)
    return { directories: [], doubt: null };
  const text = root.text(file);
  return text === undefined
    ? { directories: [], doubt: `${file} is not read` }
    : { directories: elements(decodeName(text).split('\0')[0] ?? ''), doubt: null };
}

/** Each user may find another one. */
function systemPathsOf(
  shelf: LibraryShelf,
  loaderFile: LoaderFile,
  interpreter: string,
): (image: ProcessImage) => SystemPath {
  const known = new Map<string, SystemPath>();
  return (image) => {
    const who = openerOf(image);
    const key = who === null ? '' : [who.uid, who.gid, ...who.groups].join();
    const path = known.get(key) ?? readSystemPath(shelf, loaderFile, interpreter, who);
    known.set(key, path);
    return path;
  };
}

/** path_open skips empty elements. */
function elements(path: string): string[] {
  return path.split(/[:\n]/).filter((element) => element !== '');
}

/** A library that is opened by its path has no short name: another file of that name is loaded beside it. */
function openByPath(
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

function search(
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
