// supporting: what a user's reference names, opened once and looked at by every source
import type { RandomAccess } from '../archive/random-access.ts';
import type { IndexedEntry } from '../archive/tar-index.ts';

/** The local directory or file that a reference names. Whoever opened it closes it (see find-source.ts). */
export type Input = DirectoryInput | FileInput;

interface NamedInput {
  /** As the user gave it, for reports; `-` is standard input. */
  readonly name: string;
  /** Which image in it: what follows the path in `FILE:repo:tag`, `DIR:tag`, `DIR@sha256:…`. null: all that fit the platform. */
  readonly selector: string | null;
}

export interface DirectoryInput extends NamedInput {
  readonly kind: 'directory';
  readonly path: string;
  /** Names directly in it. */
  readonly topNames: ReadonlySet<string>;
}

export interface FileInput extends NamedInput {
  readonly kind: 'file';
  readonly file: RandomAccess;
  /** Of its first bytes, before decompression. */
  readonly format: 'elf' | 'tar' | 'compressed' | 'unknown';
  /** Permission bits of the file itself. */
  readonly mode: number;
  /**
   * What a tar, decompressed or not, holds: the names decide without reading it all.
   * Throws MalformedArchive when not even one entry can be read.
   */
  holds(): Promise<'root-filesystem' | 'docker-archive' | 'oci-layout'>;
  /** The tar as a seekable file. A compressed one is decompressed once, into a temporary file that has no name. */
  archive(): Promise<SeekableArchive>;
}

export interface SeekableArchive {
  readonly file: RandomAccess;
  readonly entries: readonly IndexedEntry[];
}
