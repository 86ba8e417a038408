import type { Extraction } from '../../extraction/extraction.ts';
import type { Root, RootEntry } from '../../layers/root.ts';
import { type LoadedObject, type ProcessImage, sameArchitecture } from './process-image.ts';

/** What a loader that opens a path finds there. */
export type Opened =
  | { readonly state: 'absent' }
  | { readonly state: 'loaded'; readonly object: LoadedObject }
  | { readonly state: 'new'; readonly object: LoadedObject }
  | { readonly state: 'other-machine'; readonly because: string }
  | { readonly state: 'no-library'; readonly because: string }
  /** Damaged, or past a limit: what a loader would make of it is not known. */
  | { readonly state: 'unreadable'; readonly because: string };

/** The files of one root as loaders open them; every program of a root asks for the same few paths. */
export interface LibraryShelf {
  open(path: string, requester: LoadedObject, image: ProcessImage): Opened;
  readonly root: Root;
}

interface Found {
  readonly entry: RootEntry;
  readonly extraction: Extraction | undefined;
}

export function createLibraryShelf(root: Root): LibraryShelf {
  const found = new Map<string, Found | null>();
  const find = (path: string): Found | null => {
    let here = found.get(path);
    if (here === undefined) {
      const entry = root.resolve(path);
      here = entry ? { entry, extraction: root.extractions.get(entry.elf ?? '') } : null;
      found.set(path, here);
    }
    return here;
  };
  return {
    root,
    open(path, requester, image) {
      const here = find(path);
      return here === null ? { state: 'absent' } : examine(here, path, requester, image);
    },
  };
}

function examine(
  { entry, extraction }: Found,
  path: string,
  requester: LoadedObject,
  image: ProcessImage,
): Opened {
  const loaded = image.objects.find((object) => object.entry.inode === entry.inode);
  if (loaded !== undefined) return { state: 'loaded', object: loaded };
  if (extraction === undefined) {
    const what = entry.type === 'file' ? 'no ELF file' : `a ${entry.type}`;
    return { state: 'no-library', because: `${path} is ${what}` };
  }
  const { linking, sha256 } = extraction;
  if (!linking.known) {
    return { state: 'unreadable', because: `${path} cannot be read: ${linking.because}` };
  }
  if (!sameArchitecture(linking.value, image.program.tables)) {
    return { state: 'other-machine', because: `${path} is for another machine` };
  }
  const object = { entry, sha256, tables: linking.value, openedAs: path, requester };
  return { state: 'new', object };
}
