import type { MessagePort } from 'node:worker_threads';
import type { Limits } from '../base/limits.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import type { ExtractedFile } from '../layers/building/extraction-queue.ts';
import type { WantedDigests } from '../layers/building/package-signs.ts';
import type { Promised, StoredInFile, StoredInStream } from '../sources/source.ts';
import type { EntryColumns } from './entry-columns.ts';
import type { SentDamage } from './sent-damage.ts';

/** The job of a thread: the walk over one layer. Its result is the rest of a WalkedLayer, serialised. */
export interface LayerTask {
  readonly stored: StoredInFile | Omit<StoredInStream, 'chunks'>;
  readonly promised: Promised;
  readonly limits: Limits;
  /** As in CatalogOptions. */
  readonly digests: WantedDigests;
  /** For WorkerMessage, and HostMessage in the other direction. */
  readonly port: MessagePort;
}

/** What a thread says while it walks. */
export type WorkerMessage =
  | {
      readonly kind: 'entries';
      readonly entries: EntryColumns;
      /** Entries said before, or among these, by number, that are the ELF file with this digest. */
      readonly named: readonly (readonly [at: number, sha256: string])[];
    }
  | { readonly kind: 'elf'; readonly id: number; readonly elf: PlacedElf }
  /** One more piece of a layer that is streamed. */
  | { readonly kind: 'more' };

/** What it is answered. */
export type HostMessage =
  /** All entries of one message. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'extracted'; readonly id: number; readonly named: ExtractedFile }
  | ({ readonly kind: 'lost'; readonly id: number } & SentDamage)
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  /** No more pieces; `damage` is why. */
  | { readonly kind: 'end'; readonly damage: SentDamage | null };
