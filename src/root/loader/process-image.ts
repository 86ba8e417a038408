import type { LinkTables } from '../../facts/link-tables.ts';
import type { RootEntry } from '../../layers/root.ts';

/** One file in a process that is linked on paper. */
export interface LoadedObject {
  readonly entry: RootEntry;
  readonly sha256: string;
  readonly tables: LinkTables;
  /** Path it was opened by, links not resolved: `$ORIGIN` and the names in messages count from here. */
  readonly openedAs: string;
  /** Who asked for it first; null for the program itself. */
  readonly requester: LoadedObject | null;
}

/** What has been loaded so far, in load order. */
export interface ProcessImage {
  readonly program: LoadedObject;
  readonly objects: LoadedObject[];
  /** What a name that was asked for led to. */
  readonly byName: Map<string, LoadedObject>;
  /** AT_SECURE: the program is setuid, setgid or has file capabilities. */
  readonly secure: boolean;
}

/** Where a needed name leads. */
export type Located =
  | { readonly outcome: 'loaded'; readonly object: LoadedObject }
  | { readonly outcome: 'new'; readonly object: LoadedObject }
  /** The loader itself answers for this name. */
  | { readonly outcome: 'loader' }
  | {
      readonly outcome: 'missing';
      readonly searched: readonly string[];
      readonly because: string | null;
    }
  /** The loader would look at something that an image does not tell, such as the working directory. */
  | { readonly outcome: 'undecided'; readonly because: string };

/** How one libc's dynamic loader finds libraries and when it gives up. */
export interface LoaderModel {
  readonly libc: 'musl' | 'glibc';
  locate(name: string, requester: LoadedObject, image: ProcessImage): Located;
  /** Whether an undefined symbol that only function calls use stops the program at its start. */
  bindsCallsAtStart(object: LoadedObject, image: ProcessImage): boolean;
  /** Whether missing symbol versions stop the program. */
  readonly checksVersions: boolean;
  /** Whether the loader resolves STT_GNU_IFUNC definitions. */
  readonly knowsIndirectFunctions: boolean;
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function sameArchitecture(a: LinkTables, b: LinkTables): boolean {
  return a.bits === b.bits && a.machine === b.machine && a.byteOrder === b.byteOrder;
}
