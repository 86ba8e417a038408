import type { Limits } from '../../base/limits.ts';
import type { PlacedElf } from '../../extraction/elf-content.ts';
import type { Spool } from '../content/file-content.ts';
import type { FileMemory } from '../content/file-memory.ts';
import type { Nesting } from '../inside/nesting.ts';
import type { ExtractedFile } from './extraction-queue.ts';
import type { WantedDigests } from './package-signs.ts';
import type { KeepsText, Seen } from './text-rooms.ts';

export interface CatalogOptions {
  readonly limits: Limits;
  /**
   * The file is released when this settles. Damage in the file is part of its result. Rejects with DamagedInput if
   * nothing can be known about the file, which loses that file only; any other rejection is a bug and ends the catalog.
   */
  readonly extract: (elf: PlacedElf) => Promise<ExtractedFile>;
  /** Shared by all layers that are read in parallel. */
  readonly memory: FileMemory;
  /** Absent: what is too large for the memory goes there anyway. */
  readonly spool?: Spool;
  /**
   * Whether the file at a normalised path is kept as text, by its first bytes too: 512 of them, or all that there are.
   * `sparingly`: as long as there is room for it; `list` and `text`: the same, with rooms of their own.
   */
  readonly keepsText: (path: string, head: Buffer, size: number) => KeepsText;
  /** Absent: what lies inside files is left alone. */
  readonly nesting?: Nesting;
  /** Absent: all of them, of every file. */
  readonly digests?: WantedDigests;
  /** Entries so far, of this layer and of what lies in its files together. */
  readonly seen?: Seen;
}
