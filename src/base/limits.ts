/**
 * Every budget for work that an input can cause. Exceeding one is a problem in the report (exit code 3),
 * never a silent skip and never a `pass`.
 */
export interface Limits {
  /** Bytes of one ELF file; it is read completely. */
  readonly maxFileSize: number;
  /** Entries in one layer. */
  readonly maxEntries: number;
  /** Bytes of one layer after decompression. */
  readonly maxLayerSize: number;
  /**
   * Decompressed size divided by stored size; checked once the output passes 1 GiB. Deflate reaches 1032, real layers
   * stay below 20.
   */
  readonly maxRatio: number;
  /** Bytes of a path after normalising. */
  readonly maxPathLength: number;
  /** Components of a path after normalising. */
  readonly maxPathDepth: number;
  /** Symbolic links followed while resolving one path; Linux itself stops at 40 (fs/namei.c, MAXSYMLINKS). */
  readonly maxSymlinkHops: number;
  /** Bytes of a manifest, index, image config or other JSON document. */
  readonly maxDocumentSize: number;
  /** Image indexes inside indexes. */
  readonly maxIndexNesting: number;
  /** Entries of the symbol tables of one ELF file, all together. */
  readonly maxSymbols: number;
  /** Notes of one ELF file, counted as often as its headers cover them. */
  readonly maxNotes: number;
  /** Bytes that the tables of one ELF file decode to; small files have less, see elf/budget.ts. */
  readonly maxTableSize: number;
  /** Seconds for the facts of one ELF file. */
  readonly maxFileSeconds: number;
  /** MiB of heap for the facts of one ELF file, in addition to its bytes. */
  readonly maxFileMemory: number;
  /** Bytes of a text file of the root filesystem that is kept (package database, loader configuration). */
  readonly maxTextSize: number;
  /** Depth to which containers inside other containers are opened; 0: none is opened. Each one beyond it is a problem. */
  readonly maxNesting: number;
  /** Bytes unpacked from the containers of one layer, all of them together. */
  readonly maxNestedSize: number;
  /** Counts those bytes; absent outside containers. */
  readonly work?: Work;
  /** Called for bytes after the end of a compressed stream, which are not read. */
  readonly behind?: (message: string) => void;
}

export interface Work {
  /** Throws LimitExceeded. */
  spend(bytes: number): void;
}

export const defaultLimits: Limits = {
  maxFileSize: 1024 ** 3,
  maxEntries: 1_000_000,
  maxLayerSize: 32 * 1024 ** 3,
  maxRatio: 200,
  maxPathLength: 4096,
  maxPathDepth: 256,
  maxSymlinkHops: 40,
  maxDocumentSize: 16 * 1024 ** 2,
  maxIndexNesting: 8,
  maxSymbols: 5_000_000,
  maxNotes: 100_000,
  maxTableSize: 1024 ** 3,
  maxFileSeconds: 30,
  maxFileMemory: 256,
  maxTextSize: 64 * 1024 ** 2,
  maxNesting: 4,
  maxNestedSize: 16 * 1024 ** 3,
};

/** A limit as users set it: `--OPTION`, and the same key below `limits` in the configuration file. */
export interface LimitSetting {
  readonly limit: Exclude<keyof Limits, 'work' | 'behind'>;
  /** `size`: bytes, as `512M`. */
  readonly form: 'size' | 'number';
  /** Of a number; a size is at least 1. */
  readonly least?: 0;
  readonly describe: string;
}

export const limitSettings = {
  'max-file-size': setting('maxFileSize', 'size', 'Maximum size of an ELF file'),
  'max-entries': setting('maxEntries', 'number', 'Maximum number of entries per layer'),
  'max-size': setting('maxLayerSize', 'size', 'Maximum uncompressed size of a layer'),
  'max-ratio': setting('maxRatio', 'number', 'Maximum decompression ratio (checked above 1 GiB)'),
  'max-path-length': setting('maxPathLength', 'number', 'Maximum path length in bytes'),
  'max-path-depth': setting('maxPathDepth', 'number', 'Maximum number of path components'),
  'max-symlink-hops': setting(
    'maxSymlinkHops',
    'number',
    'Maximum number of links followed for one path',
  ),
  'max-document-size': setting(
    'maxDocumentSize',
    'size',
    'Maximum size of a manifest, index or image configuration',
  ),
  'max-text-size': setting(
    'maxTextSize',
    'size',
    'Maximum size of a package database or loader configuration',
  ),
  'max-nesting': {
    limit: 'maxNesting',
    form: 'number',
    least: 0,
    describe: 'Maximum nesting depth of containers (0: open none, report each)',
  },
  'max-nested-size': setting(
    'maxNestedSize',
    'size',
    'Maximum number of bytes unpacked from the containers of one layer',
  ),
  'max-index-nesting': setting(
    'maxIndexNesting',
    'number',
    'Maximum nesting depth of image indexes',
  ),
  'max-symbols': setting('maxSymbols', 'number', 'Maximum number of symbols in one ELF file'),
  'max-notes': setting('maxNotes', 'number', 'Maximum number of notes in one ELF file'),
  'max-table-size': setting(
    'maxTableSize',
    'size',
    'Maximum decoded size of the tables in one ELF file',
  ),
  'max-file-seconds': setting(
    'maxFileSeconds',
    'number',
    'Maximum time in seconds to analyse one ELF file',
  ),
  'max-file-memory': setting(
    'maxFileMemory',
    'number',
    'Maximum heap in MiB to analyse one ELF file',
  ),
} as const;

export type LimitOption = keyof typeof limitSettings;

function setting<Form extends LimitSetting['form']>(
  limit: LimitSetting['limit'],
  form: Form,
  describe: string,
): LimitSetting & { readonly form: Form } {
  return { limit, form, describe };
}
