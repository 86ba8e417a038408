import type { MessagePort } from 'node:worker_threads';
import type { InFile, PlacedElf } from '../extraction/elf-content.ts';
import type { Named } from '../layers/extraction-queue.ts';
import type { Limits } from '../limits.ts';
import type { Promised } from '../sources/stored-layer.ts';
import type { EntryColumns } from './entry-columns.ts';

/** What a thread is asked for: the walk over one layer. Its result is the rest of a WalkedLayer, serialised. */
export interface LayerTask {
  readonly place: Omit<InFile, 'kind'>;
  readonly promised: Promised;
  readonly limits: Limits;
  /** For FromLayer, and ToLayer in the other direction. */
  readonly port: MessagePort;
}

/** What a thread says while it walks. */
export type FromLayer =
  | {
      readonly kind: 'entries';
      readonly entries: EntryColumns;
      /** Entries said before, or among these, by number, that are the ELF file with this digest. */
      readonly named: readonly (readonly [at: number, sha256: string])[];
    }
  | { readonly kind: 'elf'; readonly id: number; readonly elf: PlacedElf };

/** What it is answered. */
export type ToLayer =
  /** All entries of one message. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'extracted'; readonly id: number; readonly named: Named }
  | { readonly kind: 'lost'; readonly id: number; readonly name: string; readonly message: string };
