/**
 * Every budget for work that the input can ask for. Exceeding one is a problem in the report (exit code 3),
 * never a silent skip and never a `pass`.
 */
export interface Limits {
  /** Bytes of one file that is read whole. */
  readonly maxFileSize: number;
  /** Entries in one layer. */
  readonly maxEntries: number;
  /** Bytes of one layer after decompression. */
  readonly maxLayerSize: number;
  /** Bytes of a path after normalising. */
  readonly maxPathLength: number;
  /** Symbolic links followed while resolving one path; Linux itself stops at 40 (fs/namei.c, MAXSYMLINKS). */
  readonly maxSymlinkHops: number;
  /** Bytes of a manifest, index, image config or other JSON document. */
  readonly maxDocumentSize: number;
  /** Seconds for the facts of one ELF file. */
  readonly maxFileSeconds: number;
  /** MiB of heap for the facts of one ELF file, beside its bytes. */
  readonly maxFileMemory: number;
  /** Bytes of a text file of the root filesystem that is kept (package database, loader configuration). */
  readonly maxTextSize: number;
}

export const defaultLimits: Limits = {
  maxFileSize: 1024 ** 3,
  maxEntries: 1_000_000,
  maxLayerSize: 32 * 1024 ** 3,
  maxPathLength: 4096,
  maxSymlinkHops: 40,
  maxDocumentSize: 16 * 1024 ** 2,
  maxFileSeconds: 30,
  maxFileMemory: 256,
  maxTextSize: 64 * 1024 ** 2,
};
