import { isUnreadProgram } from '../../base/problem.ts';
import { ET } from '../../elf/constants.ts';
import type { Extraction } from '../../extraction/extraction.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { access, type Credentials } from '../rights/permission.ts';
import {
  fromWorkingDirectory,
  type LoadedObject,
  openerOf,
  type ProcessImage,
  sameArchitecture,
  sameClass,
} from './process-image.ts';

/** What a loader that opens a path finds there. */
export type Opened =
  | { readonly state: 'absent' }
  | { readonly state: 'loaded'; readonly object: LoadedObject }
  | { readonly state: 'new'; readonly object: LoadedObject }
  | {
      readonly state: 'other-machine';
      readonly because: string;
      /** Where it is as wide and of the same byte order: what a loader gets that does not look at its machine. */
      readonly object: LoadedObject | null;
    }
  | {
      readonly state: 'no-library';
      readonly because: string;
      /** It lacks the magic of ELF, which musl's loader does not check. */
      readonly isForMusl?: true;
    }
  /** Not for this user: a file, or a directory on the way to it. */
  | { readonly state: 'denied'; readonly because: string }
  /** Links that lead to each other. */
  | { readonly state: 'loop'; readonly because: string }
  /** From a working directory that is not known, or in what runtimes mount. */
  | { readonly state: 'elsewhere'; readonly because: string }
  /** Damaged, or past a limit: what a loader would make of it is not known, or only that none takes it. */
  | {
      readonly state: 'unreadable';
      readonly because: string;
      readonly isTakenByNone: boolean;
      /** Its header is one that musl's loader alone does not mind. */
      readonly isForMusl: boolean;
    };

/** The files of one root as loaders open them; every program of a root opens the same few paths. */
export interface LibraryShelf {
  open(path: string, requester: LoadedObject | null, image: ProcessImage): Opened;
  readonly root: Root;
}

interface File {
  readonly state: 'file';
  readonly entry: RootEntry;
  readonly extraction: Extraction | undefined;
  readonly lacksMagic: boolean;
}

type Found = File | Exclude<Opened, { readonly state: 'loaded' | 'new' }>;

export function createLibraryShelf(root: Root): LibraryShelf {
  const shelves = new Map<string, Map<string, Found>>();
  const lackMagic = unreadPrograms(root);
  return {
    root,
    open(path, requester, image) {
      const full = fromWorkingDirectory(path, image);
      if (full === null) {
        const because = `${path} is looked up from the working directory`;
        return { state: 'elsewhere', because };
      }
      const who = openerOf(image);
      const shelf = shelfOf(shelves, who);
      const found = shelf.get(full) ?? find(root, full, who, lackMagic);
      if (shelf.size >= mostPaths) shelf.clear();
      shelf.set(full, found);
      return found.state === 'file' ? examine(found, path, requester, image) : found;
    },
  };
}

/** Programs of a real root open some thousands; if there are more, they are looked up again. */
const mostPaths = 500_000;

/** What one user may open another may not. */
function shelfOf(shelves: Map<string, Map<string, Found>>, who: Credentials | null) {
  const key = who === null ? '' : [who.uid, who.gid, ...who.groups].join();
  const shelf = shelves.get(key) ?? new Map<string, Found>();
  shelves.set(key, shelf);
  return shelf;
}

function find(
  root: Root,
  path: string,
  who: Credentials | null,
  lackMagic: ReadonlySet<number>,
): Found {
  const found = access(root, path, 'read', who);
  switch (found.to) {
    case 'nothing':
      return { state: 'absent' };
    case 'loop':
      return { state: 'loop', because: `${path} leads through a loop of links` };
    case 'denied':
      return { state: 'denied', because: found.because };
    case 'mount':
      return { state: 'elsewhere', because: found.because };
    case 'file': {
      const { entry } = found;
      const extraction = root.extractions.get(entry.elf ?? '');
      return { state: 'file', entry, extraction, lacksMagic: lackMagic.has(entry.inode) };
    }
  }
}

function examine(
  { entry, extraction, lacksMagic }: File,
  path: string,
  requester: LoadedObject | null,
  image: ProcessImage,
): Opened {
  const loaded = image.objects.find((object) => object.entry.inode === entry.inode);
  if (loaded !== undefined) return { state: 'loaded', object: loaded };
  if (extraction === undefined && lacksMagic) {
    const because = `${path} lacks the magic of ELF`;
    return { state: 'no-library', because, isForMusl: true };
  }
  if (extraction === undefined) {
    const what = entry.type === 'file' ? 'no ELF file' : `a ${entry.type}`;
    return { state: 'no-library', because: `${path} is ${what}` };
  }
  const { linking, sha256 } = extraction;
  if (!linking.known) {
    const { acceptance } = extraction.facts;
    const taker = acceptance.known ? acceptance.value : null;
    // What has sections and no program headers that can be read is for linkers alone.
    const isTakenByNone = taker?.by === 'nothing' || taker?.by === 'linker';
    const isForMusl = taker?.mappedByMusl === true;
    const because = `${path} cannot be read: ${linking.because}`;
    return { state: 'unreadable', because, isTakenByNone, isForMusl };
  }
  const tables = linking.value;
  const isLibrary = tables.hasDynamic && (tables.type === ET.DYN || tables.type === ET.EXEC);
  const object = { entry, sha256, tables, openedAs: path, requester };
  if (!sameArchitecture(tables, image.program.tables)) {
    const isTaken = isLibrary && sameClass(tables, image.program.tables);
    const because = `${path} is for another machine`;
    return { state: 'other-machine', because, object: isTaken ? object : null };
  }
  if (isLibrary) return { state: 'new', object };
  return { state: 'no-library', because: `${path} is not a shared library` };
}

/** Inodes of the programs and libraries that lack the magic of ELF, and were not read for that. */
function unreadPrograms({ containers }: Root): ReadonlySet<number> {
  const found = containers.filter(({ inside }) =>
    inside.some(({ problems }) => problems.some(isUnreadProgram)),
  );
  return new Set(found.map(({ entry }) => entry.inode));
}
