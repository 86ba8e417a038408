import type { CatalogEntry } from '../catalog.ts';

export interface EntryList {
  /** Gives the entry's number. */
  add(entry: CatalogEntry): number;
  /** The entry of this number is the ELF file with this digest. */
  name(at: number, sha256: string): void;
  /** Whether `room` must be awaited before the next one is added. */
  readonly isFull: boolean;
  room(): Promise<void>;
  /** Those that are here; no other will come. */
  finish(): Promise<readonly CatalogEntry[]>;
}

/** All of them stay. */
export class KeptEntries implements EntryList {
  readonly #entries: CatalogEntry[] = [];
  readonly isFull = false;

  add(entry: CatalogEntry): number {
    return this.#entries.push(entry) - 1;
  }

  name(at: number, sha256: string): void {
    nameEntry(this.#entries, at, sha256);
  }

  async room(): Promise<void> {}

  async finish(): Promise<readonly CatalogEntry[]> {
    return this.#entries;
  }
}

export function nameEntry(entries: CatalogEntry[], at: number, sha256: string): void {
  const entry = entries[at];
  if (entry) entries[at] = { ...entry, elf: sha256 };
}
