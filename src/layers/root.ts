import type { Extraction } from '../extraction/extraction.ts';
import type { CatalogEntry, Contained, FileDigests } from './catalog.ts';

/**
 * A root filesystem after all layers are overlaid, as a container runtime would see it.
 * Immutable; every lookup stays inside it.
 */
export interface Root {
  /** The entry at a normalised path, links not followed. */
  entry(path: string): RootEntry | undefined;
  /** Follows symbolic links in every component, inside the root. undefined: dangling, a loop, or not a directory on the way. */
  resolve(path: string): RootEntry | undefined;
  /** As `resolve`, with the way there: what a process may open depends on it. */
  walk(path: string): PathWalk;
  /** Names directly below a directory, sorted bytewise. */
  list(path: string): readonly string[];
  /** All entries, sorted by path. They are described anew each time. */
  entries(): Iterable<RootEntry>;
  /** Those of ELF files, sorted by path. */
  readonly binaries: readonly RootEntry[];
  /** Symbolic links, sorted by path. */
  readonly links: readonly RootEntry[];
  /** Files that may be executed, or are called like a library, and are not ELF files, sorted by path. */
  readonly otherPrograms: readonly RootEntry[];
  /** A kept text file, links followed. */
  text(path: string): Buffer | undefined;
  /** Paths of the kept texts of all layers, some of which later layers may have replaced or removed. */
  textPaths(): Iterable<string>;
  /** Files that others lie in, once for each of their names, sorted by path. */
  readonly containers: readonly Container[];
  /** Facts by sha256 of the content. */
  readonly extractions: ReadonlyMap<string, Extraction>;
}

export interface PathWalk {
  /** Where it leads; null when it leads nowhere. */
  readonly entry: RootEntry | null;
  /** null where there is an entry. */
  readonly deadEnd: DeadEnd | null;
  /** Directories in which a name was looked up, each once, in the order of the first time. */
  readonly searched: readonly RootEntry[];
}

export interface Container {
  readonly entry: RootEntry;
  readonly inside: readonly Contained[];
  /** As in what lies inside; null where the file is an ELF file, or was not read whole. */
  readonly digests: FileDigests | null;
}

/** Hard links are resolved: each name carries the type, mode, owner and content of the file it names. */
export interface RootEntry extends CatalogEntry {
  readonly type: Exclude<CatalogEntry['type'], 'whiteout' | 'opaque' | 'hardlink'>;
  /** Index of the layer that this entry comes from, 0 the oldest. */
  readonly layer: number;
  /** Names that are hard links of one file share this number. */
  readonly inode: number;
}

/** Why a path leads nowhere. */
export type DeadEnd =
  /** ENOENT, or ENOTDIR. */
  | 'missing'
  /** ELOOP: links that lead to each other, or more of them than Linux follows. */
  | 'loop'
  /** It leads through a directory that runtimes mount something upon. */
  | 'mount';
