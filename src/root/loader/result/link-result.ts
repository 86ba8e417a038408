import type { MissingSymbol } from '../symbols/missing-symbols.ts';
import type { MissingVersion } from '../symbols/missing-versions.ts';

/** What starting a program on paper came to. */
export interface Link {
  /** Files in load order, the program first; the loader itself is not among them. */
  readonly libraries: readonly LoadedLibrary[];
  readonly missingLibraries: readonly MissingLibrary[];
  readonly missingVersions: readonly MissingVersion[];
  readonly missingSymbols: readonly MissingSymbol[];
  /** Libraries that were to be loaded before the program's needs, and without which it starts anyway. */
  readonly passedOver: readonly PassedOver[];
  /** Files of the process that the loader refuses, or dies of, once all are loaded. */
  readonly refusedFiles: readonly RefusedFile[];
  /** Why the result is not certain; empty when it is. */
  readonly undecided: readonly string[];
}

export interface RefusedFile {
  readonly path: string;
  /** A predicate. */
  readonly because: string;
  /** `crash`: by a signal, without a word. */
  readonly kind: 'passed-over' | 'refused' | 'crash';
}

export interface LoadedLibrary {
  readonly path: string;
  readonly layer: number;
}

export interface MissingLibrary {
  readonly name: string;
  readonly neededBy: string;
  readonly searched: readonly string[];
  /** Why a file of that name does not count; null when there is none. */
  readonly because: string | null;
  /** Where the root has such a library, out of the loader's sight: `LD_LIBRARY_PATH` could lead to it. */
  readonly elsewhere?: string;
}

export interface PassedOver {
  readonly name: string;
  /** Why a file of that name does not count; null when there is none. */
  readonly because: string | null;
}
