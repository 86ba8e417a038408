import type { EntryType } from '../archive/entry.ts';
import type { Problem } from '../base/problem.ts';
import type { Extraction } from '../extraction/extraction.ts';
import type { Target } from '../sources/source.ts';

/** What a walk over one layer finds: its entries in archive order. Plain data that is sent between threads. */
export interface WalkedLayer {
  readonly entries: readonly CatalogEntry[];
  /** Kept text files (os-release, package databases, loader configuration) by normalised path. */
  readonly texts: ReadonlyMap<string, Buffer>;
  /** What lies inside files that are archives, images or file systems, by their normalised path. */
  readonly insides: ReadonlyMap<string, readonly WalkedInside[]>;
  readonly problems: readonly Problem[];
}

/**
 * What one layer contributes: what was found, and the facts of the ELF files among it.
 * Plain data: it can be cached by layer digest.
 */
export interface LayerCatalog extends WalkedLayer {
  /** Facts by content: one record for each distinct ELF file, keyed by its sha256 in lower-case hex. */
  readonly extractions: ReadonlyMap<string, Extraction>;
  readonly insides: ReadonlyMap<string, readonly Contained[]>;
}

/** A target that lies in a file of another, as far as it takes to judge it. */
export interface WalkedInside {
  /** Which of several in one file (an image, a partition); '' for the only one. */
  readonly name: string;
  readonly scheme: string;
  readonly kind: Target['kind'];
  readonly config: Target['config'];
  /** Of the whole file that it lies in, in lower-case hex; absent where that is an ELF file, or was not read whole. */
  readonly digests?: FileDigests;
  /** As in a target. */
  readonly control?: NonNullable<Target['control']>;
  /** One for each layer, oldest first. */
  readonly catalogs: readonly WalkedLayer[];
  readonly problems: readonly Problem[];
}

/** What lists of packages know files by. */
export interface FileDigests {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
}

export interface Contained extends WalkedInside {
  readonly catalogs: readonly LayerCatalog[];
}

export interface CatalogEntry {
  /** Normalised: absolute, no `.`, `..`, double or trailing slash. `/` is the root itself. */
  readonly path: string;
  readonly type: EntryType | 'whiteout' | 'opaque';
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Symlink: as it stands. Hard link: normalised path. Otherwise ''. */
  readonly linkTarget: string;
  readonly capability: Buffer | null;
  /** As in EntryHeader. */
  readonly accessList?: Buffer;
  /** sha256 of an ELF file's content; null for everything else. */
  readonly elf: string | null;
  /** First line of a file that begins with `#!` (without it, at most 256 bytes), else null. */
  readonly shebang: string | null;
}
