import type { LinkTables } from '../../facts/link-tables.ts';
import type { RootEntry } from '../../layers/root.ts';

/** One file in a process that is linked on paper. */
export interface LoadedObject {
  readonly entry: RootEntry;
  readonly sha256: string;
  readonly tables: LinkTables;
  /** Path it was opened by, links not resolved: `$ORIGIN` counts from here. */
  readonly openedAs: string;
  /** Who asked for it first; null for the program itself and for what is loaded before its needs. */
  readonly requester: LoadedObject | null;
}

/** What has been loaded so far. */
export interface ProcessImage {
  readonly program: LoadedObject;
  /** In load order, the program first; the loader itself is not among them. */
  readonly objects: LoadedObject[];
  /** Names under which the loader knows what it has loaded. */
  readonly names: Map<string, LoadedObject>;
  /** AT_SECURE: the program is setuid, setgid or has file capabilities. */
  readonly secure: boolean;
  /** LD_LIBRARY_PATH of the image's environment, as it stands; '' when there is none or the program is privileged. */
  readonly libraryPath: string;
}

/** Where a needed name leads. `knownAs`: the name under which later needs find the object without a search. */
export type Located =
  | { readonly outcome: 'loaded'; readonly object: LoadedObject; readonly knownAs: string | null }
  | { readonly outcome: 'new'; readonly object: LoadedObject; readonly knownAs: string | null }
  /** The loader itself answers for this name. */
  | { readonly outcome: 'loader' }
  | {
      readonly outcome: 'missing';
      readonly searched: readonly string[];
      /** Why a file of that name does not count; null when there is none. */
      readonly because: string | null;
    }
  /** The loader would look at something that an image does not tell, such as the working directory. */
  | { readonly outcome: 'undecided'; readonly because: string };

/** How one libc's dynamic loader finds libraries and when it gives up. */
export interface LoaderModel {
  readonly libc: 'musl' | 'glibc';
  /** Paths of libraries that are loaded before the program's own needs. */
  readonly preloaded: readonly string[];
  locate(name: string, requester: LoadedObject, image: ProcessImage): Located;
  /** Whether an undefined symbol that only function calls use stops the program at its start. */
  bindsCallsAtStart(object: LoadedObject): boolean;
  /** Whether symbol versions count. */
  readonly checksVersions: boolean;
  /** Whether STT_GNU_IFUNC definitions and IRELATIVE relocations are resolved. */
  readonly knowsIndirectFunctions: boolean;
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function sameArchitecture(
  a: Pick<LinkTables, 'bits' | 'machine' | 'byteOrder'>,
  b: Pick<LinkTables, 'bits' | 'machine' | 'byteOrder'>,
): boolean {
  return a.bits === b.bits && a.machine === b.machine && a.byteOrder === b.byteOrder;
}
