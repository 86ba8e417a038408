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
  /**
   * Content of a compressed stream, in times of its stored size; asked from 1 GiB of content on. Deflate reaches 1032,
   * real layers stay below 20.
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
  /** MiB of heap for the facts of one ELF file, beside its bytes. */
  readonly maxFileMemory: number;
  /** Bytes of a text file of the root filesystem that is kept (package database, loader configuration). */
  readonly maxTextSize: number;
  /** Containers inside of each other that are opened; 0: what lies inside of files is left alone. */
  readonly maxNesting: number;
  /** Bytes that are unpacked to look into the containers of one layer, in all of them together. */
  readonly maxNestedSize: number;
  /** Keeps account of that; absent outside of containers. */
  readonly work?: Work;
  /** Told of bytes behind the end of a compressed stream, which are not read; absent where nobody asks. */
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
  'max-file-size': setting('maxFileSize', 'size', 'Largest ELF file that is read'),
  'max-entries': setting('maxEntries', 'number', 'Most entries read of one layer'),
  'max-size': setting('maxLayerSize', 'size', 'Largest uncompressed layer that is read'),
  'max-ratio': setting(
    'maxRatio',
    'number',
    'Most times its size that a stream grows to (from 1G on)',
  ),
  'max-path-length': setting('maxPathLength', 'number', 'Most bytes of a path'),
  'max-path-depth': setting('maxPathDepth', 'number', 'Most components of a path'),
  'max-symlink-hops': setting('maxSymlinkHops', 'number', 'Most links followed for one path'),
  'max-document-size': setting(
    'maxDocumentSize',
    'size',
    'Largest manifest, index or image config',
  ),
  'max-text-size': setting(
    'maxTextSize',
    'size',
    'Largest package database or loader configuration',
  ),
  'max-nesting': {
    limit: 'maxNesting',
    form: 'number',
    least: 0,
    describe: 'Most containers inside of each other that are opened (0: none)',
  },
  'max-nested-size': setting(
    'maxNestedSize',
    'size',
    'Most bytes unpacked to look into the containers of a layer',
  ),
  'max-index-nesting': setting(
    'maxIndexNesting',
    'number',
    'Most image indexes inside one another',
  ),
  'max-symbols': setting('maxSymbols', 'number', 'Most symbols of one ELF file'),
  'max-notes': setting('maxNotes', 'number', 'Most notes of one ELF file'),
  'max-table-size': setting(
    'maxTableSize',
    'size',
    'Most bytes that tables of one ELF file decode to',
  ),
  'max-file-seconds': setting(
    'maxFileSeconds',
    'number',
    'Most seconds for the facts of one ELF file',
  ),
  'max-file-memory': setting(
    'maxFileMemory',
    'number',
    'Most MiB of heap for the facts of one ELF file',
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
